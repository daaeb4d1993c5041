"""The files of a course folder -> a `Course`, or every problem with its path and line."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from course import markup
from course.content import (
    Article,
    Block,
    Checklist,
    ChecklistItem,
    Course,
    Lesson,
    Problem,
    Prose,
    Video,
    Wording,
)
from course.frontmatter import Fields

LESSON_PATH = re.compile(r"(\d+)-([a-z0-9]+(?:-[a-z0-9]+)*)\.md")
ARTICLE_PATH = re.compile(r"articles/([a-z0-9]+(?:-[a-z0-9]+)*)\.md")
MAIL_PATH = re.compile(r"mails/(confirm|welcome|nudge|finished)\.md")
VIDEO_LINE = re.compile(r'!\[([^\]]*)\]\(\s*(\S+?)(?:\s+"([^"]*)")?\s*\)\s*')
ITEM_LINE = re.compile(r"\s{0,3}[-*+] \[[ xX]\] (.*\S)\s*")
ADDRESS = re.compile(r"(?:\]\(|^ {0,3}\[[^\]]+\]:)\s*<?([^)\s>]*)")
DURATION = re.compile(r"(\d{1,3}):([0-5]\d)")
VIDEO_FILE = re.compile(r"\.(mp4|webm)$")
VIDEO_SITE = re.compile(
    r"https://(?:(?:www|m)\.)?(?:youtube\.com/|youtu\.be/|youtube-nocookie\.com/|vimeo\.com/|player\.vimeo\.com/)"
)
SLOT = re.compile(r"\{\{\s*(.*?)\s*\}\}")
SLOTS = ("name",)

COURSE_FIELDS = (
    "title", "tagline", "summary", "audience", "author", "sender", "language", "start", "weekdays", "minutes",
    "max_open", "nudge",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parsed:
    """The course as far as it could be read; it may be published only without `errors`."""

    course: Course
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "error")


def parse_course(slug: str, texts: Mapping[str, str], media: Collection[str]) -> Parsed:
    """`texts`: Markdown files by path relative to the folder; `media`: the paths below `media/` that exist."""
    problems: list[Problem] = []
    lessons, articles, wordings = _parse_files(texts, problems)
    if "course.md" not in texts:
        problems.append(Problem("course.md", 1, "DL001", "A course needs a file `course.md`."))
    if not lessons:
        problems.append(Problem("course.md", 1, "DL002", "A course needs at least one lesson, `1-<slug>.md`."))
    course = _course(slug, Fields("course.md", texts.get("course.md", "---\ntitle: ''\n---\n")), problems)
    course = replace(course, lessons=tuple(lessons.values()), articles=articles, wordings=wordings)
    for path, text in texts.items():
        problems.extend(_broken_addresses(path, text, articles, media))
    return Parsed(course, tuple(sorted(set(problems))))


def _parse_files(
    texts: Mapping[str, str], problems: list[Problem]
) -> tuple[dict[str, Lesson], dict[str, Article], dict[str, Wording]]:
    lessons: dict[str, Lesson] = {}
    articles: dict[str, Article] = {}
    wordings: dict[str, Wording] = {}
    for path in sorted(texts, key=_order):
        if found := LESSON_PATH.fullmatch(path):
            lesson, found_problems = parse_lesson(path, texts[path])
            if lesson.slug in lessons:
                message = f"There are two lessons with the slug `{lesson.slug}`; rename one of the files."
                problems.append(Problem(path, 1, "DL003", message))
            lessons.setdefault(lesson.slug, lesson)
            problems.extend(found_problems)
        elif found := ARTICLE_PATH.fullmatch(path):
            articles[found[1]], found_problems = parse_article(path, texts[path])
            problems.extend(found_problems)
        elif found := MAIL_PATH.fullmatch(path):
            wordings[found[1]], found_problems = parse_wording(path, texts[path])
            problems.extend(found_problems)
        elif path != "course.md":
            problems.append(Problem(path, 1, "DL004", _unknown_file(path), "warning"))
    return lessons, articles, wordings


def _order(path: str) -> tuple[int, str]:
    found = LESSON_PATH.fullmatch(path)
    return (int(found[1]) if found else 0, path)


def _unknown_file(path: str) -> str:
    return (
        f"`{path}` is not used: lessons are `1-<slug>.md`, articles `articles/<slug>.md`, mails"
        " `mails/<confirm|welcome|nudge|finished>.md`; slugs are small letters, digits and hyphens."
    )


def _course(slug: str, fields: Fields, problems: list[Problem]) -> Course:
    fields.allow_only(COURSE_FIELDS)
    title = fields.text("title", required=True)
    course = Course(
        slug=slug,
        title=title,
        tagline=fields.text("tagline"),
        summary=fields.text("summary"),
        audience=fields.text("audience"),
        author=fields.text("author"),
        sender=fields.text("sender", default=fields.text("author", default=title)),
        language=fields.text("language", default="en"),
        start="next-day" if fields.choice("start", ("at-once", "next-day")) == "next-day" else "at-once",
        weekdays=fields.weekdays("weekdays"),
        minutes=fields.span("minutes", (15, 20)),
        max_open=fields.number("max_open"),
        nudge=fields.number("nudge"),
        markdown=fields.body,
        lessons=(),
        articles={},
        wordings={},
    )
    problems.extend(fields.problems)
    return course


def parse_lesson(path: str, text: str) -> tuple[Lesson, tuple[Problem, ...]]:
    """A lesson as far as it can be read, and what is wrong with it. Its slug is the file name's."""
    fields = Fields(path, text)
    fields.allow_only(("title", "subject", "preheader"))
    title = fields.text("title", required=True)
    blocks, problems = parse_blocks(path, fields.body, fields.body_line)
    slug = path.removesuffix(".md").partition("-")[2]
    lesson = Lesson(
        slug=slug,
        title=title,
        subject=fields.text("subject", default=title),
        preheader=fields.text("preheader"),
        blocks=blocks,
        articles=_linked_articles(fields.body),
        words=sum(_words(block) for block in blocks),
    )
    return lesson, (*fields.problems, *problems, *_unknown_slots(path, text))


