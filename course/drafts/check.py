"""A course folder as an author left it, checked by the rules."""

from collections.abc import Iterable

from course.content.parse import Parsed
from course.drafts.folder import Folder
from course.drafts.media_files import look_at
from course.lint import RULES, Rule, lint
from course.lint.draft import Draft, draft_of


def check_files(folder: Folder, rules: Iterable[Rule] = RULES) -> Parsed:
    """The draft parsed, with every finding of the rules."""
    draft = read_draft(folder)
    return Parsed(draft.course, lint(draft, rules))


def read_draft(folder: Folder) -> Draft:
    media = {path: look_at(file) for path, file in folder.media.items()}
    return draft_of(folder.slug, folder.texts, media, folder.problems)
