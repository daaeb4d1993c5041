"""Where learners and mails stand, in words."""

from collections.abc import Mapping
from typing import Literal

from course.language.words import Phrase
from course.reports.roster import Did
from course.schedule.progress import State

ENROLMENT_STATE_WORDS: Mapping[State, Phrase] = {
    "pending": Phrase("not confirmed yet"),
    "active": Phrase("under way"),
    "paused": Phrase("paused"),
    "finished": Phrase("finished"),
    "left": Phrase("left"),
    "restarted": Phrase("begun again"),
}
"""After any number."""

STANDING: Mapping[State | Literal["unreachable"], Phrase] = {
    "pending": Phrase("Not confirmed yet"),
    "active": Phrase("Under way"),
    "paused": Phrase("Paused"),
    "finished": Phrase("Finished"),
    "left": Phrase("Left"),
    "restarted": Phrase("Begun again"),
    "unreachable": Phrase("Cannot be reached"),
}
"""Of one. A course under way may stand still, since its learner cannot be reached."""

MAIL_STATE_WORDS: Mapping[str, Phrase] = {
    "planned": Phrase("Planned"),
    "due": Phrase("Due"),
    "queued": Phrase("Queued"),
    "sending": Phrase("On its way"),
    "sent": Phrase("Sent"),
    "accepted": Phrase("Accepted"),
    "uncertain": Phrase("Uncertain"),
    "postponed": Phrase("Postponed"),
    "failed": Phrase("Failed"),
    "cancelled": Phrase("Cancelled"),
    "delivered": Phrase("Delivered"),
    "bounced": Phrase("Bounced"),
    "complained": Phrase("Marked as spam"),
}
"""States and fates of mails, and what the numbers count of them."""

DID_WORDS: Mapping[Did, Phrase] = {
    "due": Phrase("For whom it fell due"),
    "arrived": Phrase("Whom its mail has reached"),
    "visited": Phrase("Who opened it"),
    "completed": Phrase("Who completed it"),
    "stopped": Phrase("Who opened it, and have not completed it"),
    "bounced": Phrase("Whose mail of it came back"),
    "uncertain": Phrase("Whose mail of it is uncertain"),
    "failed": Phrase("Whose mail of it failed"),
}
"""Of the learners behind a number of one lesson."""

CLOSED_WORDS: Mapping[str, Phrase] = {
    "bounced": Phrase("Mail came back for good"),
    "dropped": Phrase("The mail provider sends nothing there"),
    "complained": Phrase("Marked as spam"),
}
"""Why an address gets no mail any more."""
