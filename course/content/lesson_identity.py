"""Which lesson is which: a lesson stays the same lesson when its file is renamed and says what it `was`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from course.content.course import Lesson
from course.content.problems import Problem
from course.language.words import Phrase


@dataclass(frozen=True, slots=True)
class Names:
    """The names of all lessons ever published: those they have, and earlier ones with what they are now.

    A name belongs to one lesson for ever: links in mails that were sent lead to it.
    """

    now: frozenset[str]
    former: Mapping[str, str]

    def current(self, slug: str) -> str | None:
        """The name of the lesson that has or had this one; None if no lesson did."""
        return slug if slug in self.now else self.former.get(slug)


def renames(
    lessons: Sequence[Lesson], paths: Mapping[str, str], names: Names
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Map each renamed lesson's slug to the one it was published under; beside it, problems for names that cannot
    be."""
    renamed: dict[str, str] = {}
    problems: list[Problem] = []
    takers: defaultdict[str, list[str]] = defaultdict(list)
    drafted = {lesson.slug for lesson in lessons}
    for lesson in lessons:
        meant = {name for slug in (lesson.slug, *lesson.was) if (name := names.current(slug)) is not None}
        why = _refusal(lesson, meant, drafted, names)
        if why:
            problems.append(Problem(paths[lesson.slug], 1, "DL009", why))
        for name in sorted(meant | set(lesson.was)):
            takers[name].append(lesson.slug)
        renamed.update((lesson.slug, name) for name in meant if name != lesson.slug)
    problems += [
        Problem(paths[slugs[-1]], 1, "DL009", _both_are(name, slugs))
        for name, slugs in takers.items()
        if len(slugs) > 1
    ]
    return renamed, tuple(sorted(set(problems)))


def _refusal(lesson: Lesson, meant: set[str], drafted: set[str], names: Names) -> Phrase | None:
    for was in lesson.was:
        if was in drafted and was != lesson.slug:
            return Phrase(
                "`was: %(name)s` cannot be: there is still a lesson `%(name)s`. Remove its file, or this line.",
                {"name": was},
            )
    if len(meant) < 2:
        return None
    if lesson.slug in names.now:
        others = ", ".join(sorted(meant - {lesson.slug}))
        return Phrase(
            "`%(name)s` was published as a lesson of its own, so it cannot also be what `%(others)s` was. Give the"
            " file a name that no lesson has had.",
            {"name": lesson.slug, "others": others},
        )
    return Phrase(
        "%(names)s are different lessons: this one can go on as one.",
        {"names": ", ".join(f"`{name}`" for name in sorted(meant))},
    )


def _both_are(name: str, slugs: Sequence[str]) -> Phrase:
    *these, last = (f"`{slug}`" for slug in slugs)
    return Phrase(
        "%(both)s would both be the lesson `%(name)s`. A name stays its lesson's own, since links in sent mails"
        " lead there: give one of the files a name that no lesson has had.",
        {"both": Phrase("%(these)s and %(last)s", {"these": ", ".join(these), "last": last}), "name": name},
    )
