"""Whether opens and clicks may be recorded: what the site, a course and a learner may each say."""

from typing import Literal

Tracking = Literal["on", "ask", "off"]
"""Whether opens and clicks are recorded: for all, for who agreed, for nobody."""


def strictest(*wishes: Tracking) -> Tracking:
    """Return the strictest of several wishes, which is what holds where site and course differ."""
    return "off" if "off" in wishes else "ask" if "ask" in wishes else "on"
