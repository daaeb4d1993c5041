"""The raw-message gate: what is wrong with a mail, by its bytes alone. Every mail of ours that a test catches goes
through it."""

import re
from base64 import b64decode
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit

OURS = b"\r\nX-Dayletter-Delivery: "
MADE_BY_TESTS = re.compile(rb"Message-ID: <\w+\.abc@example\.org>")
"""Letters of `tests/support/world/letters.py`, whose template is hostile on purpose, by their Message-ID."""

ONE_EACH = (
    *("From", "To", "Date", "Subject", "Message-ID", "MIME-Version", "Content-Type", "X-Dayletter-Delivery"),
    *("Auto-Submitted", "Content-Language", "Feedback-ID"),
)
OF_LISTS = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
FIELD = re.compile(rb"[!-9;-~]+: ?\S")
ENCODED_WORD = re.compile(r"=\?([\w-]+)\?[Bb]\?([^? ]+)\?=")
LIST_ID = re.compile(r'"[^"\r\n]*(?:\\.[^"\r\n]*)*" <([a-z0-9-]+(?:\.[a-z0-9-]+)+)>')
LINK = re.compile(r"""<a\s[^>]*?href=["'](https?://[^"'#]+)""", re.IGNORECASE)


def faults_in(raw: bytes) -> list[str]:
    """What RFC 5322, 2045, 2047, 2369, 2919, 3834 and 8058 would not have so; empty for a good mail."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return [*_of_bytes(raw), *_of_head(head), *_of_fields(message), *_of_list(message), *_of_parts(message)]


def _of_bytes(raw: bytes) -> list[str]:
    lines = raw.split(b"\r\n")
    found = {
        "a bare CR or LF": any(b"\n" in line or b"\r" in line for line in lines),
        "a line of more than 998 bytes": max(map(len, lines)) > 998,
        "a byte above 127": not raw.isascii(),
        "a zero byte": b"\0" in raw,
        "no end of line at its end": not raw.endswith(b"\r\n"),
    }
    return [name for name, wrong in found.items() if wrong]


def _of_head(head: bytes) -> list[str]:
    fields = re.split(rb"\r\n(?![ \t])", head)
    found = [f"no field, or an empty one: {field[:40]!r}" for field in fields if not FIELD.match(field)]
    found += [
        f"a folded line of blanks: {field[:40]!r}" for field in fields if re.search(rb"\r\n[ \t]+(\r\n|$)", field)
    ]
    for field in fields:
        for word in re.findall(rb"=\?[^\s]*", field):
            if len(word) > 75 or not _decodes(word.decode("latin-1")):
                found.append(f"a broken encoded word: {word[:40]!r}")
    if b"localhost" in head.lower():
        found.append("localhost in its head")
    return found


def _decodes(word: str) -> bool:
    """Whether it is an encoded word by itself: no character of it stands in the next one."""
    told = ENCODED_WORD.fullmatch(word)
    try:
        return told is not None and bool(b64decode(told[2], validate=True).decode(told[1]))
    except (ValueError, LookupError):
        return False


def _of_fields(message: EmailMessage) -> list[str]:
    counted = Counter(name.lower() for name in message)
    is_a_list = "list-unsubscribe" in counted
    wanted = (*ONE_EACH, *(OF_LISTS if is_a_list else ()))
    found = [f"{counted[name.lower()]} times {name}" for name in wanted if counted[name.lower()] != 1]
    found += [f"{number} times {name}" for name, number in counted.items() if number > 1]
    if found:
        return found
    if parsedate_to_datetime(str(message["Date"])).tzinfo is None:
        found.append("a date without a zone")
    if str(message["Auto-Submitted"]) != "auto-generated":
        found.append("Auto-Submitted")
    sender = message["From"].addresses[0].domain
    if not re.fullmatch(rf"<[0-9a-f]{{32}}@{re.escape(sender)}>", str(message["Message-ID"])):
        found.append(f"a Message-ID that is not ours: {message['Message-ID']}")
    if any(getattr(field, "defects", ()) for field in message.values()):
        found.append("a field with defects")
    return found


def _of_list(message: EmailMessage) -> list[str]:
    if "List-Unsubscribe" not in message or len(message.get_all("List-Id", [])) != 1:
        return []
    found = []
    named = LIST_ID.fullmatch(str(message["List-Id"]))
    if named is None or not named[1].endswith("." + message["From"].addresses[0].domain.lower()):
        found.append(f"List-Id: {message['List-Id']}")
    if str(message["List-Unsubscribe-Post"]) != "List-Unsubscribe=One-Click":
        found.append("List-Unsubscribe-Post")
    ways = [way.strip() for way in str(message["List-Unsubscribe"]).split(",")]
    if not all(re.fullmatch(r"<(https?://|mailto:)[^\s<>]+>", way) for way in ways) or not ways[0].startswith(
        "<http"
    ):
        found.append(f"List-Unsubscribe: {ways}")
    for way in ways[1:]:
        (subject,) = parse_qs(urlsplit(way.strip("<>")).query).get("subject", [""])
        if subject.split(" ")[-1] not in ways[0]:
            found.append(f"a way to leave by mail that names somebody else: {way}")
    return found


def _of_parts(message: EmailMessage) -> list[str]:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    if text is None or html is None or message.get_content_type() != "multipart/alternative":
        return ["not one text part and one of HTML"]
    found = [f"{part.get_content_type()}: {part.defects}" for part in message.walk() if part.defects]
    words, page = str(text.get_content()), str(html.get_content())
    if "\ufffd" in words + page or re.search("[\ue000\ue001\ue002]", words + page):
        found.append("signs that no part should hold")
    # What is counted leads through our counter in HTML, and straight on in the text.
    links = {unescape(link) for link in LINK.findall(page) if "/c/" not in link}
    missing = sorted(link for link in links if link.rstrip("/") not in words)
    return found + [f"a link that the text part lacks: {link}" for link in missing]


class Gate:
    """Mails that a test has caught so far, each judged once."""

    def __init__(self) -> None:
        self._caught: dict[bytes, None] = {}

    def catch(self, raw: bytes) -> None:
        """Anything else than a mail of ours is let through."""
        if OURS in raw and not MADE_BY_TESTS.search(raw):
            self._caught[raw] = None

    def judged(self) -> list[str]:
        """All that is wrong with those caught; afterwards none is."""
        caught, self._caught = list(self._caught), {}
        found = [f"{fault} in:\n{raw[:600].decode('latin-1')}" for raw in caught for fault in faults_in(raw)]
        owners: dict[bytes, bytes] = {}
        for raw in caught:
            name, delivery = (
                re.search(rb"\r?\n?%s: (\S+)" % field, raw) for field in (b"Message-ID", b"X-Dayletter-Delivery")
            )
            if name and delivery and owners.setdefault(name[1], delivery[1]) != delivery[1]:
                found.append(f"two mails are called {name[1]!r}")
        return found


GATE = Gate()
