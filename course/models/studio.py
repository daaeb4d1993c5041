"""Who may work in the studio, who is signed in, and what they did. Real time throughout."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from course.models.base import Base


class SignIn(Base):
    """A mailed one-time link. `id` is a digest of its secret, `browser` one of the asking browser's cookie.

    `network` is a keyed hash of where it was asked from; `known` names the browser if it has signed in with this
    address before. `mailed_at` is None where none was mailed.
    """

    __tablename__ = "sign_in"
    __table_args__ = (Index(None, "email", "mailed_at"),)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    email: Mapped[str]
    browser: Mapped[str] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(32), default="", server_default=text("''"))
    known: Mapped[str] = mapped_column(String(32), default="", server_default=text("''"))
    asked_at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class StudioSession(Base):
    """A browser that is signed in; `id` is a digest of its cookie. Signing out everywhere ends them all."""

    __tablename__ = "studio_session"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    email: Mapped[str] = mapped_column(index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Deed(Base):
    """Who did what in the studio or by command. Rows are added, never changed or removed: triggers see to it."""

    __tablename__ = "deed"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str] = mapped_column(String(40))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    details: Mapped[dict[str, Any]]
