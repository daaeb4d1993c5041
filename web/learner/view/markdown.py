"""A lesson's or article's Markdown as HTML for the site."""

import re
from html import escape

from markupsafe import Markup

from course.content.course import Lesson
from course.content.markup.html import to_html, to_inline_html
from course.content.markup.references import References
from course.content.parse import ARTICLE_PATH, LESSON_PATH
from course.content.typesetting.lines import lesson_with_lines, line_for
from course.content.typesetting.names import NAME_MARK
from course.media.paths import path_meant, place_in
from course.publishing.editions import Published
from mailer.compose.targets import media_path
from web.request import Opened

WIDE = re.compile(r"<(pre|table)\b")


class Renderer:
    """Renders for one reader: `articles_url` is where articles are read and `lessons_url` where lessons are, empty
    where they are not shown; `name` is empty for who gave none."""

    def __init__(self, published: Published, articles_url: str, name: str, lessons_url: str = "") -> None:
        self._published = published
        self._articles_url, self._lessons_url = articles_url, lessons_url
        self._name = name
        self._style = published.course.style("marked" if name else "left out")

    def html(self, markdown: str, references: References | None = None) -> Markup:
        return self._filled(to_html(markdown, self._address, self._style, references))

    def inline(self, markdown: str, references: References | None = None) -> Markup:
        return self._filled(to_inline_html(markdown, self._address, self._style, references))

    def with_lines(self, lesson: Lesson) -> Lesson:
        """The lesson with its title, preheader and the like as they are for this reader."""
        return lesson_with_lines(lesson, line_for(self._name, self._style.language))

    def media(self, path: str) -> str:
        return media_path(self._published.digest_of(path), path)

    def article(self, slug: str) -> str:
        return f"{self._articles_url}/{slug}"

    def _filled(self, html: str) -> Markup:
        # What may scroll by itself can be reached by the keyboard.
        html = WIDE.sub(r'<\1 tabindex="0"', html.replace(NAME_MARK, escape(self._name)))
        return Markup(html)  # noqa: S704 - made safe by to_html

    def _address(self, address: str) -> str:
        if address.startswith("#"):
            return address
        target = address.removeprefix("../")
        if medium := path_meant(address):
            return self.media(medium) + place_in(address)
        path, hash_sign, anchor = target.partition("#")
        if found := ARTICLE_PATH.fullmatch(path):
            return self._articles_url and f"{self.article(found[1])}{hash_sign}{anchor}"
        if found := LESSON_PATH.fullmatch(path):
            return self._lessons_url and f"{self._lessons_url}/{found[2]}{hash_sign}{anchor}"
        return address


def prose_for(opened: Opened) -> Renderer:
    """Return a renderer with this learner's own addresses and name."""
    return Renderer(opened.published, f"{opened.url}/articles", opened.learner.name, opened.url)
