"""Where learners stand, in words."""

from collections.abc import Mapping

from course.progress import State
from course.words import Phrase

STATES: Mapping[State, Phrase] = {
    "pending": Phrase("not confirmed yet"),
    "active": Phrase("under way"),
    "paused": Phrase("paused"),
    "finished": Phrase("finished"),
    "left": Phrase("left"),
    "restarted": Phrase("begun again"),
}
