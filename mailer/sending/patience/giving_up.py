"""When a mail is given up: four troubles, each counted apart and with a patience of its own.

Of others in days, not tries: how often one tries in a day is the back-off's matter. All moments are real time.
"""

from datetime import datetime, timedelta

REFUSED_FOR = timedelta(days=5)
"""From the first no to a mail that was never taken: "at least 4-5 days" (RFC 5321, 4.5.4.1)."""

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


def is_over(since: datetime | None, patience: timedelta, real: datetime) -> bool:
    """Whether a trouble has lasted longer than one is patient with it; None: it begins now."""
    return since is not None and real - since >= patience
