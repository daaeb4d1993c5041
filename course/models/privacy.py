"""What people agreed to, who wishes to be left alone, what the site says of itself, and when was last purged."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from course.models.base import Base


class Wording(Base):
    """Words under which somebody agreed to something, kept once by the SHA-256 of their UTF-8 bytes."""

    __tablename__ = "wording"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    words: Mapped[str]
    first_shown_at: Mapped[datetime]


class Consent(Base):
    """One act: a learner agreed to something, or took it back.

    Rows are added, never changed: a trigger sees to it. They go with their learner.

    `purpose`, `act` and `place` are those of `course.consent.acts`; `at` is course time. `language` and `wording`
    are those of the page or mail; there is no wording where nobody showed one, as for an import.
    """

    __tablename__ = "consent"
    __table_args__ = (Index(None, "enrolment_id", "purpose"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    at: Mapped[datetime]
    purpose: Mapped[str] = mapped_column(String(20))
    act: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(20))
    wording: Mapped[str | None] = mapped_column(ForeignKey("wording.digest"))


class LeftAlone(Base):
    """An erased address that wishes for no mail. `digest` is keyed by the database's pepper; it names nobody."""

    __tablename__ = "left_alone"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))
    since_on: Mapped[date] = mapped_column(Date)


class Pepper(Base):
    """The one row with the key of all digests in `left_alone`, made when the first is: whatever becomes of
    SECRET_KEY, they are found again."""

    __tablename__ = "pepper"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))


class SiteText(Base):
    """A published text of the site itself: `site`, `privacy` or `imprint`, as its author wrote it."""

    __tablename__ = "site_text"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    source: Mapped[str]
    published_at: Mapped[datetime]


class Chore(Base):
    """What is done once a day by one of the clock processes, and since when it is due again (real time)."""

    __tablename__ = "chore"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    due_at: Mapped[datetime]
