"""Every finding that lint can make: its code, how grave it is, and whether a course may do without it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from course.language.words import Phrase

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Code:
    """`title` heads its section in docs/lint.md. `fixed`: without it there is no course to publish."""

    title: str
    level: Level = "error"
    fixed: bool = False


CODES: Mapping[str, Code] = {
    "DL001": Code("No course page", fixed=True),
    "DL002": Code("No lesson", fixed=True),
    "DL003": Code("The same slug twice", fixed=True),
    "DL004": Code("A file nobody reads", "warning"),
    "DL005": Code("A link out of the folder, or in a circle", fixed=True),
    "DL006": Code("A text that is too big", fixed=True),
    "DL007": Code("A text that is not UTF-8", fixed=True),
    "DL008": Code("A lesson that seems renamed", "warning"),
    "DL009": Code("A former name that cannot be"),
    "DL010": Code("A rule switched off without a reason", fixed=True),
    "DL011": Code("A change of files that is not finished", fixed=True),
    "DL012": Code("A name that is too long", fixed=True),
    "DL013": Code("A draft that takes too long to read", fixed=True),
    "DL101": Code("Broken front matter", fixed=True),
    "DL102": Code("A missing field"),
    "DL103": Code("An unknown field"),
    "DL104": Code("A field that cannot be"),
    "DL105": Code("An unknown slot"),
    "DL106": Code("A slot that is not one", "warning"),
    "DL107": Code("A field worth having", "warning"),
    "DL108": Code("A subject that is too long", "warning"),
    "DL109": Code("A preheader that is too long", "warning"),
    "DL110": Code("A colour too light to read", "warning"),
    "DL111": Code("A sentence that needs a name", "warning"),
    "DL112": Code("A value that is cut off"),
    "DL113": Code("Quotes that readers see", "warning"),
    "DL201": Code("An address that acts"),
    "DL202": Code("A link that leads nowhere"),
    "DL203": Code("A path out of the course"),
    "DL204": Code("A lesson too short or too long", "warning"),
    "DL205": Code("A link without encryption", "warning"),
    "DL206": Code("An article nobody links", "warning"),
    "DL207": Code("Raw HTML", "warning"),
    "DL208": Code("Headings out of order", "warning"),
    "DL209": Code("A checklist of no use", "warning"),
    "DL210": Code("A picture without words", "warning"),
    "DL211": Code("Code without an end", "warning"),
    "DL212": Code("A link to a heading that is not there", "warning"),
    "DL213": Code("A link to a lesson to come", "warning"),
    "DL214": Code("A footnote alone", "warning"),
    "DL301": Code("A film or recording without duration"),
    "DL302": Code("A film or recording without title"),
    "DL303": Code("A missing file"),
    "DL304": Code("A film or recording from elsewhere"),
    "DL305": Code("A video without poster"),
    "DL306": Code("A video without captions"),
    "DL307": Code("A duration that is not the file's"),
    "DL308": Code("A picture that is too big", "warning"),
    "DL309": Code("A file nobody shows", "warning"),
    "DL310": Code("A file that is not what its name says", "warning"),
    "DL311": Code("A picture that is none"),
    "DL312": Code("A film that is only a link", "warning"),
    "DL313": Code("Captions that browsers do not read", "warning"),
    "DL314": Code("Captions that do not fit the film", "warning"),
    "DL315": Code("A kind of file that courses do not show"),
    "DL316": Code("A space in an address"),
    "DL317": Code("A drawing that mails do not show", "warning"),
    "DL401": Code("A mail that is too big", "warning"),
    "DL402": Code("A language without translation", "warning"),
    "DL403": Code("A title that print cannot set", "warning"),
    "DL501": Code("A web page that does not answer", "warning"),
    "DL502": Code("A private address"),
    "DL601": Code("A change that nobody had agreed to", "warning"),
    "DL602": Code("A comment left out", "warning"),
    "DL603": Code("What Markdown cannot hold", "warning"),
    "DL604": Code("A picture or file that did not come along", "warning"),
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in a course folder, at a line (1-based) of a file named relative to it."""

    path: str
    line: int
    code: str
    message: Phrase

    @property
    def level(self) -> Level:
        return CODES[self.code].level

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.level} {self.code} {self.message}"