def parse_article(path: str, text: str) -> tuple[Article, tuple[Problem, ...]]:
    fields = Fields(path, text)
    fields.allow_only(("title", "summary"))
    article = Article(
        slug=path.removeprefix("articles/").removesuffix(".md"),
        title=fields.text("title", required=True),
        summary=fields.text("summary"),
        markdown=fields.body,
        words=markup.words(fields.body),
    )
    return article, (*fields.problems, *_unknown_slots(path, text))


def parse_wording(path: str, text: str) -> tuple[Wording, tuple[Problem, ...]]:
    fields = Fields(path, text)
    fields.allow_only(("subject", "preheader"))
    wording = Wording(fields.text("subject", required=True), fields.text("preheader"), fields.body)
    return wording, (*fields.problems, *_unknown_slots(path, text))


def parse_blocks(path: str, body: str, first_line: int) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """Splits a body at its video lines and checklists; code fences are left alone."""
    blocks: list[Block] = []
    problems: list[Problem] = []
    prose: list[str] = []
    items: list[str] = []
    fences = markup.fenced_lines(body)
    before = ""

    def close() -> None:
        if "".join(prose).strip():
            blocks.append(Prose("\n".join(prose).strip("\n") + "\n"))
        if items:
            blocks.append(_checklist(items, blocks))
        prose.clear()
        items.clear()

    for number, line in enumerate(body.split("\n"), first_line):
        fenced = number - first_line in fences
        if not fenced and (found := ITEM_LINE.fullmatch(line)):
            if not items:
                close()
            items.append(found[1])
        elif items and before.strip() and line.strip() and line.startswith((" ", "\t")):
            items[-1] += f" {line.strip()}"  # an item that goes on, indented, on the next line
        elif not fenced and (found := VIDEO_LINE.fullmatch(line)) and _is_video(found[2]):
            close()
            video, why = _video(found)
            blocks.append(video)
            problems.extend(Problem(path, number, code, message) for code, message in why)
        elif items and not line.strip():
            continue
        else:
            if items:
                close()
            prose.append(line)
        before = line
    close()
    return tuple(blocks), tuple(problems)


