"""What is said to a server that asks who we are, mechanism by mechanism (RFC 4954). No I/O."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Generator
from typing import NamedTuple

from mailer.providers.smtp.reply import Reply

Talk = Generator[bytes, Reply, Reply]
GO_ON = 334
CANCEL = b"*\r\n"


class Mechanism(NamedTuple):
    """`responses` to the challenges, in order; each is given the challenge. `at_once`: the first one goes with
    AUTH itself, before it is asked for."""

    responses: tuple[Callable[[bytes], bytes], ...]
    at_once: bool = False


def mechanisms(user: str, password: str) -> dict[str, Mechanism]:
    """All that we know by their names in AUTH, the ones that most servers understand first: RFC 4616, LOGIN as
    everybody does it, RFC 2195."""
    name, secret = user.encode(), password.encode()

    def signed(challenge: bytes) -> bytes:
        return name + b" " + hmac.new(secret, challenge, "md5").hexdigest().encode()

    return {
        "PLAIN": Mechanism((lambda _: b"\0" + name + b"\0" + secret,), at_once=True),
        "LOGIN": Mechanism((lambda _: name, lambda _: secret)),
        "CRAM-MD5": Mechanism((signed,)),
    }


def talk(name: str, mechanism: Mechanism) -> Talk:
    """Yields what to write, is sent each reply, and returns the last one. A server that asks for what it was told
    with AUTH is told again; one that asks for more than there is hears that we give up."""
    command = f"AUTH {name}".encode()
    if mechanism.at_once:
        command += b" " + b64encode(mechanism.responses[0](b""))
    reply = yield command + b"\r\n"
    for respond in mechanism.responses:
        if reply.code == GO_ON:
            reply = yield b64encode(respond(_challenge(reply))) + b"\r\n"
    if reply.code == GO_ON:
        reply = yield CANCEL
    return reply


def _challenge(reply: Reply) -> bytes:
    try:
        return b64decode(reply.lines[0])
    except ValueError:
        # Words for people, as some write: only CRAM-MD5 depends on them, and will be refused.
        return reply.lines[0].encode()
