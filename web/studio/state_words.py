"""Where learners and mails stand, and what kinds there are, in words."""

from collections.abc import Mapping

from course.content.course import MailKind
from course.language.words import Phrase
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

STANDING: Mapping[State, Phrase] = {
    "pending": Phrase("Not confirmed yet"),
    "active": Phrase("Under way"),
    "paused": Phrase("Paused"),
    "finished": Phrase("Finished"),
    "left": Phrase("Left"),
    "restarted": Phrase("Begun again"),
}
"""Of one."""

MAIL_STATE_WORDS: Mapping[str, Phrase] = {
    "planned": Phrase("Planned"),
    "due": Phrase("Due"),
    "queued": Phrase("Queued"),
    "sending": Phrase("On its way"),
    "sent": Phrase("Sent"),
    "accepted": Phrase("Accepted"),
    "uncertain": Phrase("Uncertain"),
    "failed": Phrase("Failed"),
    "cancelled": Phrase("Cancelled"),
    "delivered": Phrase("Delivered"),
    "bounced": Phrase("Bounced"),
    "complained": Phrase("Marked as spam"),
}
"""States and fates of mails, and what the numbers count of them."""

MAIL_LABELS: Mapping[MailKind, Phrase] = {
    "confirm": Phrase("Confirmation"),
    "welcome": Phrase("Welcome"),
    "lesson": Phrase("Lesson"),
    "again": Phrase("A lesson once more"),
    "nudge": Phrase("Reminder"),
    "finished": Phrase("The end of the course"),
    "link": Phrase("Link to the course page"),
    "renewed": Phrase("New links"),
    "move-from": Phrase("Question to the old address"),
    "move-to": Phrase("Question to the new address"),
    "moved": Phrase("News of the new address"),
    "taken": Phrase("Address in use"),
}

PACE_WORDS: Mapping[str, Phrase] = {
    "daily": Phrase("one lesson a day"),
    "on-completion": Phrase("the next lesson when one is complete"),
}
