"""Renews `course/evidence/networks.txt` from what owners of networks publish for programs: `make networks`.

What cannot be reached, and what stands on pages for people only, stays as it is, with the day it was looked at.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_network
from urllib.request import urlopen
from uuid import uuid4

from dns.exception import DNSException
from dns.resolver import resolve

from course.evidence.published import FILE

MICROSOFT = "https://endpoints.office.com/endpoints/worldwide?ServiceAreas=Exchange&clientrequestid={}"
MIMECAST = "_netblocks.mimecast.com"
PATIENCE_SECONDS = 20


def main() -> None:
    found: dict[str, Sequence[str]] = {}
    for owner, ask in ASKED.items():
        try:
            found[owner] = ask()
            print(f"{owner}: {len(found[owner])} blocks")
        except (OSError, DNSException, ValueError, KeyError) as problem:
            print(f"{owner} could not be reached, its blocks stay as they are: {problem}", file=sys.stderr)
    FILE.write_text(renewed(FILE.read_text(), found, f"{datetime.now(UTC):%Y-%m-%d}"))


def renewed(text: str, found: Mapping[str, Sequence[str]], today: str) -> str:
    """The file with the blocks `found`, by their owner's name; where nothing was found, as it was."""
    return "\n\n".join(_renewed(paragraph, found, today) for paragraph in text.rstrip("\n").split("\n\n")) + "\n"


def _renewed(paragraph: str, found: Mapping[str, Sequence[str]], today: str) -> str:
    lines = paragraph.splitlines()
    rows = [line for line in lines if line[:1].isalpha()]
    role, owner = rows[0].split()[:2] if rows else ("", "")
    if not found.get(owner):
        return paragraph
    remarks = [re.sub(r"\(\d{4}-\d\d-\d\d\)$", f"({today})", line) for line in lines if line not in rows]
    blocks = sorted(map(ip_network, set(found[owner])), key=lambda block: (block.version, block))
    return "\n".join([*remarks, *(f"{role} {owner:<10} {block}" for block in blocks)])


def _microsoft() -> list[str]:
    """As https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges documents them."""
    with urlopen(MICROSOFT.format(uuid4()), timeout=PATIENCE_SECONDS) as answer:
        return [block for entry in json.load(answer) for block in entry.get("ips", ())]


def _mimecast() -> list[str]:
    told = " ".join(str(record) for record in resolve(MIMECAST, "TXT", lifetime=PATIENCE_SECONDS))
    return re.findall(r"ip[46]:([\da-fA-F.:/]+)", told)


ASKED: Mapping[str, Callable[[], Sequence[str]]] = {"microsoft": _microsoft, "mimecast": _mimecast}


if __name__ == "__main__":
    main()
