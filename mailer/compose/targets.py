"""Where the links of a mail lead: tracked in the HTML part if at all, direct in the text part."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from course.content.mails import Target
from course.content.slugs import SLUG
from course.media.paths import path_meant, place_in
from mailer.compose.slots import slot

ARTICLE = re.compile(rf"(?:\.\./)?articles/({SLUG.pattern})\.md(#.*)?")
LESSON = re.compile(rf"(?:\.\./)?\d+-({SLUG.pattern})\.md(#.*)?")
ELSEWHERE = re.compile(r"https?://", re.I)


def media_path(digest: str, path: str) -> str:
    """Where the site serves a published file; the address changes when the file does."""
    return f"/media/{digest}/{quote(path.rpartition('/')[2])}"


@dataclass(frozen=True, slots=True)
class Targets:
    """`home` is where the course lives for the reader; `fallback` the page below it for what leads nowhere.

    Who is not `signed_up` is only asked something, and leaves by saying no to it.
    `sign_link` is None where clicks are not recorded.
    """

    base_url: str
    home: str
    fallback: str
    personal: bool
    signed_up: bool
    sign_link: Callable[[str], str] | None
    media_url: Callable[[str], str]

    def address(self, target: Target) -> str:
        """Where a button leads, never counted."""
        match target:
            case "its page":
                return self.page(self.fallback)
            case "confirmation":
                return f"{self.base_url}/confirm/{slot('confirm')}"
            case "certificate":
                return f"{self.base_url}/certificates/{slot('serial')}"
            case "agreement":
                return self.agree
            case "wish":
                return f"{self.base_url}/wish/{slot('wish')}"
            case "lost link":
                return f"{self.base_url}/lost-link"

    @property
    def agree(self) -> str:
        return f"{self.base_url}/agree/{slot('agree')}"

    @property
    def calendar(self) -> str:
        """Where the course page offers the days: a subscription, that follows the plan, before the file."""
        return f"{self.home}?calendar#calendar" if self.personal else self.home

    @property
    def unsubscribe(self) -> str:
        if not self.signed_up:
            return f"{self.agree}/no"
        return f"{self.base_url}/unsubscribe/{slot('unsubscribe')}"

    @property
    def pixel(self) -> str:
        return f"{self.base_url}/o/{slot('pixel')}.gif" if self.sign_link else ""

    def page(self, path: str) -> str:
        """The direct address of a page below the learner's course page."""
        return f"{self.home}/{path}" if self.personal and path else self.home

    def counted_page(self, path: str) -> str:
        return self._counted(f"~/{path}") if self.sign_link and path else self.page(path)

    def direct(self, written: str) -> str:
        """The reader's address for what the author wrote."""
        if written.startswith("#"):
            return written
        if path := _page_of(written):
            return self.page(path)
        if medium := path_meant(written):
            return self.media_url(medium) + place_in(written)
        if ELSEWHERE.match(written) or written.lower().startswith("mailto:"):
            return written
        return self.page(self.fallback)

    def counted(self, written: str) -> str:
        """Return where a link of the HTML part leads: through our counter if mails are tracked."""
        if (
            self.sign_link is None
            or written.startswith("#")
            or path_meant(written)
            or written.lower().startswith("mailto:")
        ):
            return self.direct(written)
        if path := _page_of(written):
            return self.counted_page(path)
        return self._counted(written) if ELSEWHERE.match(written) else self.counted_page(self.fallback)

    def _counted(self, target: str) -> str:
        signed = self.sign_link(target) if self.sign_link else ""
        return f"{self.base_url}/c/{slot('mark')}/{signed}"


def _page_of(written: str) -> str:
    """The page of an article or a lesson, below the learner's course page; empty if neither is meant."""
    if found := ARTICLE.fullmatch(written):
        return f"articles/{found[1]}{found[2] or ''}"
    found = LESSON.fullmatch(written)
    return f"{found[1]}{found[2] or ''}" if found else ""
