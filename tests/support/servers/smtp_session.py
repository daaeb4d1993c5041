"""One conversation of the SMTP sink, and what it may be told to do wrong."""

import asyncio
import base64
import hmac
import ssl
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from tests.support.gate.raw_mail import GATE

# In the order of a conversation. "body": before the final dot. "dot": after it, and the mail is not taken.
# "reply": the mail is taken, and the client never hears of it.
Step = Literal["greeting", "ehlo", "mail", "rcpt", "data", "body", "dot", "reply"]


class Late(float):
    """Nothing goes wrong, but so many seconds late."""


# "drop", "hang", a code, or a whole reply such as "550 relay not permitted"; "none": all goes well once.
Fault = int | Late | str


@dataclass(frozen=True)
class ReceivedMail:
    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    received_at: float
    connection: int


@dataclass
class Behaviour:
    """What tests change while the sink runs. `refused`: recipients, each with the reply to it. Seconds:
    `greeting_delay`, `reply_delay` after a final dot, and `every_reply_delay` before whatever is said.

    `mechanisms` are offered where there are `users`; to one of `no_use` it says the code given, whoever asks.
    `asks_twice`: what came with AUTH is asked for once more. `closes_on_refusal`: after a 5yz to AUTH.
    `strict_names`: 501 to a greeting by anything but an address literal.
    """

    pipelining: bool = True
    eight_bit: bool = True
    mechanisms: tuple[str, ...] = ("PLAIN",)
    no_use: dict[str, int] = field(default_factory=dict)
    asks_twice: bool = False
    closes_on_refusal: bool = False
    strict_names: bool = False
    greeting_delay: float = 0.0
    reply_delay: float = 0.0
    every_reply_delay: float = 0.0
    refused: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    faults: dict[Step, deque[Fault]] = field(default_factory=dict)
    mails: list[ReceivedMail] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)


class Hangup(Exception):
    """The conversation is over."""


class SmtpSession:
    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        behaviour: Behaviour,
        number: int,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._reader, self._writer, self._behaviour = reader, writer, behaviour
        self._number, self._tls = number, tls
        self._sender: str | None = None
        self._recipients: list[str] = []

    async def run(self) -> None:
        await asyncio.sleep(self._behaviour.greeting_delay)
        if await self._well("greeting"):
            await self._reply("220 sink ESMTP")
        while line := (await self._reader.readline()).decode().rstrip("\r\n"):
            self._behaviour.commands.append(line)
            verb, _, rest = line.partition(" ")
            await self._obey(verb.upper(), rest)

    async def _obey(self, verb: str, rest: str) -> None:
        if verb in ("EHLO", "HELO"):
            if self._behaviour.strict_names and not rest.startswith("["):
                await self._reply("501 5.5.4 invalid domain name")
            elif await self._well("ehlo"):
                await self._reply(*self._extensions())
        elif verb == "STARTTLS" and self._tls is not None:
            await self._start_tls(self._tls)
        elif verb == "AUTH":
            await self._authenticate(rest)
        elif verb == "MAIL":
            if await self._well("mail"):
                self._sender, self._recipients = _address(rest), []
                await self._reply("250 sender ok")
        elif verb == "RCPT":
            await self._add_recipient(_address(rest))
        elif verb == "DATA":
            await self._take_mail()
        elif verb == "RSET":
            self._sender, self._recipients = None, []
            await self._reply("250 ok")
        elif verb == "NOOP":
            await self._reply("250 ok")
        elif verb == "QUIT":
            await self._reply("221 bye")
            raise Hangup
        else:
            await self._reply("502 not known here")

    def _extensions(self) -> list[str]:
        names = ["sink", "SMTPUTF8", "SIZE 30000000"]
        names += ["8BITMIME"] * self._behaviour.eight_bit
        names += ["PIPELINING"] * self._behaviour.pipelining
        names += ["STARTTLS"] * (self._tls is not None)
        names += [f"AUTH {' '.join(self._behaviour.mechanisms)}"] * bool(self._behaviour.users)
        return [f"250{'-' if name != names[-1] else ' '}{name}" for name in names]

    async def _start_tls(self, tls: ssl.SSLContext) -> None:
        await self._reply("220 go ahead")
        await self._writer.start_tls(tls)
        self._tls = None

    async def _authenticate(self, rest: str) -> None:
        mechanism, _, initial = rest.partition(" ")
        code = self._behaviour.no_use.get(mechanism)
        if code is None:
            code = 235 if await self._proves_who(mechanism, initial) else 535
        await self._reply(f"{code} {'welcome' if code == 235 else '5.7.8 not with this'}")
        if code >= 500 and self._behaviour.closes_on_refusal:
            raise Hangup

    async def _proves_who(self, mechanism: str, initial: str) -> bool:
        users = self._behaviour.users
        if mechanism == "PLAIN":
            if self._behaviour.asks_twice or not initial:
                initial = await self._challenge("")
            _, user, password = base64.b64decode(initial).decode().split("\0")
            return users.get(user) == password
        if mechanism == "LOGIN":
            user, password = [
                base64.b64decode(await self._challenge(asked)).decode() for asked in ("User", "Pass")
            ]
            return users.get(user) == password
        challenge = f"<{self._number}@sink>"
        user, _, digest = base64.b64decode(await self._challenge(challenge)).decode().partition(" ")
        return digest == hmac.new(users.get(user, "").encode(), challenge.encode(), "md5").hexdigest()

    async def _challenge(self, words: str) -> str:
        await self._reply(f"334 {base64.b64encode(words.encode()).decode()}")
        return (await self._reader.readline()).decode().rstrip("\r\n")

    async def _add_recipient(self, address: str) -> None:
        if not await self._well("rcpt"):
            return
        if self._sender is None:
            await self._reply("503 MAIL first")
        elif reply := self._behaviour.refused.get(address):
            await self._reply(reply)
        else:
            self._recipients.append(address)
            await self._reply("250 recipient ok")

    async def _take_mail(self) -> None:
        if not await self._well("data"):
            return
        if self._sender is None or not self._recipients:
            await self._reply("554 5.5.1 no valid recipients")
            return
        await self._reply("354 go on")
        await self._well("body")
        raw = await self._body()
        sender, recipients = self._sender, tuple(self._recipients)
        self._sender, self._recipients = None, []
        if not await self._well("dot"):
            return
        mail = ReceivedMail(sender, recipients, raw, time.time(), self._number)
        GATE.catch(raw)
        self._behaviour.mails.append(mail)
        if self._behaviour.reply_delay:
            await asyncio.sleep(self._behaviour.reply_delay)
        if await self._well("reply"):
            await self._reply("250 taken")

    async def _body(self) -> bytes:
        lines: list[bytes] = []
        while (line := await self._reader.readline()) != b".\r\n":
            if not line.endswith(b"\n"):
                raise Hangup
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    async def _well(self, step: Step) -> bool:
        """Whether all goes well here; if not, the planned fault has happened."""
        planned = self._behaviour.faults.get(step)
        if not planned:
            return True
        fault = planned.popleft()
        if isinstance(fault, Late):
            await asyncio.sleep(fault)
            return True
        if fault == "none":
            return True
        if fault == "hang":
            await asyncio.Event().wait()
        if fault == "drop":
            raise Hangup
        await self._reply(fault if isinstance(fault, str) else f"{fault} planned by the test")
        if fault == 421:
            raise Hangup
        return False

    async def _reply(self, *lines: str) -> None:
        await asyncio.sleep(self._behaviour.every_reply_delay)
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self._writer.drain()


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]
