"""Whether one more link into the studio may be mailed to an address: whoever asks uses up only their own. Pure.

A browser that has signed in before has an allowance of its own, so nobody else's asking leaves its owner outside.
All others share one, of which each network and each browser gets a part: they cannot fill an inbox.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from course.times import RealTime

AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)

ONE_ASKER_AN_HOUR = 10
"""For one network or browser, known or not."""

STRANGERS_AN_HOUR = 20
STRANGERS_A_DAY = 60
KNOWN_AN_HOUR = 30


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked for a link, and when it was mailed. All are digests; `known` is empty for a browser that has not
    signed in with this address before."""

    network: str
    browser: str
    known: str
    at: RealTime


def may_have_one(asker: Asker, mailed: Sequence[Asker]) -> bool:
    """`mailed` are the askers of links that were mailed to the address within a day."""
    hour = [other for other in mailed if other.at > asker.at - AN_HOUR]
    if asker.known:
        known = [other for other in hour if other.known]
        own = [other for other in known if other.known == asker.known]
        return len(own) < ONE_ASKER_AN_HOUR and len(known) < KNOWN_AN_HOUR
    strangers = [other for other in hour if not other.known]
    own = [other for other in strangers if asker.network == other.network or asker.browser == other.browser]
    today = [other for other in mailed if not other.known and other.at > asker.at - A_DAY]
    return len(own) < ONE_ASKER_AN_HOUR and len(strangers) < STRANGERS_AN_HOUR and len(today) < STRANGERS_A_DAY
