"""The published networks that came with this Dayletter."""

from functools import cache
from pathlib import Path

from course.evidence.networks import Published, read_networks

FILE = Path(__file__).with_name("networks.txt")


@cache
def published_networks() -> tuple[Published, ...]:
    """As `networks.txt` has them: gateways and mailbox providers."""
    return read_networks(FILE.read_text(encoding="utf-8"))
