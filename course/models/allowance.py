"""What is counted, so that strangers cannot have others flooded with mail. Rows live for a day or two."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from course.models.base import Base


class SignUp(Base):
    """A sign-up, whoever is behind it: it names a domain and nobody. Real time.

    `proof` is a `Proof` of `course.enrolment.allowance.rates`, `spent` the name of the puzzle that was solved for
    it. Its mail waits if `leaves_at` is later than `taken_at`.
    """

    __tablename__ = "sign_up"
    __table_args__ = (Index(None, "proof", "taken_at"), Index(None, "domain", "proof", "taken_at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    domain: Mapped[str]
    proof: Mapped[str] = mapped_column(String(10))
    spent: Mapped[str | None] = mapped_column(String(64), unique=True)
    taken_at: Mapped[datetime] = mapped_column(index=True)
    leaves_at: Mapped[datetime] = mapped_column(index=True)


class Asked(Base):
    """A mail that was sent to a mailbox because somebody typed an address of it. Course time."""

    __tablename__ = "asked"
    __table_args__ = (Index(None, "mailbox", "asked_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(index=True)
