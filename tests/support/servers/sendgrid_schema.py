"""The rules of SendGrid's v3 mail schema that a request of ours could break."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_HELP = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html"
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z0-9-]{2,}")
_RESERVED = {
    *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-transfer-encoding", "content-type"),
    *("to", "from", "subject", "reply-to", "cc", "bcc"),
}
_TRACKING = ("click_tracking", "open_tracking", "subscription_tracking", "ganalytics")


@dataclass(frozen=True)
class Problem:
    message: str
    field: str | None

    def as_json(self) -> dict[str, str | None]:
        return {"message": self.message, "field": self.field, "help": _HELP}


def problems(request: dict[str, Any]) -> list[Problem]:
    """Everything SendGrid would refuse, and tracking left on, which we never want."""
    return [
        *_sender(request),
        *_personalizations(request),
        *_content(request),
        *_headers(request.get("headers"), "headers"),
        *_custom_args(request.get("custom_args"), "custom_args"),
        *_tracking(request.get("tracking_settings") or {}),
        *_footer(request.get("mail_settings") or {}),
    ]


def _sender(request: dict[str, Any]) -> Iterator[Problem]:
    if not isinstance(request.get("from"), dict):
        message = "The from object must be provided for every email send. It requires the email parameter."
        yield Problem(message, "from.email")
    else:
        yield from _address(request["from"], "from")
    if "reply_to" in request:
        yield from _address(request["reply_to"], "reply_to")


def _personalizations(request: dict[str, Any]) -> Iterator[Problem]:
    people = request.get("personalizations")
    if not isinstance(people, list) or not people:
        message = "The personalizations field is required and must have at least one personalization."
        yield Problem(message, "personalizations")
        return
    if len(people) > 1000:
        message = "The personalizations field exceeds the limit of 1000 personalizations."
        yield Problem(message, "personalizations")
    # SendGrid promises to look within one block only; between blocks a repeat would be a lesson sent twice.
    seen: set[str] = set()
    for number, person in enumerate(people):
        yield from _personalization(person, f"personalizations.{number}", seen)
        if not (request.get("subject") or person.get("subject")):
            yield Problem("The subject is required.", "subject")


def _personalization(person: dict[str, Any], field: str, seen: set[str]) -> Iterator[Problem]:
    if not person.get("to"):
        message = "The to array is required for all personalization objects, and must have at least one email."
        yield Problem(message, f"{field}.to")
    for kind in ("to", "cc", "bcc"):
        for number, address in enumerate(person.get(kind, [])):
            yield from _address(address, f"{field}.{kind}.{number}")
            email = str(address.get("email")).lower()
            if email in seen:
                message = (
                    "Each email address in the personalization block should be unique between "
                    "to, cc, and bcc. "
                    f"We found the first duplicate instance of [{email}] in the {field}.{kind} field."
                )
                yield Problem(message, field)
            seen.add(email)
    yield from _headers(person.get("headers"), f"{field}.headers")
    yield from _custom_args(person.get("custom_args"), f"{field}.custom_args")
    yield from _substitutions(person.get("substitutions") or {}, f"{field}.substitutions")


def _address(address: Any, field: str) -> Iterator[Problem]:
    email = address.get("email") if isinstance(address, dict) else None
    if not isinstance(email, str) or not email.isascii() or not _ADDRESS.fullmatch(email):
        yield Problem("Does not contain a valid address.", f"{field}.email")


def _content(request: dict[str, Any]) -> Iterator[Problem]:
    parts = request.get("content") or []
    kinds = [part.get("type") for part in parts]
    if not parts:
        yield Problem("The content parameter is required and must have at least one value.", "content")
    if kinds != sorted(kinds, key=lambda kind: {"text/plain": 0, "text/html": 1}.get(kind, 2)):
        message = "If present, text/plain and text/html may only be provided once, and text/plain must come first."
        yield Problem(message, "content")
    if len(set(kinds)) != len(kinds):
        yield Problem("Each content type may be provided only once.", "content")
    for number, part in enumerate(parts):
        if not isinstance(part.get("value"), str) or not part["value"]:
            yield Problem(
                "The content value must be a string at least one character in length.", f"content.{number}"
            )


def _headers(headers: dict[str, Any] | None, field: str) -> Iterator[Problem]:
    for name, value in (headers or {}).items():
        if name.lower() in _RESERVED:
            yield Problem(f"The header {name} is reserved and cannot be set.", f"{field}.{name}")
        if not isinstance(value, str):
            yield Problem("Invalid type. Expected: string.", f"{field}.{name}")
        elif not f"{name}{value}".isascii() or re.search(r"[\r\n]", f"{name}{value}"):
            yield Problem("A header must be ASCII, and on one line.", f"{field}.{name}")


def _custom_args(values: dict[str, Any] | None, field: str) -> Iterator[Problem]:
    for name, value in (values or {}).items():
        if not isinstance(value, str):
            yield Problem("Invalid type. Expected: string.", f"{field}.{name}")
    if sum(len(f"{name}{value}".encode()) for name, value in (values or {}).items()) > 10_000:
        yield Problem("The custom_args exceed the limit of 10000 bytes.", field)


def _substitutions(values: dict[str, Any], field: str) -> Iterator[Problem]:
    for name, value in values.items():
        if not isinstance(value, str):
            yield Problem("Invalid type. Expected: string.", f"{field}.{name}")
    if sum(len(f"{name}{value}".encode()) for name, value in values.items()) > 10_000:
        yield Problem("The substitutions exceed the limit of 10000 bytes per personalization.", field)


def _tracking(settings: dict[str, Any]) -> Iterator[Problem]:
    for name in _TRACKING:
        if settings.get(name, {}).get("enable") is not False:
            yield Problem(
                "Our own tracking and SendGrid's must not meet: switch it off.", f"tracking_settings.{name}"
            )


def _footer(settings: dict[str, Any]) -> Iterator[Problem]:
    if settings.get("footer", {}).get("enable") is not False:
        yield Problem(
            "An account's own footer must not stand in our mails: switch it off.", "mail_settings.footer"
        )
