"""One mailbox, however it is spelt: what providers say of dots, tags and domains of theirs. Pure.

Only what a provider's own pages say is in the table. Everywhere else two spellings are two people. The addresses
are in small letters already; see `course.addresses.email_address`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a provider reads what stands before the @.

    `domains` lead to the same mailboxes, which go by the first of them, unless each is a house of its own
    (`apart`). What follows the first sign of `tags` does not count, nor do the signs of `ignored`. `in_domain`:
    the part before the domain may be a mailbox, and the local part its tag.
    """

    domains: Sequence[str]
    tags: str = "+"
    ignored: str = ""
    apart: bool = False
    in_domain: bool = False


MICROSOFT = (
    *("outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.de", "outlook.fr", "outlook.es", "outlook.it"),
    *("outlook.at", "outlook.be", "outlook.pt", "outlook.dk", "outlook.ie", "outlook.jp", "outlook.com.br"),
    *("hotmail.co.uk", "hotmail.fr", "hotmail.de", "hotmail.it", "hotmail.es", "hotmail.be", "hotmail.nl"),
    *("hotmail.ca", "hotmail.com.br", "live.co.uk", "live.fr", "live.de", "live.it", "live.nl", "live.be"),
    *("live.ca", "live.com.au", "live.com.pt", "live.dk", "live.se", "passport.com", "windowslive.com"),
)
YAHOO = (
    *("yahoo.com", "ymail.com", "rocketmail.com", "myyahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr"),
    *("yahoo.it", "yahoo.es", "yahoo.ca", "yahoo.ie", "yahoo.gr", "yahoo.pl", "yahoo.ro", "yahoo.se", "yahoo.dk"),
    *("yahoo.no", "yahoo.com.br", "yahoo.com.ar", "yahoo.com.mx", "yahoo.com.au", "yahoo.com.tr", "yahoo.co.in"),
    *("yahoo.in", "yahoo.co.id", "yahoo.com.sg", "yahoo.com.hk", "yahoo.com.ph", "yahoo.com.vn", "yahoo.co.za"),
)

SPELLINGS = (
    # https://support.google.com/mail/answer/7436150 (dots), /10313 (googlemail), and
    # https://support.google.com/a/users/answer/9282734 (what follows a plus)
    Spelling(("gmail.com", "googlemail.com"), ignored="."),
    # https://learn.microsoft.com/exchange/recipients-in-exchange-online/plus-addressing-in-exchange-online
    Spelling(MICROSOFT, apart=True),
    # https://support.apple.com/guide/icloud/mm6b1a490a: an address has the same name at all three
    Spelling(("icloud.com", "me.com", "mac.com")),
    # https://proton.me/support/addresses-and-aliases; that dots, hyphens and underscores do not count stands in
    # their programs (`removeEmailAlias` in ProtonMail/WebClients)
    Spelling(("proton.me", "protonmail.com", "pm.me", "protonmail.ch"), ignored="._-"),
    # https://www.fastmail.help/hc/en-us/articles/360060591053: tag@name.domain is name+tag@domain
    Spelling(("fastmail.com", "fastmail.fm", "sent.com", "messagingengine.com"), apart=True, in_domain=True),
    # https://help.yahoo.com/kb/SLN28815.html: a disposable address is `name-tag`
    Spelling(YAHOO, tags="-+", apart=True),
    # https://posteo.de/en/help, https://kb.mailbox.org, https://www.zoho.com/mail/help/adminconsole
    Spelling(("posteo.de", "posteo.net", "mailbox.org", "zoho.com", "zohomail.com", "hey.com"), apart=True),
)

AT: Mapping[str, Spelling] = {domain: spelling for spelling in SPELLINGS for domain in spelling.domains}


def mailbox_of(email: str) -> str:
    """The mailbox behind an address, by what its provider says: two addresses of the same one are one person's."""
    local, _, domain = email.rpartition("@")
    spelling = AT.get(domain)
    if spelling is None:
        return _in_domain(local, domain) or email
    return _plain(local, domain, spelling)


def counted_as(email: str) -> str:
    """The mailbox for which mails to this address are counted. Beside what providers say, a plus begins a tag
    everywhere: most servers take it so (RFC 5233 has it as the usual separator), and whoever shares a count with a
    neighbour loses nothing but a fourth mail in a day."""
    local, _, domain = mailbox_of(email).rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def domain_of(email: str) -> str:
    """The domain that gets the mail: of one provider's several domains the first."""
    return mailbox_of(email).rpartition("@")[2]


def _in_domain(local: str, domain: str) -> str | None:
    name, _, house = domain.partition(".")
    spelling = AT.get(house)
    return _plain(f"{name}+{local}", house, spelling) if spelling and spelling.in_domain else None


def _plain(local: str, domain: str, spelling: Spelling) -> str:
    name = local
    for tag in spelling.tags:
        name = name.partition(tag)[0]
    for sign in spelling.ignored:
        name = name.replace(sign, "")
    # Nothing is left of a name made of such signs alone: then they are what it is.
    return f"{name or local}@{domain if spelling.apart else spelling.domains[0]}"
