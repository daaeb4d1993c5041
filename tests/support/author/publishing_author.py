"""An author at work: a folder of three short lessons, the database it is published to, and the history."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from course.content.changes import Changes
from course.db import Database
from course.drafts.check import check_files
from course.drafts.folder import Folder, read_folder
from course.models import CourseRow, Document, Edition, Media, Revision
from course.publishing.editions import Published, Shelf
from course.publishing.history import put_back
from course.publishing.publish import keep_media, propose, publish_folder
from course.staff.audit_log import Doer
from course.times import CourseTime, RealTime

NOW = CourseTime(datetime(2026, 3, 27, 12, 0, tzinfo=UTC))
SLUG = "moving-on"
AUTHOR = Doer("author@example.org", RealTime(NOW))


@dataclass(frozen=True)
class PublishingAuthor:
    """An author's folder, the database it is published to, and the machine's own folder."""

    database: Database
    lessons: Path
    var: Path

    @property
    def course(self) -> Path:
        return self.lessons / SLUG

    def write(self, **texts: str) -> None:
        """`one=...` is lesson 1, `two=...` lesson 2; bodies only."""
        numbers = {"one": 1, "two": 2, "three": 3, "four": 4}
        for slug, body in texts.items():
            self.file(f"{numbers[slug]}-{slug}.md", f"---\ntitle: {slug.title()}\n---\n{body}\n")

    def file(self, path: str, text: str) -> None:
        (self.course / path).parent.mkdir(parents=True, exist_ok=True)
        (self.course / path).write_text(text)

    def folder(self) -> Folder:
        return read_folder(self.lessons, SLUG)

    def publish(self) -> Changes:
        folder = self.folder()
        kept = keep_media(folder, self.var)
        with self.database.write() as session:
            return publish_folder(session, folder, kept, NOW, AUTHOR)

    def ahead(self) -> Changes:
        folder = self.folder()
        with self.database.read() as session:
            return propose(session, folder, check_files(folder), keep_media(folder, self.var)).changes

    def published(self) -> Published:
        """As a process that has just begun sees it."""
        with self.database.read() as session:
            return Shelf().by_slug(session, SLUG)

    def rows(self) -> dict[str, int]:
        with self.database.read() as session:
            return {
                table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
                for table in (CourseRow, Edition, Document, Revision, Media)
            }

    def versions(self) -> list[int]:
        with self.database.read() as session:
            return list(session.scalars(select(CourseRow.version)))

    def remove(self, path: str) -> None:
        (self.course / path).unlink()

    def rename(self, old: str, new: str, *was: str) -> None:
        """`rename("2-two", "2-zwei", "two")`: with the names it had in the front matter, if any are given."""
        text = re.sub("was: .*\n", "", (self.course / f"{old}.md").read_text())
        self.remove(f"{old}.md")
        self.file(f"{new}.md", text.replace("---\n", f"---\nwas: [{', '.join(was)}]\n", 1) if was else text)

    def close(self) -> None:
        self.database.close()

    def roll_back(self, version: int) -> Changes:
        with self.database.write() as session:
            return put_back(session, SLUG, version, NOW, AUTHOR)

    def order(self) -> list[str]:
        """The lessons of the newest edition."""
        return [lesson.slug for lesson in self.published().course.lessons]


def new_press(database_url: str, folder: Path) -> PublishingAuthor:
    """Three lessons in a folder, and a database that has its tables and no more."""
    press = PublishingAuthor(Database(database_url), folder / "lessons", folder / "var")
    press.file("course.md", "---\ntitle: Moving on\n---\nWelcome.\n")
    press.write(one="First words.", two="Second words.", three="Third words.")
    return press
