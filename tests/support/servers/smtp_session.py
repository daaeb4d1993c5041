"""One conversation of the SMTP sink, and what it may be told to do wrong."""

import asyncio
import base64
import ssl
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

# In the order of a conversation. "body": before the final dot. "dot": after it, and the mail is not taken.
# "reply": the mail is taken, and the client never hears of it.
Step = Literal["greeting", "ehlo", "mail", "rcpt", "data", "body", "dot", "reply"]
Fault = int | Literal["drop", "hang"]


@dataclass(frozen=True)
class ReceivedMail:
    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    received_at: float
    connection: int


@dataclass
class Behaviour:
    """What tests change while the sink runs. Seconds: `greeting_delay`, `reply_delay` after a final dot, and
    `every_reply_delay` before whatever is said."""

    pipelining: bool = True
    greeting_delay: float = 0.0
    reply_delay: float = 0.0
    every_reply_delay: float = 0.0
    refused: dict[str, int] = field(default_factory=dict)
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
            if await self._well("ehlo"):
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
        names = ["sink", "8BITMIME", "SMTPUTF8", "SIZE 30000000"]
        names += ["PIPELINING"] * self._behaviour.pipelining
        names += ["STARTTLS"] * (self._tls is not None)
        names += ["AUTH PLAIN"] * bool(self._behaviour.users)
        return [f"250{'-' if name != names[-1] else ' '}{name}" for name in names]

    async def _start_tls(self, tls: ssl.SSLContext) -> None:
        await self._reply("220 go ahead")
        await self._writer.start_tls(tls)
        self._tls = None

    async def _authenticate(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
        known = self._behaviour.users.get(user) == password
        await self._reply("235 welcome" if known else "535 5.7.8 wrong user or password")

    async def _add_recipient(self, address: str) -> None:
        if not await self._well("rcpt"):
            return
        if self._sender is None:
            await self._reply("503 MAIL first")
        elif code := self._behaviour.refused.get(address):
            await self._reply(f"{code} {address} refused")
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
        if fault == "hang":
            await asyncio.Event().wait()
        if not isinstance(fault, int):
            raise Hangup
        await self._reply(f"{fault} planned by the test")
        if fault == 421:
            raise Hangup
        return False

    async def _reply(self, *lines: str) -> None:
        await asyncio.sleep(self._behaviour.every_reply_delay)
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self._writer.drain()


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]
