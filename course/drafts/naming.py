"""Another name for a file of the draft, and all that changes with it: a pure decision."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from course.content.lesson_identity import Names
from course.content.parse import ARTICLE_PATH, LESSON_PATH
from course.content.slugs import check_slug
from course.drafts.former_names import former_names, with_was
from course.errors import NotFound, Refused
from course.language.words import Phrase
from course.lint.draft import ADDRESS, Page
from course.media.paths import find, path_meant, place_in


@dataclass(frozen=True, slots=True)
class Naming:
    """`paths` leads from old to new ones; `texts` are those that read differently then, by their old paths."""

    paths: Mapping[str, str]
    texts: Mapping[str, str]


def can_be_renamed(path: str) -> bool:
    """Lessons, articles and media; the other texts are found by their names."""
    return bool(LESSON_PATH.fullmatch(path) or ARTICLE_PATH.fullmatch(path) or path.startswith("media/"))


def name_in(path: str) -> str:
    """Return the part of a path that an author may change: a lesson's without its number, and no ending."""
    if found := LESSON_PATH.fullmatch(path):
        return found[2]
    return path.rpartition("/")[2].rpartition(".")[0]


def renamed(texts: Mapping[str, str], media: Collection[str], path: str, name: str, names: Names) -> Naming:
    """Decide what gives a lesson, an article or a medium another name. Raises Refused, NotFound.

    A lesson stays the same lesson; captions and poster keep the name of their film; links follow.
    """
    files = [*texts, *media]
    if path not in files or not can_be_renamed(path):
        raise NotFound(Phrase("There is no file `%(file)s` in this course any more.", {"file": path}))
    check_slug(name)
    if name == name_in(path):
        raise Refused(Phrase("It has the name `%(name)s` already. Write another one.", {"name": name}))
    paths = _paths(files, path, name)
    _check_free(files, paths)
    changed = dict(texts)
    if LESSON_PATH.fullmatch(path):
        _check_lesson(texts, path, name, names)
        was = (*former_names(path, texts[path]), name_in(path))
        changed[path] = with_was(path, texts[path], [slug for slug in dict.fromkeys(was) if slug != name])
    changed = {each: relinked(each, text, paths) for each, text in changed.items()}
    return Naming(paths, {each: text for each, text in changed.items() if text != texts[each]})


def relinked(path: str, text: str, paths: Mapping[str, str]) -> str:
    """A text whose links and pictures go by the new paths of files; code stays as it is."""
    page, lines = Page(path, text), text.split("\n")
    for number, line in page.lines:
        # From the right, so that what was found further left still stands where it was found.
        for found in reversed([*ADDRESS.finditer(line)]):
            target = page.target(found[1])
            meant = find(target, paths) if target is not None else None
            if meant is not None:
                start, end = found.span(1)
                address = _readdressed(found[1], target or "", paths[meant])
                lines[number - 1] = lines[number - 1][:start] + address + lines[number - 1][end:]
    return "\n".join(lines)


def _readdressed(address: str, target: str, path: str) -> str:
    """An address that leads to another path, with all that stands before and behind the old one."""
    if path_meant(address) is None:
        return address.replace(target, path, 1)
    before = "../" if address.startswith("../") else ""
    return f"{before}{path.replace(' ', '%20')}{place_in(address)}"


def links_to(texts: Mapping[str, str], paths: Collection[str]) -> list[str]:
    """The texts in which a link, or a picture, goes by one of these paths."""
    pages = (Page(path, text) for path, text in texts.items())
    return [page.path for page in pages if any(_leads_to(page, address, paths) for _, address in page.addresses)]


def _leads_to(page: Page, address: str, paths: Collection[str]) -> bool:
    target = page.target(address)
    return target is not None and find(target, paths) is not None


def together_with(files: Collection[str], path: str) -> list[str]:
    """The files that have their name together: a film with its captions and its poster."""
    stem = path.rpartition(".")[0]
    return [each for each in files if each.rpartition(".")[0] == stem] if path.startswith("media/") else [path]


def _paths(files: Collection[str], path: str, name: str) -> dict[str, str]:
    before = path.rpartition(".")[0].removesuffix(name_in(path))
    return {each: f"{before}{name}.{each.rpartition('.')[2]}" for each in together_with(files, path)}


def _check_free(files: Collection[str], paths: Mapping[str, str]) -> None:
    """Also where a disk takes `A.jpg` and `a.jpg` for one file."""
    taken = {_as_some_disks(path): path for path in files if path not in paths}
    for new in paths.values():
        if there := taken.get(_as_some_disks(new)):
            raise Refused(
                Phrase("There is a file `%(file)s` already. Rename one of the two first.", {"file": there})
            )


def _as_some_disks(path: str) -> str:
    return normalize("NFC", path).casefold()


def _check_lesson(texts: Mapping[str, str], path: str, name: str, names: Names) -> None:
    """A name belongs to one lesson for ever."""
    for other, text in texts.items():
        if other != path and (found := LESSON_PATH.fullmatch(other)):
            if name == found[2]:
                raise Refused(Phrase("There is a lesson `%(name)s` already. Choose another name.", {"name": name}))
            if name in former_names(other, text):
                raise _belongs_to(name, found[2])
    own = {names.current(slug) for slug in (name_in(path), *former_names(path, texts[path]))}
    owner = names.current(name)
    if owner is not None and owner not in own:
        raise _belongs_to(name, owner)


def _belongs_to(name: str, lesson: str) -> Refused:
    return Refused(
        Phrase(
            "`%(name)s` is, or was, the name of the lesson `%(lesson)s`, and links in sent mails lead there."
            " Choose a name that no other lesson has had.",
            {"name": name, "lesson": lesson},
        )
    )
