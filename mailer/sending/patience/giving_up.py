"""When a mail is given up: four troubles, each counted apart and with a patience of its own.

Of others in days, not tries: how often one tries in a day is the back-off's matter. All moments are real time.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

REFUSED_FOR = timedelta(days=5)
"""From the first no to a mail that was never taken: "at least 4-5 days" (RFC 5321, 4.5.4.1)."""

REFUSED_ON_DAYS = 3
"""Nobody counts as unreachable who was refused on fewer days, however long the first is ago: a machine of ours
that was away for a week has asked nobody. After a no that is meant to last, more days would change nothing."""

A_DAY = timedelta(days=1)

RETURNED_FOR = timedelta(days=5)
"""From the first time that a mail which was taken came back, though the address is good. A mailbox that stays full
for longer has most often been left."""

DOUBTED_FOR = timedelta(days=5)
"""From the first reply that never came, while events prove each time that the mail was not taken."""

COPIES_IN_DOUBT = 1
"""Where no event can tell whether a mail was taken: one copy at most. A relay that loses its replies would send
the next ones as well, and a reader who has one mail twice does not want it six times."""

MOST_BREAKS = 5
"""So many times in a row an error of our own may keep a mail from being sent. With the waits between them that
takes a quarter of an hour: enough for what a machine was short of. The next would only be the same error again."""


class Refusals(NamedTuple):
    """What a mail that was never taken has met with, before it is refused once more: since when, on how many days,
    and when the last of those began. A day is as many hours, so that midnight makes no two."""

    since: datetime | None
    days: int
    day_at: datetime | None

    def once_more(self, real: datetime) -> "Refusals":
        """Return the same with a refusal at this moment."""
        if self.since is None:
            return Refusals(real, 1, real)
        # Rows from before days were counted have none.
        if self.day_at is None or real - self.day_at >= A_DAY:
            return Refusals(self.since, self.days + 1, real)
        return self


def is_unreachable(refusals: Refusals, real: datetime, *, lasting: bool) -> bool:
    """Whether the mail is given up after its newest refusal; `lasting`: that was a no for good."""
    return refusals.days >= REFUSED_ON_DAYS and (lasting or is_over(refusals.since, REFUSED_FOR, real))


def is_over(since: datetime | None, patience: timedelta, real: datetime) -> bool:
    """Whether a trouble has lasted longer than one is patient with it; None: it begins now."""
    return since is not None and real - since >= patience
