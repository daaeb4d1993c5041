"""What SendGrid would send to each learner of one accepted request."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

FOLDED_AT_ONCE = re.compile(rb"^([!-9;-~]+):\r\n ", re.M)


@dataclass(frozen=True)
class SendgridMail:
    to: str
    to_name: str
    sender: Address
    reply_to: Address | None
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    custom_args: dict[str, str]
    message_id: str
    taken_at: float = field(default_factory=time.time)

    @property
    def attempt(self) -> str:
        """The attempt's id: all that we tell SendGrid beside the mail."""
        (attempt,) = self.custom_args.values()
        return attempt

    @property
    def raw(self) -> bytes:
        """The mail in full, so that the checks written for SMTP can read it."""
        mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
        mail["From"] = self.sender
        mail["To"] = Address(self.to_name, addr_spec=self.to)
        mail["Subject"] = self.subject
        if self.reply_to is not None:
            mail["Reply-To"] = self.reply_to
        mail.set_content(self.text)
        if self.html:
            mail.add_alternative(self.html, subtype="html")
        # Last, for content that is set takes all fields away that begin with `Content-`.
        for name, value in self.headers.items():
            mail[name] = value
        head, blank, body = mail.as_bytes().partition(b"\r\n\r\n")
        # Python begins a long word on a line of its own, which leaves the name of its field with nothing.
        return FOLDED_AT_ONCE.sub(rb"\1: ", head) + blank + body


def expand(request: dict[str, Any], message_id: str) -> Iterator[SendgridMail]:
    content = {part["type"]: part["value"] for part in request["content"]}
    reply_to = request.get("reply_to")
    for person in request["personalizations"]:
        values = person.get("substitutions") or {}
        headers = (request.get("headers") or {}) | (person.get("headers") or {})
        for address in person["to"]:
            yield SendgridMail(
                to=address["email"],
                to_name=address.get("name", ""),
                sender=_address(request["from"]),
                reply_to=None if reply_to is None else _address(reply_to),
                subject=_filled(person.get("subject") or request["subject"], values),
                text=_filled(content.get("text/plain", ""), values),
                html=_filled(content.get("text/html", ""), values),
                headers={name: _filled(value, values) for name, value in headers.items()},
                custom_args=(request.get("custom_args") or {}) | (person.get("custom_args") or {}),
                message_id=message_id,
            )


def _filled(text: str, values: dict[str, str]) -> str:
    # A value is searched for tags in its turn, as with SendGrid: a learner called "-link-" must not get one.
    for _ in values:
        before = text
        for tag, value in values.items():
            text = text.replace(tag, value)
        if text == before:
            break
    return text


def _address(address: dict[str, str]) -> Address:
    return Address(address.get("name", ""), addr_spec=address["email"])
