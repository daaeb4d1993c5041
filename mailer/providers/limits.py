"""Whether a server's words say that we send too much, or too fast: that passes by itself."""

import re

LIMITS = (
    r"quota|exceed|too (?:many|much|fast)|\blimit|\brate\b|frequen|per (?:hour|day|minute)|throttl|unusual|credits"
)


def names_a_limit(told: str) -> bool:
    """Such as a provider's `Maximum credits exceeded`, or a relay's `exceeded the max emails per hour`."""
    return re.search(LIMITS, told, re.I) is not None


def names_our_limit(told: str) -> bool:
    """The same, but for a mailbox that has reached a limit of its own."""
    return names_a_limit(told) and re.search(r"mailbox|inbox|\bfull\b|storage|\b5\.2\.2\b", told, re.I) is None
