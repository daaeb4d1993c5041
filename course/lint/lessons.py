"""Rules for lessons: what they ask of a learner, and which lesson is which."""

from collections.abc import Iterator

from course.content.course import Effort
from course.content.problems import Problem
from course.language.words import MinutesSaid, Phrase
from course.lint.draft import Draft

MOST_ITEMS = 12


def minutes(draft: Draft) -> Iterator[Problem]:
    least, most = draft.course.minutes
    for page, lesson in draft.lessons:
        effort = draft.course.effort(lesson)
        if not least <= effort.minutes <= most:
            message = Phrase(
                "This lesson takes %(minutes)s, not %(least)s to %(most)s: reading %(reading)s, videos"
                " %(watching)s, articles %(articles)s, checklist %(doing)s.",
                {"minutes": MinutesSaid(effort.minutes), "least": least, "most": most, **_spent(effort)},
            )
            yield Problem(page.path, 1, "DL204", message)


def _spent(effort: Effort) -> dict[str, float]:
    return {
        "reading": round(effort.reading, 1),
        "watching": round(effort.watching, 1),
        "articles": round(effort.articles, 1),
        "doing": effort.doing,
    }


def checklists(draft: Draft) -> Iterator[Problem]:
    for page, lesson in draft.lessons:
        count = len(lesson.items)
        if count == 0:
            message = Phrase(
                "This lesson has nothing to do; a line `- [ ] Write down three names` is a checklist item."
            )
            yield Problem(page.path, 1, "DL209", message)
        elif count > MOST_ITEMS:
            message = Phrase(
                "This lesson has %(count)s things to do; more than %(most)s are not done.",
                {"count": count, "most": MOST_ITEMS},
            )
            yield Problem(page.path, 1, "DL209", message)


def former_names(draft: Draft) -> Iterator[Problem]:
    present = {lesson.slug for _, lesson in draft.lessons}
    claimed: set[str] = set()
    for page, lesson in draft.lessons:
        for slug in lesson.was:
            if slug in present:
                message = Phrase("`was: %(slug)s` names a lesson that is still there.", {"slug": slug})
                yield Problem(page.path, page.line_of("was"), "DL009", message)
            elif slug in claimed:
                message = Phrase(
                    "`was: %(slug)s` stands in two lessons; only one can be what it was.", {"slug": slug}
                )
                yield Problem(page.path, page.line_of("was"), "DL009", message)
            claimed.add(slug)
