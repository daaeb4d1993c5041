"""Whether a server's words say that we send too much, or too fast: that passes by itself."""

import re

LIMITS = (
    r"quota|exceed|too (?:many|much|fast)|\blimit|\brate\b|frequen|per (?:hour|day|minute)|throttl|unusual|credits"
)


def names_a_limit(told: str) -> bool:
    """Such as SendGrid's `Maximum credits exceeded`, or a relay's `exceeded the max emails per hour`."""
    return re.search(LIMITS, told, re.I) is not None
