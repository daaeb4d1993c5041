"""A mail on its way through the queue: as JSON, which is only data to whoever reads it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from mailer.compose.message import Letter, Part, Template


def mail_to_json(template: Template, letter: Letter) -> str:
    """All of it, for `mail_from_json`."""
    date = letter.date.isoformat()
    return json.dumps({"template": asdict(template), "letter": {**asdict(letter), "date": date}})


def mail_from_json(text: str) -> tuple[Template, Letter]:
    """What `mail_to_json` was given. Raises ValueError, KeyError or TypeError if another version wrote it."""
    mail = json.loads(text)
    template, letter = mail["template"], mail["letter"]
    parts = {name: _part(template[name]) for name in ("subject", "text", "html")}
    headers = tuple((name, _part(value)) for name, value in template["headers"])
    return (
        Template(**{**template, **parts, "headers": headers}),
        Letter(**{**letter, "date": datetime.fromisoformat(letter["date"])}),
    )


def _part(plain: Mapping[str, Sequence[Any]]) -> Part:
    return Part(tuple(plain["texts"]), tuple(plain["slots"]))
