"""A likely slip in the domain of an address: to be suggested, never mended by itself. Pure."""

from itertools import takewhile

PROVIDERS = (
    *("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "live.com", "aol.com", "msn.com"),
    *("googlemail.com", "me.com", "mac.com", "ymail.com", "rocketmail.com", "mail.com", "email.com", "hey.com"),
    *("gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "web.de", "t-online.de", "freenet.de", "posteo.de"),
    *("proton.me", "protonmail.com", "pm.me", "fastmail.com", "mailbox.org", "zoho.com", "yandex.ru"),
    *("yahoo.co.uk", "yahoo.co.in", "yahoo.co.jp", "yahoo.com.br", "yahoo.de", "yahoo.fr", "hotmail.co.uk"),
    *("hotmail.fr", "hotmail.de", "hotmail.it", "hotmail.es", "live.co.uk", "live.fr", "outlook.de", "outlook.fr"),
    *("orange.fr", "wanadoo.fr", "laposte.net", "libero.it", "btinternet.com", "bluewin.ch", "telenet.be"),
    *("comcast.net", "verizon.net", "att.net", "sbcglobal.net", "naver.com", "rediffmail.com", "uol.com.br"),
    *("mail.ru", "qq.com", "163.com", "126.com", "seznam.cz", "free.fr", "wp.pl", "o2.pl", "yandex.com"),
)
"""The most used first. What stands here is never suspected; what is one slip away from it is."""

SHORTEST = 8
"""Shorter domains have too many real neighbours."""

NO_SUCH_ENDINGS = {
    **dict.fromkeys(("con", "cmo", "ocm", "vom", "xom", "cpm", "comm", "coom", "ccom"), "com"),
    **dict.fromkeys(("nte", "ent", "nett", "bet"), "net"),
    **dict.fromkeys(("ogr", "orgg", "rog"), "org"),
}


def suggested(email: str) -> str | None:
    """The address that was probably meant; None where nothing looks like a slip."""
    local, _, domain = email.rpartition("@")
    meant = _meant(domain)
    return f"{local}@{meant}" if meant != domain else None


def _meant(domain: str) -> str:
    name, _, ending = domain.rpartition(".")
    mended = f"{name}.{NO_SUCH_ENDINGS.get(ending, ending)}"
    if mended in PROVIDERS:
        return mended
    return next((known for known in PROVIDERS if _probably(mended, known)), mended)


def _probably(typed: str, known: str) -> bool:
    return len(known) >= SHORTEST and not _two_countries(typed, known) and one_slip(typed, known)


def _two_countries(typed: str, known: str) -> bool:
    """`yahoo.dk` and `yahoo.de` are one letter apart and both real."""
    (name, _, ending), (other, _, country) = typed.rpartition("."), known.rpartition(".")
    return name == other and len(ending) == len(country) == 2


def one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is missing, too many or another, or two neighbours changed places."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(typed, meant, strict=False)))
    rest, right = typed[same:], meant[same:]
    if rest == right:
        return False
    exchanged = rest[:2] == right[:2][::-1] and rest[2:] == right[2:]
    return exchanged or rest[1:] in (right, right[1:]) or rest == right[1:]
