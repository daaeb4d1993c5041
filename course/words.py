"""Dates and moments as people say them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def day_in_words(day: date) -> str:
    """`Friday 27 March`"""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def date_in_words(day: date) -> str:
    """`27 March 2026`"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_in_words(moment: datetime, zone: str) -> str:
    """`Friday 27 March at 8:04`, on the clocks of `zone`."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{day_in_words(local.date())} at {local.hour}:{local.minute:02}"


def hour_in_words(hour: int) -> str:
    """`8:00 in the morning`"""
    part = ("at night", "in the morning", "in the afternoon", "in the evening")[
        0 if hour < 5 or hour > 22 else 1 if hour < 12 else 2 if hour < 18 else 3
    ]
    return f"{hour}:00 {part}"


def place(zone: str) -> str:
    """`New York` for `America/New_York`."""
    return zone.rpartition("/")[2].replace("_", " ")


def zone_in_words(zone: str) -> str:
    """`Berlin time` for `Europe/Berlin`; a zone without a place is its own name."""
    return f"{place(zone)} time" if "/" in zone else zone
