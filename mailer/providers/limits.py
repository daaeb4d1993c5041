"""Whether a server's words say that we send too much, or too fast: that passes by itself."""

import re

LIMITS = (
    r"quota|exceed|too (?:many|much|fast)|\blimit|\brate\b|frequen|per (?:hour|day|minute)|throttl|unusual|credits"
)


ONE_MAILBOX = r"mailbox|inbox|\bfull\b|storage|\b[45]\.2\.2\b"


def names_a_limit(told: str) -> bool:
    """Such as a provider's `Maximum credits exceeded`, or a relay's `exceeded the max emails per hour`."""
    return re.search(LIMITS, told, re.I) is not None


def names_our_limit(told: str) -> bool:
    """The same, but for a mailbox that has reached a limit of its own."""
    return names_a_limit(told) and not names_one_mailbox(told)


def names_one_mailbox(told: str) -> bool:
    """Whether the words are about the reader's own mailbox, such as one that is full."""
    return re.search(ONE_MAILBOX, told, re.I) is not None
