"""What somebody may agree to, where, and in which words they were asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from course.language.words import Phrase

Purpose = Literal["mails", "tracking"]
"""The mails of a course; that opens and clicks are recorded."""

Act = Literal["given", "withdrawn"]

Place = Literal[
    "sign-up page", "confirmation", "import", "operator", "settings page", "unsubscribe page", "one-click",
    "before the record",
]  # fmt: skip
"""Where it was said. `import`: a file gave the moment; `operator`: they vouched for it; `one-click`: the button of
a mail program (RFC 8058); `before the record`: with a version of Dayletter that kept the moment alone."""

SIGN_UP = Phrase(
    "First we send you one mail with a button to confirm the address. Nothing else comes until you press it."
)
TRACKING = Phrase(
    "You may see which mails I open and which links I follow, to improve the course."
    " The course is the same without."
)
COUNT_OPENS = Phrase("Count when I open mails and links, so that the authors see what is read")
CONFIRM = Phrase("Start the course")
UNSUBSCRIBE = Phrase("Press the button, and no more mails of this course will come.")
UNDO = Phrase("Undo, I pressed by mistake")


@dataclass(frozen=True, slots=True)
class Shown:
    """How somebody was asked: the words that were shown for each purpose, in the language of the page. A purpose
    without words was not asked about there, or no page was shown."""

    place: Place
    words: Mapping[Purpose, str] = field(default_factory=dict)


PURPOSE_WORDS: Mapping[str, Phrase] = {
    "mails": Phrase("Mails of the course"),
    "tracking": Phrase("Recording which mails you open and which links you follow"),
}
ACT_WORDS: Mapping[str, Phrase] = {"given": Phrase("agreed"), "withdrawn": Phrase("taken back")}
PLACE_WORDS: Mapping[str, Phrase] = {
    "sign-up page": Phrase("on the page of the course, when you signed up"),
    "confirmation": Phrase("when you confirmed your address"),
    "import": Phrase("elsewhere, as the list that brought you here says"),
    "operator": Phrase("to those who run this site, who vouch for it"),
    "settings page": Phrase("on your course page"),
    "unsubscribe page": Phrase("on the page to unsubscribe"),
    "one-click": Phrase("by the button of your mail program"),
    "before the record": Phrase("before a record was kept"),
}