def _is_video(source: str) -> bool:
    return bool(VIDEO_FILE.search(source) or VIDEO_SITE.match(source))


def _video(found: re.Match[str]) -> tuple[Video, list[tuple[str, str]]]:
    title, source, stated = found[1].strip(), found[2], found[3]
    problems: list[tuple[str, str]] = []
    duration = DURATION.fullmatch(stated or "")
    if duration is None:
        problems.append(("DL301", 'A video needs its duration, such as `![Title](media/talk.mp4 "4:30")`.'))
    if not title:
        problems.append(("DL302", "A video needs a title between the square brackets."))
    if not source.startswith(("media/", "https://")):
        problems.append(("DL304", "A video is a file in `media/`, or an address that begins with https://."))
    seconds = int(duration[1]) * 60 + int(duration[2]) if duration else 0
    return Video(title, source, seconds), problems


def _checklist(texts: list[str], blocks: list[Block]) -> Checklist:
    """Keys come from the words alone; the second of two equal items of a lesson gets a `-2`."""
    keys = [item.key for block in blocks if isinstance(block, Checklist) for item in block.items]
    items: list[ChecklistItem] = []
    for text in texts:
        normal = re.sub(r"\W+", " ", text.casefold()).strip()
        key = sha256(normal.encode()).hexdigest()[:10]
        same = sum(1 for earlier in keys if earlier.partition("-")[0] == key)
        items.append(ChecklistItem(f"{key}-{same + 1}" if same else key, text))
        keys.append(items[-1].key)
    return Checklist(tuple(items))


def _words(block: Block) -> int:
    match block:
        case Prose(markdown):
            return markup.words(markdown)
        case Checklist(items):
            return sum(markup.words(item.markdown) for item in items)
        case _:
            return 0


def _linked_articles(body: str) -> tuple[str, ...]:
    linked = (ARTICLE_PATH.fullmatch(address.partition("#")[0]) for address in markup.links(body))
    return tuple(dict.fromkeys(found[1] for found in linked if found))


def _unknown_slots(path: str, text: str) -> list[Problem]:
    return [
        Problem(
            path,
            number,
            "DL105",
            f"`{{{{ {found[1]} }}}}` is not a known slot; known are {', '.join(SLOTS)}.",
        )
        for number, line in enumerate(text.split("\n"), 1)
        for found in SLOT.finditer(line)
        if found[1] not in SLOTS
    ]


def _broken_addresses(
    path: str, text: str, articles: Mapping[str, Article], media: Collection[str]
) -> list[Problem]:
    problems: list[Problem] = []
    fences = markup.fenced_lines(text)
    for number, line in enumerate(text.split("\n"), 1):
        for address in ADDRESS.findall(line) if number - 1 not in fences else ():
            problem = _broken(address, articles, media)
            if problem:
                problems.append(Problem(path, number, *problem))
    return problems


def _broken(address: str, articles: Mapping[str, Article], media: Collection[str]) -> tuple[str, str] | None:
    target = address.partition("#")[0].removeprefix("../")
    if not markup.is_safe(address):
        return "DL201", f"`{address}` is not a link that may be followed; use https, http or mailto."
    if target.startswith("media/"):
        return _missing_media(target, media)
    if target.endswith(".md") and ":" not in target:
        found = ARTICLE_PATH.fullmatch(target)
        if not found or found[1] not in articles:
            return "DL202", f"`{address}` leads nowhere; articles are `articles/<slug>.md`."
    return None


def _missing_media(target: str, media: Collection[str]) -> tuple[str, str] | None:
    needed = [target]
    if VIDEO_FILE.search(target):
        stem = target.rpartition(".")[0]
        needed += [f"{stem}.jpg", f"{stem}.vtt"]
    missing = [path for path in needed if path not in media]
    if not missing:
        return None
    return (
        "DL303",
        f"Missing: {', '.join(f'`{path}`' for path in missing)} (a video needs poster and captions).",
    )
