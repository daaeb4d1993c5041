"""What a form must hold to be taken: pure checks with reasons for people."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from zoneinfo import available_timezones

from course.addresses.email_address import NotAnAddress, ascii_address
from course.addresses.marks import UNSHOWABLE, stripped
from course.errors import Errors, Invalid
from course.language.words import Phrase

MAX_NAME = 80
LONGEST_PAUSE_DAYS = 366
MOST_OPEN = 99


@dataclass(frozen=True, slots=True)
class Registration:
    """`email` is in small letters and checked for its form only. Not `counted`: staff, who try the course."""

    email: str
    name: str
    zone: str
    hour: int
    tracking: bool
    counted: bool = True

    def unless_among(self, staff: Collection[str]) -> "Registration":
        """Return the registration as one that the numbers leave out if its address is one of `staff`."""
        return replace(self, counted=self.email not in staff)


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """The IANA zones people choose from."""
    plain = (
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))
    )
    return ("UTC", *sorted(plain))


def read_registration(form: Mapping[str, str]) -> Registration:
    """Raises Invalid with every field's reason. `tracking` counts only if it was ticked."""
    errors: Errors = {}
    registration = Registration(
        email=read_email(form.get("email", ""), errors),
        name=read_name(form.get("name", ""), errors),
        zone=read_zone(form.get("zone", ""), errors),
        hour=read_hour(form.get("hour", "8"), errors),
        tracking=read_tracking([form.get("tracking", "")]),
    )
    if errors:
        raise Invalid(errors)
    return registration


def read_email(text: str, errors: Errors) -> str:
    """The one form of an address: what is kept, compared and mailed to, however it was written; empty if there is
    none."""
    try:
        return ascii_address(text).lower()
    except NotAnAddress as problem:
        errors["email"] = problem.why
        return ""


def read_name(text: str, errors: Errors) -> str:
    name = text.strip()
    if UNSHOWABLE.search(name):
        errors["name"] = Phrase("The name holds characters that cannot be shown; please type it again.")
    elif len(name) > MAX_NAME:
        values = {"most": MAX_NAME, "length": f"{len(name):,}"}
        errors["name"] = Phrase("Please shorten the name to %(most)s characters; this one has %(length)s.", values)
    return stripped(name)


def read_tracking(sent: Sequence[str]) -> bool:
    """Whether it was ticked. A form may send an empty word beside, to say that the box was there."""
    return not {"1", "on", "yes", "true"}.isdisjoint(sent)


def read_zone(text: str, errors: Errors) -> str:
    zone = stripped(text) or "UTC"
    if zone not in available_zones():
        errors["zone"] = Phrase("We do not know this time zone; please choose one from the list.")
    return zone


@lru_cache(maxsize=1)
def available_zones() -> frozenset[str]:
    """All that may be chosen, the older names too; what means "this machine's zone" means nothing to a learner."""
    return frozenset(available_timezones()) - {"localtime", "posixrules", "Factory"}


@lru_cache(maxsize=1)
def unlisted_zones() -> tuple[str, ...]:
    """The zones that may be chosen and are not in the list: some browsers tell one of these as theirs."""
    return tuple(sorted(available_zones() - set(zones())))


def read_hour(text: str, errors: Errors) -> int:
    hour = stripped(text)
    if not re.fullmatch("[0-9]{1,2}", hour) or int(hour) > 23:
        errors["hour"] = Phrase("Please choose an hour from 0 to 23.")
        return 8
    return int(hour)


def read_max_open(text: str, errors: Errors) -> int | None:
    """How many lessons may be out unfinished; None, from an empty field, for any number."""
    if not text.strip():
        return None
    if not re.fullmatch("[0-9]{1,2}", text.strip()) or int(text) < 1:
        errors["max_open"] = Phrase(
            "Please give a number of days from 1 to %(most)s, or none for no limit.", {"most": MOST_OPEN}
        )
        return None
    return int(text)


def read_weekdays(chosen: Sequence[str], errors: Errors) -> str:
    """The chosen days as digits, Monday is 0. Empty words do not count: a form sends one to say "none"."""
    days = sorted({day for day in chosen if day})
    if not days:
        errors["weekdays"] = Phrase("Please keep at least one day on which lessons may come.")
    elif not all(re.fullmatch("[0-6]", day) for day in days):
        errors["weekdays"] = Phrase("Please choose among the seven days of the week.")
    return "".join(days)


def read_pause(days: str, until: str, today: date) -> int | date | None:
    """Read for how many days to pause, or until which day; None means until further notice. Raises Invalid."""
    if until.strip():
        return _day_after(today, until.strip())
    if not days.strip():
        return None
    if not re.fullmatch("[0-9]{1,3}", days.strip()) or not 1 <= int(days) <= LONGEST_PAUSE_DAYS:
        raise Invalid(
            {
                "pause": Phrase(
                    "Please pause for 1 to %(most)s days, or until you go on.", {"most": LONGEST_PAUSE_DAYS}
                )
            }
        )
    return int(days)


def _day_after(today: date, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    if not 1 <= (day - today).days <= LONGEST_PAUSE_DAYS:
        raise Invalid(
            {"pause": Phrase("Please choose a day within the next %(most)s days.", {"most": LONGEST_PAUSE_DAYS})}
        )
    return day
