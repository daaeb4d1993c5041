"""When to try again after a refusal: a pure function of what was refused."""

from zlib import crc32

FIRST_SECONDS = 5.0
LONGEST_SECONDS = 3600.0
LONGEST_ASKED_SECONDS = 30 * 86_400.0


def wait_after(refusals: int, key: str, asked: float | None = None) -> float:
    """Real seconds to wait after the nth refusal (from 1): doubling, with up to a quarter of jitter.

    The jitter comes from `key`, so that a thousand letters refused together do not return together. A wait
    that the provider `asked` for is kept, even where it is longer than ours; but a moment in milliseconds, or
    garbage, must not become a wait for ever.
    """
    doubled = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(refusals - 1, 20))
    jitter = 1 + (crc32(f"{key} {refusals}".encode()) % 1000) / 4000
    return max(doubled * jitter, min(asked or 0.0, LONGEST_ASKED_SECONDS))
