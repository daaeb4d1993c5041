"""When to try again after a refusal: a pure function of what was refused."""

from zlib import crc32

FIRST_SECONDS = 5.0
LONGEST_SECONDS = 3600.0
FIRST_RETURN_SECONDS = 900.0
"""A mailbox that sent a mail back is full, or its server is away: minutes change nothing."""

FIRST_BREAK_SECONDS = 60.0
"""An error of our own ends with a correction, or with what it was short of."""

FIRST_TRIAL_SECONDS = 900.0
LONGEST_TRIAL_SECONDS = 14_400.0
"""Most quotas are by the hour or the day."""

A_DAY_SECONDS = 86_400.0
LONGEST_ASKED_SECONDS = 3600.0
"""Who asks for more is asked again meanwhile: it costs a refusal, and most often the moment was wrong."""


def wait_after(
    refusals: int,
    key: str,
    asked: float | None = None,
    *,
    first: float = FIRST_SECONDS,
    longest: float = LONGEST_SECONDS,
) -> float:
    """Real seconds to wait after the nth refusal (from 1): doubling, `first` to `longest`, with up to a quarter
    of jitter.

    The jitter comes from `key`, so that a thousand letters refused together do not return together. A wait
    that the provider `asked` for is kept, even where it is longer than ours, but for an hour at the most: a moment
    in other units, or years ahead, must not park a mail.
    """
    doubled = min(longest, first * 2.0 ** min(refusals - 1, 20))
    jitter = 1 + (crc32(f"{key} {refusals}".encode()) % 1000) / 4000
    return max(doubled * jitter, min(asked or 0.0, LONGEST_ASKED_SECONDS))


def wait_after_lasting(refusals: int, key: str) -> float:
    """Real seconds to wait after the nth no (from 1) that is meant to last: doubling to a day.

    It should not be asked again at all (RFC 5321, 4.2.1), but relays say so too of what passes within hours.
    """
    return wait_after(refusals, key, longest=A_DAY_SECONDS)


def wait_after_break(refusals: int, key: str) -> float:
    """Real seconds to wait after the nth time (from 1) that an error of our own kept a mail from being sent."""
    return wait_after(refusals, key, first=FIRST_BREAK_SECONDS)


def wait_after_return(returns: int, key: str) -> float:
    """Real seconds to wait after a mail that was taken has come back for the nth time (from 1).

    A provider counts each against us, so they grow to a day.
    """
    return wait_after(returns, key, first=FIRST_RETURN_SECONDS, longest=A_DAY_SECONDS)


def wait_before_trial(tries: int, key: str) -> float:
    """Real seconds from a hold that may end by itself, or from its last trial, to the nth trial (from 1)."""
    return wait_after(tries, key, first=FIRST_TRIAL_SECONDS, longest=LONGEST_TRIAL_SECONDS)
