"""Whom a refusal is about, as far as a server's words tell: its code alone does not.

RFC 5321 defines 550 as "mailbox unavailable ... or command rejected for policy reasons". Relays say it of our
quota, of relaying, of blacklists and of missing reverse DNS: none of them is the learner's fault. The replies of
real servers that this was made from stand in `tests/mailer/smtp_replies.txt`.
"""

import re
from typing import Literal

from mailer.providers.discreet import without_addresses
from mailer.providers.limits import LIMITS

Blame = Literal["recipient", "us", "unclear"]
"""recipient: nobody can be mailed there, and nothing speaks against us."""

BAD_ADDRESS = re.compile(r"(?<![\d.])5\.(1\.(10|[0-6])|2\.1)(?!\.?\d)")
"""Codes about the recipient, wherever they stand in the text (RFC 3463, 3.2 and 3.3; RFC 7505). X.1.7 and X.1.8
are about the sender, and X.2.2 is a full mailbox."""

LINK = re.compile(r"\b(https?:|www\.)\S+", re.I)

USER = r"(user|recipient|rcpt|mailbox|address|addressee|local[- ]part|person|e-?mail|inbox)"

NO_SUCH_USER = re.compile(
    rf"\b(no such|unknown|non-?existe?nt) (\w+ )?{USER}"
    rf"|\binvalid (recipient|rcpt|mailbox|addressee|e-?mail)"
    rf"|\b{USER}\W+(\S+ )?(is |was )?(unknown|invalid|not (known|found|exist))"
    rf"|\b({USER}|account)\b.{{0,60}}? (does ?n[o']?t exist|could not be found|was not found)"
    rf"|\bnot a (known|valid) ({USER}|account)"
    rf"|\bno (mailbox|account|user|recipient) (here|found|by that name|with that name|of that name)"
    r"|\bno (one|person) at this address|\bnot our customer|\brecip(ient)?notfound"
    r"|\bnot listed in \S+ ?\S* directory"
    r"|\b(user|recipient) [^.;]{0,40}doesn'?t have an? \S+ account"
    r"|\bempf(ä|ae)nger (ist )?unbekannt|\bunbekannter (empf|benutzer)"
    r"|\bdestinataire (inconnu|invalide)|\butilisateur inconnu"
    r"|\busuario (desconocido|no existe)|\bno existe (dicha persona|ese usuario)"
    r"|\b(usu[aá]rio|destinat[aá]rio) (desconhecido|inexistente|n[aã]o existe)"
    r"|нет такого пользователя|пользовател[ья] не (найден|существует)|(收件人|用户)不存在",
    re.I,
)

ABOUT_US = re.compile(
    LIMITS +
    # Relaying.
    r"|relay|rcpthosts|not local"
    # Lists and reputation.
    r"|black ?-?list|block ?-?list|deny ?-?list|\bblocked\b|\b(rbl|dnsbl)\b|spam"
    r"|reputation|(?<!not )\blisted\b|\bbann?ed\b|\babus"
    r"|unsolicited|\bbulk\b|backscatter|complaint"
    # Names and addresses of machines.
    r"|reverse|\bptr\b|\br?dns\b|host ?name|\behlo\b|\bhelo\b|\bclient\b"
    # Who we are.
    r"|authenti|\bauth\b|credential|password|log ?-?in|\bspf\b|\bdkim\b|\bdmarc\b|\btls\b|encrypt|certificate"
    r"|sender|mail from|return[- ]path|from address|from header|call-?(out|back)|verification failed"
    r"|\byour (ip|host|server|domain|address|network|account|system)\b"
    # Rules.
    r"|polic(y|ies)|administrativ|prohibit|not (allowed|permitted|authori[sz]ed)|unauthori[sz]ed|denied"
    r"|forbidden|securit|suspicious|virus|suspended",
    re.I,
)


MOST_READ = 2000


def blame(told: str) -> Blame:
    """Whom a refusal (5yz) to a recipient is about, told with all its lines, without the code in front.

    Addresses and links are passed over: their names are nobody's words.
    """
    words = " ".join(LINK.sub(" ", without_addresses(told[:MOST_READ])).split())
    if ABOUT_US.search(words):
        return "us"
    if BAD_ADDRESS.search(words) or NO_SUCH_USER.search(words):
        return "recipient"
    return "unclear"
