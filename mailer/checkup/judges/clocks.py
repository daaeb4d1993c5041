"""This machine's clock, compared with those of others."""

from course.checkup import Finding

NEAR, FAR = 5.0, 60.0
"""Seconds: mails and lessons bear the moment they leave; links of a minute ago must not be of the future."""


def of_clock(ahead: float, by: str, within: float = 0.0) -> Finding:
    """`ahead`: by so many seconds ours is before the other, which `by` names; `within`: how exact that is."""
    off = max(0.0, abs(ahead) - within)
    if off <= NEAR:
        return Finding("clock", "good", f"It is right to {max(abs(ahead), within):.1f} seconds, by {by}.")
    which = "ahead" if ahead > 0 else "behind"
    said = f"This machine's clock is {off:.0f} seconds {which} of {by}."
    todo = "Switch on the system's clock service, such as `timedatectl set-ntp true`."
    return Finding("clock", "bad" if off > FAR else "warning", said, todo)
