"""Rules for lessons: what they ask of a learner, and which lesson is which."""

from collections.abc import Iterator

from course.content import Effort, Problem
from course.lint.draft import Draft

MOST_ITEMS = 12


def minutes(draft: Draft) -> Iterator[Problem]:
    least, most = draft.course.minutes
    for page, lesson in draft.lessons:
        effort = draft.course.effort(lesson)
        if not least <= effort.minutes <= most:
            message = f"This lesson takes {effort.minutes} minutes, not {least} to {most}: {_spent(effort)}."
            yield Problem(page.path, 1, "DL204", message)


def _spent(effort: Effort) -> str:
    return (
        f"reading {effort.reading:.1f}, videos {effort.watching:.1f}, articles {effort.articles:.1f},"
        f" checklist {effort.doing}"
    )


def checklists(draft: Draft) -> Iterator[Problem]:
    for page, lesson in draft.lessons:
        count = len(lesson.items)
        if count == 0:
            message = "This lesson has nothing to do; a line `- [ ] Write down three names` is a checklist item."
            yield Problem(page.path, 1, "DL209", message)
        elif count > MOST_ITEMS:
            message = f"This lesson has {count} things to do; more than {MOST_ITEMS} are not done."
            yield Problem(page.path, 1, "DL209", message)


def former_names(draft: Draft) -> Iterator[Problem]:
    present = {lesson.slug for _, lesson in draft.lessons}
    claimed: set[str] = set()
    for page, lesson in draft.lessons:
        for slug in lesson.was:
            if slug in present:
                message = f"`was: {slug}` names a lesson that is still there."
                yield Problem(page.path, page.line_of("was"), "DL009", message)
            elif slug in claimed:
                message = f"`was: {slug}` stands in two lessons; only one can be what it was."
                yield Problem(page.path, page.line_of("was"), "DL009", message)
            claimed.add(slug)
