"""What a mail that came back tells of ours: delivery reports (RFC 3464), complaints (RFC 5965), and the shapes
that mail servers have made up."""

import re
from dataclasses import dataclass
from email.message import Message
from typing import Literal

from flufl.bounce import all_failures

from mailer.bounces import parts

What = Literal["failed", "delayed", "delivered", "complaint"]


@dataclass(frozen=True, slots=True)
class Told:
    """`status` is an enhanced code (RFC 3463), if any is told, and `words` are the server's. To
    whom it went is not among it: an address is easily written into a report."""

    what: What
    status: str = ""
    words: str = ""


ACTIONS: dict[str, What] = {"failed": "failed", "delayed": "delayed", "delivered": "delivered"}
COMPLAINTS = ("abuse", "fraud", "virus", "other")
"""Types of feedback that are complaints; `not-spam` and reports on authentication are none."""

STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
CODE = re.compile(r"(?<![\d.])[45]\d\d(?![\d.])|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
MAILER = re.compile(
    r"(^|[<\s\"])(mailer-?daemon|mail-?daemon|mdaemon|postmaster|mail(er)?-?delivery[\w-]*|bounces?)@",
    re.IGNORECASE,
)
AUTOMATIC = re.compile(
    r"^(x-auto-?(reply|respond|response)[\w-]*|auto-submitted|precedence): *(yes|auto|all|oof|dr, rn)", re.I | re.M
)
ANSWERING = re.compile(
    r"^(x-auto-?(reply|respond|response)[\w-]*: *(?!no\b)\S|precedence: *(auto_reply|junk))", re.I | re.M
)
AWAY = re.compile(r"out of (the )?office|vacation|abwesen|autorepl|automatic reply|absen(t|ce)|ausencia", re.I)
DELAY = re.compile(r"delay|not yet been delivered|will (continue|keep) (to )?tr|still trying|retr(y|ied)", re.I)
ENCLOSED = re.compile(
    r"^(-{2,}.*(copy|original|header|message|below|return).*|return-path:.*|received:.*|original message.*)$",
    re.IGNORECASE | re.MULTILINE,
)


def told_by(message: Message) -> Told | None:
    """What the mail tells; None if it is no report of any kind, such as an answer or a notice of absence."""
    if (report := _delivery_report(message)) is not None:
        return report
    if (complaint := _complaint(message)) is not None:
        return complaint
    if message.get_content_type() == "multipart/report" or not _is_from_a_server(message):
        return None
    return _in_words(message)


def is_answer_of_a_machine(message: Message) -> bool:
    """Whether nobody wished to send it: a notice of absence, a receipt, a report (RFC 3834, 5)."""
    if message.get_content_type() == "multipart/report" or MAILER.search(f" {parts.header(message, 'From')} "):
        return True
    if parts.header(message, "Return-Path").strip() == "<>":
        return True
    # What is generated may be a mail program's own, at the wish of the person before it.
    submitted = parts.header(message, "Auto-Submitted").lower()
    return submitted.startswith("auto-replied") or ANSWERING.search(parts.headers(message)) is not None


def _delivery_report(message: Message) -> Told | None:
    found = [
        told
        for part in message.walk()
        if part.get_content_type() in parts.STATUS_REPORTS
        for block in parts.blocks(part)
        if (told := _recipient(block)) is not None
    ]
    # Ours go to one each: where one address stands for several, the worst is told.
    return min(found, key=lambda told: list(ACTIONS.values()).index(told.what), default=None)


def _recipient(block: Message) -> Told | None:
    status = next(iter(STATUS.findall(parts.header(block, "Status"))), "")
    action = parts.header(block, "Action").lower().partition(" ")[0].strip(";()")
    what = ACTIONS.get(action) or (None if action or status[:1] not in ("4", "5") else "failed")
    if what is None:
        return None
    words = parts.header(block, "Diagnostic-Code").partition(";")
    return Told(what, status, (words[2] or words[0]).strip())


def _complaint(message: Message) -> Told | None:
    for part in message.walk():
        if part.get_content_type() == "message/feedback-report":
            fields = " ".join(f"{parts.headers(block)}\n" for block in parts.blocks(part))
            kind = re.search(r"^\s*feedback-type: *([\w-]+)", f"{fields}\n{parts.text_of(part)}", re.I | re.M)
            if kind is not None and kind[1].lower() in COMPLAINTS:
                return Told("complaint", words=kind[1].lower())
    return None


def _is_from_a_server(message: Message) -> bool:
    """Whether no person and no person's assistant wrote it."""
    if parts.header(message, "X-Failed-Recipients"):
        return True
    if not MAILER.search(f" {parts.header(message, 'From')} "):
        return False
    away = AWAY.search(parts.header(message, "Subject"))
    return away is None and not (AUTOMATIC.search(parts.headers(message)) and AWAY.search(parts.words_of(message)))


def _in_words(message: Message) -> Told | None:
    """Whether it failed tells a library that knows the shapes; why, the words do."""
    words = _their_words(parts.words_of(message))
    status = next(iter(STATUS.findall(words)), "")
    temporary, permanent = _known_shapes(message)
    failed = parts.header(message, "X-Failed-Recipients")
    if permanent or (failed and not temporary):
        return Told("failed", status, words)
    if temporary or (DELAY.search(parts.words_of(message)) and not status.startswith("5")):
        return Told("delayed", status, words)
    return Told("failed", status, words) if CODE.search(words) else None


def _known_shapes(message: Message) -> tuple[bool, bool]:
    """Whether it tells of addresses that fail for now, and of some that fail for good."""
    try:
        temporary, permanent = all_failures(message)
    # Whatever it stumbles over in a broken mail: then the words alone count.
    except Exception:
        return False, False
    return bool(temporary), bool(permanent)


def _their_words(text: str) -> str:
    """The lines that say why, and what stands around them; without the mail that was sent back."""
    lines = [line.strip() for line in ENCLOSED.split(text, maxsplit=1)[0].splitlines() if line.strip()]
    telling = [at for at, line in enumerate(lines) if CODE.search(line)]
    if telling:
        lines = lines[telling[0] : telling[-1] + 3]
    return " ".join(lines)[:2000]
