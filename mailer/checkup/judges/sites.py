"""Whether the links in our mails lead to this site, judged by its own answer."""

import json
from dataclasses import dataclass

from course.checkup import Finding

ABOUT = "links"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back for `/healthz`: `date` is its header."""

    status: int
    body: bytes
    date: str
    leads_to: str = ""


def of_answer(base_url: str, answered: Answered, our_version: str) -> Finding:
    if 300 <= answered.status < 400:
        said = (
            f"{base_url} leads on to {answered.leads_to or 'elsewhere'}: links take a detour, and posts are lost."
        )
        return Finding(ABOUT, "bad", said, "Set BASE_URL to the address that answers itself.")
    version = _version(answered.body)
    if answered.status != 200 or not version:
        said = f"{base_url}/healthz answers {answered.status}, and not as a Dayletter does."
        todo = "Have the site run, and BASE_URL and its proxy lead there; or `/healthz` is kept from outside."
        return Finding(ABOUT, "warning", said, todo)
    if version != our_version:
        said = f"{base_url} is Dayletter {version}, and this is {our_version}."
        return Finding(ABOUT, "warning", said, "Restart the site, or run the command where the site runs.")
    return Finding(ABOUT, "good", f"{base_url} leads to Dayletter {version}.")


def _version(body: bytes) -> str:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return str(told.get("version", "")) if isinstance(told, dict) and told.get("alive") is True else ""
