"""A file from elsewhere as the files of a course of ours."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from course.content.files.mending import quoted
from course.content.problems import Problem
from course.content.slugs import plain_slug
from course.errors import Refused
from course.incoming.archive import unpacked
from course.incoming.export import TEXT_ENDINGS, Export, decoded
from course.incoming.from_docx import docx_markdown
from course.incoming.from_html import marked_markdown
from course.incoming.from_notion import notion_markdown, plain_name
from course.incoming.losses import Losses, placed, without_marks
from course.incoming.pages import Page, Pages, levelled, pages_in
from course.language.words import Phrase

IMAGE = re.compile(r"""(<img\b[^<>]{0,2000}?\bsrc=["'])([^"':<>]{1,300})(["'])""", flags=re.I)
DAY_BEFORE = re.compile(r"\w+[ \xa0]*#?\d{1,3}[ \xa0]*[:.–—|-]+[ \xa0]*(?=\S)")


@dataclass(frozen=True, slots=True)
class Incoming:
    """`title` and `landing` are the course's, if the file has them; `files` are lessons, articles and media."""

    title: str
    landing: str
    files: Mapping[str, bytes]
    findings: tuple[Problem, ...]


def incoming_file(name: str, data: bytes) -> Incoming:
    """Read a `.docx`, `.html`, `.md` or `.zip`, told by its name. Raises Refused."""
    ending, known_as = name.lower().rpartition(".")[2], plain_name(name.rpartition(".")[0])
    losses = Losses()
    if ending == "zip":
        return incoming_folder(_inner(unpacked(data)))
    if ending == "docx":
        text, pictures = docx_markdown(data, plain_slug(known_as) or "picture", losses)
        return _course(_named(pages_in(text), known_as), pictures, losses)
    if ending in ("html", "htm"):
        text = marked_markdown(without_marks(decoded(name, data)), losses)
        return _course(_named(pages_in(text), known_as), {}, losses)
    if f".{ending}" in TEXT_ENDINGS:
        text = notion_markdown(decoded(name, data), lambda path: None, losses)
        return _course(_named(pages_in(text), known_as), {}, losses)
    raise Refused(
        Phrase(
            "`%(file)s` is none of the files that can be brought over: `.docx`, `.html`, `.md`, or a `.zip`."
            " Save it as one of these first.",
            {"file": name},
        )
    )


def incoming_folder(files: Mapping[str, bytes]) -> Incoming:
    """Read a folder of Markdown with its pictures, such as Notion exports, by relative path. Raises Refused."""
    texts = sorted((path for path in files if path.lower().endswith(TEXT_ENDINGS)), key=_natural)
    if not texts:
        wordless = [path for path in files if path.lower().endswith((".docx", ".html", ".htm"))]
        if len(wordless) == 1:
            return _alone(wordless[0], files)
        raise Refused(Phrase("There is no Markdown in it. Export from Notion as “Markdown & CSV”."))
    losses, folder = Losses(), Export(files)
    top = min(path.count("/") for path in texts)
    roots = [path for path in texts if path.count("/") == top]
    children = [path for path in texts if path.count("/") == top + 1]
    if len(texts) == 1:
        return _course(_named(pages_in(folder.text(texts[0], losses)), plain_name(texts[0])), folder.media, losses)
    root = roots[0] if len(roots) == 1 and children else None
    lessons = children if root else roots
    for path in lessons:
        folder.known[path] = ""
    for path in texts:
        if path not in lessons and path != root:
            folder.known[path] = f"articles/{_slug(plain_name(path), 'article', folder.known.values())}.md"
    pages = Pages(*_landing(root, folder, losses), tuple(_page(folder, path, losses) for path in lessons))
    done = _course(pages, {}, losses)
    articles, findings = {}, list(done.findings)
    for path, ours in folder.known.items():
        if ours:
            page = _page(folder, path, losses)
            text, found = placed(
                ours, f"---\ntitle: {quoted(page.title)}\nsummary:\n---\n\n{page.text}", losses.found
            )
            articles[ours] = text.encode()
            findings += found
    return Incoming(done.title, done.landing, {**done.files, **articles, **folder.media}, tuple(findings))


def _alone(path: str, files: Mapping[str, bytes]) -> Incoming:
    """One file with the pictures it shows, as Google Docs saves a page."""
    if path.lower().endswith(".docx"):
        return incoming_file(path, files[path])
    folder = Export(files)

    def shown(found: re.Match[str]) -> str:
        return f"{found[1]}{folder.target(path, unquote(found[2])) or found[2]}{found[3]}"

    incoming = incoming_file(path, IMAGE.sub(shown, decoded(path, files[path])).encode())
    return replace(incoming, files={**incoming.files, **folder.media})


def _page(folder: Export, path: str, losses: Losses) -> Page:
    page = pages_in(folder.text(path, losses))
    if len(page.lessons) == 1 and page.lessons[0].title:
        return page.lessons[0]
    return Page(plain_name(path), levelled(folder.text(path, losses)))


def _landing(root: str | None, folder: Export, losses: Losses) -> tuple[str, str]:
    if root is None:
        return "", ""
    page = _page(folder, root, losses)
    lines = (
        line for line in page.text.split("\n") if line.strip() not in {plain_name(path) for path in folder.known}
    )
    return page.title, "\n".join(lines).strip("\n")


def _named(pages: Pages, known_as: str) -> Pages:
    """A single lesson to which nobody gave a title goes by the name of its file."""
    if len(pages.lessons) == 1 and not pages.lessons[0].title:
        return Pages(pages.title, pages.landing, (Page(known_as, pages.lessons[0].text),))
    return pages


def _course(pages: Pages, media: Mapping[str, bytes], losses: Losses) -> Incoming:
    files: dict[str, bytes] = dict(media)
    landing, found = placed("course.md", pages.landing.strip("\n"), losses.found)
    findings = list(found)
    slugs: list[str] = []
    for number, page in enumerate(pages.lessons, 1):
        title = page.title or (pages.title if len(pages.lessons) == 1 else "") or f"Lesson {number}"
        slugs.append(_slug(DAY_BEFORE.sub("", title), f"lesson-{number}", slugs))
        path = f"{number}-{slugs[-1]}.md"
        matter = f"---\ntitle: {quoted(title)}\nsubject: {quoted(title)}\npreheader:\n---\n\n"
        text, found = placed(path, matter + page.text, losses.found)
        files[path] = (text.rstrip() + "\n").encode()
        findings += found
    return Incoming(pages.title, landing, files, tuple(findings))


def _slug(title: str, otherwise: str, taken: Iterable[str]) -> str:
    slug = plain_slug(title) or otherwise
    names = {name.removeprefix("articles/").removesuffix(".md") for name in taken}
    number, free = 2, slug
    while free in names:
        free, number = f"{slug}-{number}", number + 1
    return free


def _inner(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Notion packs a big export into files of files."""
    if files and all(path.lower().endswith(".zip") for path in files):
        return {path: data for inner in files.values() for path, data in unpacked(inner).items()}
    return {path: data for path, data in files.items() if "__MACOSX/" not in path and "/." not in f"/{path}"}


def _natural(path: str) -> tuple[object, ...]:
    """`Day 2` before `Day 10`."""
    parts = re.split(r"(\d{1,9})", plain_name(path).casefold())
    return (path.count("/"), [(int(part), "") if part.isdecimal() else (0, part) for part in parts])
