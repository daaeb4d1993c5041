"""The talk before the first letter: greeting, EHLO, STARTTLS, AUTH. No I/O."""

from collections import deque
from collections.abc import Callable, Generator, Sequence

from mailer.providers.smtp.address import SmtpServer
from mailer.providers.smtp.reply import Reply
from mailer.providers.smtp.sasl import mechanisms, talk

# Stands for the moment at which both sides change to TLS; every other command is bytes to be written.
START_TLS = b"(tls begins)"
NO_EHLO = frozenset({500, 501, 502, 504})
# RFC 5321, 4.1.4 has 501 and 550 for a name that is not liked; Postfix says 504.
BAD_NAME = frozenset({501, 504, 550})
CLOSING = 421

Offers = dict[str, str]
Opening = Generator[bytes, Reply, Offers]


class Unwilling(Exception):
    """The server does not let us hand over mail. `account`: it refuses us, and trying again will not help."""

    def __init__(self, why: str, account: bool = False) -> None:
        super().__init__(why)
        self.account = account


class Gone(Exception):
    """Thrown into an opening whose connection has ended. Where that tells more, Unwilling comes out, else this."""


def opening(address: SmtpServer, our_names: Callable[[], Sequence[str]]) -> Opening:
    """Yields what to write, b"" where there is only a reply to wait for, or START_TLS; is sent each reply; returns
    the server's extensions. Raises Unwilling, and never goes on without the TLS that was asked for.

    `our_names` are those by which we may greet, the next one for a server that does not like one.
    """
    _good("greeting", (yield b""))
    names = deque(our_names())
    offers = yield from _hello(names)
    if address.tls == "starttls":
        if "STARTTLS" not in offers:
            raise Unwilling("the server does not offer STARTTLS")
        _good("STARTTLS", (yield b"STARTTLS\r\n"))
        yield START_TLS
        # What was said in the clear does not count (RFC 3207, 4.2).
        offers = yield from _hello(names)
    if address.user:
        yield from _authenticate(address, offers.get("AUTH", "").upper().split())
    return offers


def _hello(names: deque[str]) -> Opening:
    reply = yield f"EHLO {names[0]}\r\n".encode()
    while reply.code in BAD_NAME and len(names) > 1:
        names.popleft()
        reply = yield f"EHLO {names[0]}\r\n".encode()
    if reply.code in NO_EHLO:
        _good("HELO", (yield f"HELO {names[0]}\r\n".encode()))
        return {}
    _good("EHLO", reply)
    return _offers(reply.lines[1:])


def _offers(lines: Sequence[str]) -> Offers:
    """By name. Of AUTH there may be two lines, one of them in the old form `AUTH=LOGIN`: both count."""
    offers: Offers = {}
    for line in lines:
        name, _, rest = line.replace("=", " ", 1 if line[:5].upper() == "AUTH=" else 0).partition(" ")
        offers[name.upper()] = f"{offers.get(name.upper(), '')} {rest}".strip()
    return offers


def _authenticate(address: SmtpServer, offered: Sequence[str]) -> Generator[bytes, Reply, None]:
    """By each mechanism that we both know, until one does. Only when all have been refused is it the account."""
    ours = {name: one for name, one in mechanisms(address.user, address.password).items() if name in offered}
    if not ours:
        said = " ".join(offered) or "no AUTH at all"
        raise Unwilling(f"the server offers neither AUTH PLAIN, LOGIN nor CRAM-MD5, but {said}", account=True)
    refused: list[str] = []
    for name, mechanism in ours.items():
        try:
            reply = yield from talk(name, mechanism)
        except Gone as gone:
            if not refused:
                raise
            # Some close once they have refused; that was their answer.
            raise Unwilling("; ".join(refused), account=True) from gone
        if reply.good:
            return
        told_before = bool(refused)
        refused.append(f"AUTH {name}: {reply}")
        if reply.code < 500:
            # 4xx is a server that cannot tell at the moment (RFC 4954, 6: 454).
            raise Unwilling("; ".join(refused), account=told_before and reply.code == CLOSING)
    raise Unwilling("; ".join(refused), account=True)


def _good(asked: str, reply: Reply) -> None:
    if not reply.good:
        raise Unwilling(f"{asked}: {reply}")
