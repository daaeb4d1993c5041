"""The fixed words of mails and pages in one language, with dates and moments as its speakers say them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "yi", "ps", "sd", "ckb", "dv"}


@dataclass(frozen=True)
class Phrase:
    """A sentence whose language is chosen later. Values may be phrases, dates, moments, minutes and decimals."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return ENGLISH.of(self)

    def __lt__(self, other: "Phrase") -> bool:
        return str(self) < str(other)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as the clocks of `zone` show it."""

    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class MinutesSaid:
    """`1 minute`, `19 minutes`."""

    number: int


@dataclass(frozen=True)
class Words:
    """`forms` has each English text's translations: one, or those that `plural_form` picks from."""

    language: str
    locale: Locale
    forms: Mapping[str, tuple[str, ...]]
    plural_form: Callable[[int], int]

    @property
    def direction(self) -> str:
        return direction(self.language)

    def gettext(self, text: str, **values: object) -> str:
        """An unknown text stays English. Blanks are `%(name)s`, a percent sign is `%%`."""
        return self.text(text) % values

    def ngettext(self, one: str, many: str, num: int, **values: object) -> str:
        """`%(num)s` in the texts is the number."""
        return self.form(one, many, num) % {"num": num, **values}

    def text(self, text: str) -> str:
        """Its translation with the blanks still in it, as `form` too."""
        return self.forms.get(text, (text,))[0]

    def form(self, one: str, many: str, num: int) -> str:
        forms = self.forms.get(one)
        return forms[self.plural_form(num)] if forms else one if num == 1 else many

    def of(self, phrase: Phrase) -> str:
        return self.text(phrase.text) % {name: self._said(value) for name, value in phrase.values.items()}

    def _said(self, value: object) -> object:
        match value:
            case Phrase():
                return self.of(value)
            case Moment(at, zone):
                return self.moment(at, zone)
            case MinutesSaid(number):
                return self.minutes(number)
            case date():
                return self.day(value)
            case float():
                return self.number(value)
            case _:
                return value

    def number(self, number: float) -> str:
        """`1,234.56`, to two decimal places at most."""
        return format_decimal(number, "#,##0.##", self.locale)

    def percent(self, share: float) -> str:
        """`18%`, of a share from 0 to 1."""
        return format_percent(share, locale=self.locale)

    def day(self, day: date) -> str:
        """`Friday 27 March`"""
        # translators: weekday, day and month, in the letters of https://babel.pocoo.org/en/latest/dates.html
        return _in_form(day, self.gettext("EEEE d MMMM"), self.locale)

    def full_date(self, day: date) -> str:
        """`27 March 2026`"""
        return _in_form(day, "long", self.locale)

    @property
    def weekdays(self) -> tuple[str, ...]:
        """Return the names of the weekdays, Monday first."""
        names = self.locale.days["stand-alone"]["wide"]
        return tuple(names[number] for number in range(7))

    @property
    def short_weekdays(self) -> tuple[str, ...]:
        """Return the weekdays as calendars have them, such as `Mon`, Monday first."""
        names = self.locale.days["stand-alone"]["abbreviated"]
        return tuple(names[number] for number in range(7))

    def moment(self, moment: datetime, zone: str) -> str:
        """`Friday 27 March at 8:04`, on the clocks of `zone`."""
        local = moment.astimezone(ZoneInfo(zone))
        return self.gettext(
            "%(day)s at %(time)s", day=self.day(local.date()), time=f"{local.hour}:{local.minute:02}"
        )

    def hour(self, hour: int) -> str:
        """`8:00 in the morning`"""
        time = f"{hour}:00"
        if hour < 5 or hour > 22:
            return self.gettext("%(time)s at night", time=time)
        if hour < 12:
            return self.gettext("%(time)s in the morning", time=time)
        if hour < 18:
            return self.gettext("%(time)s in the afternoon", time=time)
        return self.gettext("%(time)s in the evening", time=time)

    def length(self, seconds: int) -> str:
        """`4 minutes 30 seconds`: a duration as one says it, for those who hear it read."""
        minutes, rest = divmod(seconds, 60)
        said = [self.minutes(minutes)] if minutes else []
        if rest or not minutes:
            said.append(self.ngettext("%(num)s second", "%(num)s seconds", rest))
        return " ".join(said)

    def minutes(self, number: int) -> str:
        return self.ngettext("%(num)s minute", "%(num)s minutes", number)

    def span(self, least: int, most: int) -> str:
        """`15 to 20`"""
        return str(least) if least == most else self.gettext("%(least)s to %(most)s", least=least, most=most)

    def listed(self, names: Sequence[str]) -> str:
        """`Monday, Tuesday and Friday`"""
        if len(names) < 2:
            return "".join(names)
        return self.gettext("%(these)s and %(last)s", these=", ".join(names[:-1]), last=names[-1])

    def zone(self, zone: str) -> str:
        """`Berlin time` for `Europe/Berlin`; a zone without a place is its own name."""
        return self.gettext("%(place)s time", place=place(zone)) if "/" in zone else zone


ENGLISH = Words("en", Locale("en", "GB"), {}, lambda number: int(number != 1))


@lru_cache(maxsize=1024)
def _in_form(day: date, form: str, locale: Locale) -> str:
    """Kept, since the letters of a batch mostly speak of the same few days."""
    return format_date(day, form, locale)


def direction(language: str) -> str:
    return "rtl" if language.lower().partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def place(zone: str) -> str:
    """`New York` for `America/New_York`."""
    return zone.rpartition("/")[2].replace("_", " ")
