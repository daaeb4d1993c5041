"""A file of a draft gets another name, and all texts that speak of it with it: at once, or nothing changes."""

from collections.abc import Callable
from pathlib import Path

from course.drafts.atomic import change_all
from course.drafts.files import as_seen, changing, refuse_taken
from course.drafts.folder import Folder, read_at_rest
from course.drafts.line_ends import as_in
from course.drafts.naming import Naming


def rename_file(root: Path, path: str, seen: str, decide: Callable[[Folder], Naming]) -> Naming:
    """`seen` is the digest of what was looked at. `decide` is asked while nobody else can change the folder.

    Raises Refused, and what `decide` raises; then nothing has changed.
    """
    with changing(root):
        as_seen(root, path, seen)
        naming = decide(read_at_rest(root))
        for new in naming.paths.values():
            refuse_taken(root, new)
        contents = {
            each: [as_in((root / each).read_bytes().decode(), text).encode()]
            for each, text in naming.texts.items()
        }
        change_all(root, contents, [*naming.paths.items()])
    return naming
