"""What the log says, in words for those who read it; it is kept in the English of the code."""

from collections.abc import Mapping

from course.language.words import Phrase

DEEDS: Mapping[str, Phrase] = {
    "allowed mail to an address": Phrase("allowed mail to an address"),
    "began a course": Phrase("began a course"),
    "began a lesson": Phrase("began a lesson"),
    "enrolled a learner": Phrase("enrolled a learner"),
    "erased a learner": Phrase("erased a learner"),
    "held sending": Phrase("held sending"),
    "imported learners": Phrase("imported learners"),
    "let sending go on": Phrase("let sending go on"),
    "moved a lesson": Phrase("moved a lesson"),
    "moved learners": Phrase("moved learners"),
    "published": Phrase("published"),
    "published the site's texts": Phrase("published the site's texts"),
    "renamed a file": Phrase("renamed a file"),
    "rolled back": Phrase("rolled back"),
    "saved a file": Phrase("saved a file"),
    "sent a test mail": Phrase("sent a test mail"),
    "sent lessons again": Phrase("sent lessons again"),
    "signed in": Phrase("signed in"),
    "signed out": Phrase("signed out"),
    "signed out everywhere": Phrase("signed out everywhere"),
    "took a file out": Phrase("took a file out"),
    "uploaded media": Phrase("uploaded media"),
}

DETAILS: Mapping[str, Phrase] = {
    "because": Phrase("because"),
    "closed_because": Phrase("closed because"),
    "counted_as_sent": Phrase("mails counted as sent"),
    "course": Phrase("course"),
    "file": Phrase("file"),
    "files": Phrase("files"),
    "held_because": Phrase("held because"),
    "learners": Phrase("learners"),
    "lessons": Phrase("lessons"),
    "links_in": Phrase("with links in"),
    "now": Phrase("now called"),
    "sent_before": Phrase("due before"),
    "to": Phrase("back to version"),
    "version": Phrase("version"),
    "why": Phrase("why"),
}
