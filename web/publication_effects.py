"""What a publication, or a move, does to whom: in lines for people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from course.content.changes import Changes, Identity
from course.enrolment.many.move_learners import Group
from course.language.words import ENGLISH, Phrase, Words
from course.reports.audience import Audience

DOCUMENT_NAMES: Mapping[str, Phrase] = {
    "course": Phrase("the course's page"),
    "lesson": Phrase("lesson %(name)s"),
    "article": Phrase("article %(name)s"),
    "mail": Phrase("mail %(name)s"),
}


def describe_changes(changes: Changes, words: Words = ENGLISH) -> Iterator[str]:
    yield from (words.gettext("new: %(what)s", what=_named(text, words)) for text in changes.added)
    yield from (words.gettext("corrected: %(what)s", what=_named(text, words)) for text in changes.corrected)
    yield from (words.gettext("withdrawn: %(what)s", what=_named(text, words)) for text in changes.withdrawn)
    for old, new in changes.renamed:
        yield words.gettext("renamed: lesson %(old)s is %(new)s from now on", old=old, new=new)
    if changes.media:
        yield words.ngettext("media: %(num)s file changed", "media: %(num)s files changed", len(changes.media))
    if changes.new_edition and changes.before:
        after, before = _listed(changes.after, words), _listed(changes.before, words)
        yield words.gettext("a new edition: %(after)s (it was: %(before)s)", after=after, before=before)
    for old, new in changes.alike:
        yield words.gettext(
            "warning DL008 lesson %(new)s has nearly the words of %(old)s, which is withdrawn. If it is the same"
            " lesson under another name, write `was: %(old)s` in its front matter before you publish.",
            new=new,
            old=old,
        )


def _named(identity: Identity, words: Words) -> str:
    kind, name = identity
    return words.of(Phrase(DOCUMENT_NAMES[kind].text, {"name": name}))


def describe_audience(people: Audience) -> Iterator[str]:
    states = ", ".join(f"{count} {state}" for state, count in sorted(people.states.items()))
    yield f"whom it touches: {states or 'nobody has enrolled yet'}"
    for edition, standings in groupby(people.standings, key=lambda standing: standing.edition):
        parts = (f"{standing.learners} had {_count(standing.had, 'lesson')}" for standing in standings)
        yield f"  under way on edition {edition}: {', '.join(parts)}"


def describe_reach(people: Audience, changes: Changes, words: Words = ENGLISH) -> Iterator[str]:
    if changes.corrected or changes.renamed or changes.media:
        yield words.gettext("corrected words reach everybody from their next mail on; pages show them at once")
    if changes.new_edition and people.under_way:
        yield words.ngettext(
            "the new edition is for those who enrol from now on; the %(num)s under way keep their lessons,"
            " unless you move them afterwards",
            "the new edition is for those who enrol from now on; the %(num)s under way keep their lessons,"
            " unless you move them afterwards",
            people.under_way,
        )


def describe_group(group: Group) -> Sequence[str]:
    move = group.move
    lines = [
        f"{_count(group.learners, 'learner')} with {_listed(group.lessons)}:",
        f"have had: {_listed(move.had)}",
        f"get next: {move.coming[0]}",
        f"still to come: {_listed(move.coming)}",
    ]
    if move.added:
        lines.append(f"added for them: {_listed(move.added)}")
    if move.dropped:
        lines.append(f"falls away before it came: {_listed(move.dropped)}")
    return lines


def _listed(slugs: Iterable[str], words: Words = ENGLISH) -> str:
    return ", ".join(slugs) or words.gettext("nothing yet")


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
