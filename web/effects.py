"""What a publication, or a move, does to whom: in lines for people."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from course.audience import Audience
from course.changes import Changes
from course.moving import Group


def describe_changes(changes: Changes) -> Iterator[str]:
    for word, identities in (
        ("new", changes.added),
        ("corrected", changes.corrected),
        ("withdrawn", changes.withdrawn),
    ):
        yield from (f"{word}: {kind} {name}" for kind, name in identities)
    yield from (f"renamed: lesson {old} is {new} from now on" for old, new in changes.renamed)
    if changes.media:
        yield f"media: {_count(len(changes.media), 'file')} changed"
    if changes.new_edition and changes.before:
        yield f"a new edition: {_listed(changes.after)} (it was: {_listed(changes.before)})"
    for old, new in changes.alike:
        yield (
            f"warning DL008 lesson {new} has nearly the words of {old}, which is withdrawn. If it is the same"
            f" lesson under another name, write `was: {old}` in its front matter before you publish."
        )


def describe_audience(people: Audience) -> Iterator[str]:
    states = ", ".join(f"{count} {state}" for state, count in sorted(people.states.items()))
    yield f"whom it touches: {states or 'nobody has enrolled yet'}"
    for edition, standings in groupby(people.standings, key=lambda standing: standing.edition):
        parts = (f"{standing.learners} had {_count(standing.had, 'lesson')}" for standing in standings)
        yield f"  under way on edition {edition}: {', '.join(parts)}"


def describe_reach(people: Audience, changes: Changes) -> Iterator[str]:
    if changes.corrected or changes.renamed or changes.media:
        yield "corrected words reach everybody from their next mail on; pages show them at once"
    if changes.new_edition and people.under_way:
        yield (
            f"the new edition is for those who enrol from now on; the {people.under_way} under way keep their"
            " lessons, unless you move them afterwards"
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


def _listed(slugs: Iterable[str]) -> str:
    return ", ".join(slugs) or "nothing yet"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
