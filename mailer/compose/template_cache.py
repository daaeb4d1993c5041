"""Compiled templates, kept per process: each revision is compiled once and filled many times."""

from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from course.content.course import Course, Lesson
from course.content.mails import LESSON_MAILS, MailKind
from course.publishing.editions import Published, lesson_of_revision
from mailer.compose.compose import Readers, Site, compile_for
from mailer.compose.message import Template
from mailer.signer import mail_name

MOST_KEPT = 512


@dataclass(frozen=True, slots=True)
class TemplateKey:
    """All that a template depends on. `version` is the course's publication, which also fixes the teaser; `named`
    says whether its readers gave a name."""

    course_id: int
    version: int
    edition_id: int
    kind: MailKind
    slug: str
    revision_id: int
    tracked: bool
    named: bool


@dataclass(frozen=True, slots=True)
class TemplateCache:
    _kept: dict[TemplateKey, Template] = field(default_factory=dict)

    def template(self, session: Session, site: Site, published: Published, sheet: TemplateKey) -> Template:
        """The template of a sheet; an older revision than today's is compiled from its own words.

        Where nobody is named, those with a name and those without share one.
        """
        if not sheet.named:
            named = self.template(session, site, published, replace(sheet, named=True))
            if not named.says_name:
                return named
        known = self._kept.get(sheet)
        if known is None:
            course = published.edition(sheet.edition_id)
            if sheet.kind in LESSON_MAILS and sheet.revision_id != published.revision_of("lesson", sheet.slug):
                course = _with_lesson(course, lesson_of_revision(session, sheet.revision_id, sheet.slug))
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            own = replace(site, mail=mail_name(sheet.edition_id, sheet.kind, sheet.slug))
            known = compile_for(Readers(sheet.tracked, sheet.named), own, sheet.kind, course, sheet.slug)
            self._kept[sheet] = known
        return known


def _with_lesson(course: Course, lesson: Lesson) -> Course:
    return replace(course, lessons=tuple(lesson if own.slug == lesson.slug else own for own in course.lessons))
