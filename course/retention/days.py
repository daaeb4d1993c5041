"""How long each kind of data is kept: `RETENTION`, read and checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

NEVER = "never"


@dataclass(frozen=True, slots=True)
class Kind:
    """What may go after a time. `days` is the default, None for never; `least` keeps what is still needed."""

    said: str
    days: int | None
    least: int = 1


KINDS: Mapping[str, Kind] = {
    "unconfirmed": Kind("sign-ups that nobody confirmed", 30, least=7),
    "learners": Kind("learners who have finished or left every course", None, least=30),
    "events": Kind("what befell mails: delivered, bounced, opened, clicked", 400, least=30),
    "agents": Kind("what mail providers told besides: programs, networks, their own numbers", 30),
    "changes": Kind("changes of address that are over", 30, least=14),
    "sign-ins": Kind("links into the studio that were asked for", 30),
    "sessions": Kind("browsers in the studio that were not seen since", 30, least=14),
    "probes": Kind("mails to ourselves that tried the line", 30, least=7),
    "deeds": Kind("the studio's log of deeds", 1100, least=30),
    "asked": Kind("to which mailboxes mails went because somebody typed the address", 2, least=2),
    "counted": Kind("sign-ups as they are counted against floods: domains, and moments", 2, least=2),
    "left-alone": Kind("digests of erased addresses that wish for no mail", None, least=365),
}
"""In the order in which they are purged. docs/privacy.md says why each default is what it is."""

Retention = Mapping[str, int | None]
"""Days by kind; None: for as long as the learner, or the site, is there."""

DEFAULTS: Retention = {name: kind.days for name, kind in KINDS.items()}
ENTRY = re.compile(r"\s*([a-z-]+)\s*=\s*(\S+)\s*", flags=re.I)


def read_retention(text: str) -> Retention:
    """Read `events=400,learners=never`: what is not named keeps its default. Raises ValueError with what to write
    instead, of all that is wrong."""
    kept, problems = dict(DEFAULTS), []
    for entry in filter(str.strip, text.split(",")):
        try:
            name, days = _entry(entry.strip())
            kept[name] = days
        except ValueError as problem:
            problems.append(str(problem))
    if problems:
        raise ValueError(" ".join(problems))
    return kept


def _entry(entry: str) -> tuple[str, int | None]:
    found = ENTRY.fullmatch(entry)
    if found is None:
        raise ValueError(f"`{entry}` must be a kind and its days, such as `events=400` or `learners=never`.")
    name, days = found[1].lower(), found[2].lower()
    if name not in KINDS:
        near = get_close_matches(name, KINDS, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(KINDS)}."
        raise ValueError(f"`{name}` is no kind of data; {hint}")
    if days == NEVER:
        return name, None
    if not re.fullmatch("[0-9]{1,5}", days):
        raise ValueError(f"`{entry}`: write a whole number of days, or `{name}=never`.")
    if int(days) < KINDS[name].least:
        raise ValueError(f"`{entry}`: {KINDS[name].least} days are the least, as it is needed for so long.")
    return name, int(days)
