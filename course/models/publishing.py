"""What authors have published."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from course.models.base import Base


class CourseRow(Base):
    """A course that was published. `version` grows with each publication: caches go by it."""

    __tablename__ = "course"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int]
    edition_id: Mapped[int]
    published_at: Mapped[datetime]


class Edition(Base):
    """An ordered list of lessons. Enrolments keep the one they began with."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("course_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    lessons: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]


class Document(Base):
    """A published text with an identity: the course page, a lesson, an article, a mail's wording.

    `revision_id` is the text in force. Renumbering a lesson's file keeps the document, since its identity
    is its slug.
    """

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("course_id", "kind", "slug"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    kind: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str]
    revision_id: Mapped[int]
    withdrawn: Mapped[bool]


class Revision(Base):
    """One text of a document, as the author wrote it; never changed."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("document_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    path: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[str]
    created_at: Mapped[datetime]


class Media(Base):
    """A file that was once in a course's `media/`, kept by its digest under `VAR_DIR/media`.

    Rows stay: mails that were sent, and publications to go back to, show it.
    """

    __tablename__ = "media"
    __table_args__ = (UniqueConstraint("course_id", "path", "digest"), Index(None, "digest"))
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    path: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]


class Publication(Base):
    """One publication of a course, as it was in force from then on: going back to it gives the same bytes.

    `texts` has the revision of each document by `<kind>:<slug>`, `media` the digest of each file by its path.
    """

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("course_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version: Mapped[int]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    texts: Mapped[dict[str, Any]]
    media: Mapped[dict[str, Any]]
    who: Mapped[str]
    why: Mapped[str]
    published_at: Mapped[datetime]


class FormerSlug(Base):
    """A lesson's earlier slug, which still leads to it. A lesson that is renamed stays the same lesson."""

    __tablename__ = "former_slug"
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    now: Mapped[str]
