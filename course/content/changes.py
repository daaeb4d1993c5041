"""What differs between two states of a course: a pure comparison, and its lines as a diff."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff

from course.media.mail_copies import original_of

Identity = tuple[str, str]
"""A document's kind and slug."""

ALIKE = 0.7
"""Share of equal words from which a removed and an added lesson look like one that was renamed."""


@dataclass(frozen=True, slots=True)
class Text:
    """`document` is the published text whose words these are; 0 for a draft's."""

    path: str
    source: str
    document: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """All that is in service, or would be: texts, the lessons' order, and media by path with their digests."""

    texts: Mapping[Identity, Text]
    lessons: tuple[str, ...]
    media: Mapping[str, str]


NOTHING_YET = Contents({}, (), {})


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences from one state of a course to another. `renamed` pairs old with new slugs; all other names
    are new ones.

    `before` and `after` are the orders of lessons, both in new names. `alike` pairs a withdrawn with an added
    lesson of nearly the same words.
    """

    added: tuple[Identity, ...]
    corrected: tuple[Identity, ...]
    withdrawn: tuple[Identity, ...]
    renamed: tuple[tuple[str, str], ...]
    media: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    alike: tuple[tuple[str, str], ...]

    @property
    def new_edition(self) -> bool:
        """Whether those under way, who keep their lessons, differ from those who come."""
        return self.before != self.after

    @property
    def nothing(self) -> bool:
        named = self.added or self.corrected or self.withdrawn or self.renamed or self.media
        return not (named or self.new_edition)


def compare(old: Contents, new: Contents, renamed: Mapping[str, str]) -> Changes:
    """`renamed` leads from new slugs to old ones. Media that are in `old` only stay in service."""
    texts = {_today(identity, renamed): text for identity, text in old.texts.items()}
    added = tuple(identity for identity in new.texts if identity not in texts)
    withdrawn = tuple(identity for identity in texts if identity not in new.texts)
    return Changes(
        added=added,
        corrected=tuple(i for i, text in new.texts.items() if i in texts and texts[i].source != text.source),
        withdrawn=withdrawn,
        renamed=tuple(sorted((old_slug, slug) for slug, old_slug in renamed.items())),
        media=tuple(sorted(path for path in new.media if _media_differ(old.media, new.media, path))),
        before=tuple(_today(("lesson", slug), renamed)[1] for slug in old.lessons),
        after=new.lessons,
        alike=_alike(
            {slug: texts[kind, slug].source for kind, slug in withdrawn if kind == "lesson"},
            {slug: new.texts[kind, slug].source for kind, slug in added if kind == "lesson"},
        ),
    )


def renamed_between(old: Contents, new: Contents) -> dict[str, str]:
    """Map the new slugs of renamed lessons to the old ones, where both states are known by their documents."""
    slugs = {text.document: slug for (kind, slug), text in old.texts.items() if kind == "lesson"}
    return {
        slug: slugs[text.document]
        for (kind, slug), text in new.texts.items()
        if kind == "lesson" and slugs.get(text.document, slug) != slug
    }


def _media_differ(old: Mapping[str, str], new: Mapping[str, str], path: str) -> bool:
    """Whether a file is another one. A copy for mails is as its original is: another release of the library that
    makes it is no change of the course."""
    original = original_of(path)
    if original and original in old and path in old and old[original] == new.get(original):
        return False
    return old.get(path) != new[path]


def _today(identity: Identity, renamed: Mapping[str, str]) -> Identity:
    kind, slug = identity
    return kind, next((new for new, old in renamed.items() if kind == "lesson" and old == slug), slug)


def _alike(gone: Mapping[str, str], come: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (old, new)
        for old, before in gone.items()
        for new, after in come.items()
        if _nearly_the_same(before.split(), after.split())
    )


def _nearly_the_same(one: list[str], other: list[str]) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The quick one counts words whatever their order: where it is low already, the slow one would take seconds.
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


@dataclass(frozen=True, slots=True)
class Difference:
    """Two states of a course. `renamed` leads from the new slugs of lessons to the old ones."""

    old: Contents
    new: Contents
    renamed: Mapping[str, str]

    @property
    def changes(self) -> Changes:
        return compare(self.old, self.new, self.renamed)

    @property
    def diff(self) -> str:
        """A unified diff of all texts that differ, in the order of their names; empty if none does."""
        before = {_today(identity, self.renamed): text for identity, text in self.old.texts.items()}
        after = self.new.texts
        pieces = (_file_diff(before.get(identity), after.get(identity)) for identity in sorted({*before, *after}))
        return "".join(line for piece in pieces for line in piece)


def _file_diff(old: Text | None, new: Text | None) -> Iterable[str]:
    lines = unified_diff(
        old.source.splitlines(keepends=True) if old else [],
        new.source.splitlines(keepends=True) if new else [],
        old.path if old else "/dev/null",
        new.path if new else "/dev/null",
    )
    return (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
