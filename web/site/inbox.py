"""In development, the outbox as a mail client would show it."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, render_template, request

from web.language import speak
from web.request import current_runtime

pages = Blueprint("inbox", __name__, url_prefix="/inbox")
pages.before_request(lambda: speak("en"))  # for who develops, as the commands are

NEWEST = 200


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail in the list of the inbox page."""

    id: str
    subject: str
    to: str
    date: str
    preview: str


@dataclass(frozen=True, slots=True)
class OpenMail:
    """`html_url` is the mail's own HTML, to be framed in a sandbox. `source` is the raw mail."""

    id: str
    subject: str
    sender: str
    to: str
    date: str
    headers: tuple[tuple[str, str], ...]
    text: str
    source: str
    html_url: str


@pages.get("")
def inbox() -> str:
    return _show(None)


@pages.get("/<mail_id>")
def mail(mail_id: str) -> str:
    return _show(mail_id)


@pages.get("/<mail_id>/html")
def html(mail_id: str) -> Response:
    """The HTML part alone, for a sandboxed frame: no script runs, links open beside it."""
    part = _read(_file(mail_id)).get_body(("html",))
    content = part.get_content() if part is not None else ""
    site = urlsplit(current_runtime().settings.base_url)
    guard = (
        f"default-src 'none'; img-src 'self' data: {site.scheme}://{site.netloc};"
        " style-src 'unsafe-inline'; base-uri 'self'; frame-ancestors 'self'"
    )
    opening_beside = re.sub(r"(<head[^>]*>)", r'\1<base target="_blank">', str(content), count=1, flags=re.I)
    return Response(opening_beside, headers={"Content-Security-Policy": guard})


def _show(mail_id: str | None) -> str:
    files = sorted(_folder().glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)[:NEWEST]
    view = request.args.get("view", "html")
    return render_template(
        "site/inbox.html",
        mails=tuple(_line(file) for file in files),
        mail=_open(_file(mail_id)) if mail_id else None,
        view=view if view in ("html", "text", "source") else "html",
        phone=request.args.get("width") == "phone",
    )


def _folder() -> Path:
    folder = current_runtime().settings.outbox
    if folder is None:
        abort(404)
    return folder


def _file(mail_id: str) -> Path:
    file = _folder() / f"{mail_id}.eml"
    if not re.fullmatch(r"[0-9a-f]{32}", mail_id) or not file.is_file():
        abort(404)
    return file


def _read(file: Path) -> EmailMessage:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what this policy makes
    return message


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


def _date(message: EmailMessage) -> str:
    moment = parsedate_to_datetime(str(message["Date"]))
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M} UTC"


def _line(file: Path) -> MailLine:
    message = _read(file)
    # Without the lines that underline a heading; SMTP's line ends are two characters.
    preview = " ".join(re.sub(r"^[=-]+\r?$", "", _text(message), flags=re.M).split())[:120]
    return MailLine(file.stem, str(message["Subject"]), str(message["To"]), _date(message), preview)


def _open(file: Path) -> OpenMail:
    message = _read(file)
    return OpenMail(
        id=file.stem,
        subject=str(message["Subject"]),
        sender=str(message["From"]),
        to=str(message["To"]),
        date=_date(message),
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_text(message),
        source=file.read_bytes().decode("utf-8", "replace"),
        html_url=f"/inbox/{file.stem}/html",
    )
