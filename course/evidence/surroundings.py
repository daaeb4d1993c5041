"""What the hits beside a hit say of it. Pure, and the same in whatever order they came."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter

from course.evidence.hits import Browser, Hit

SEVERAL_LINKS = ((2, timedelta(seconds=1)), (3, timedelta(seconds=3)), (5, timedelta(seconds=12)))
"""So many links of one mail within so short a time is more than a hand does."""

SOON_SECONDS = 60.0
SEVERAL_LINKS_SOON = ((2, timedelta(seconds=3)), (3, timedelta(seconds=10)))
"""The same in the first minute after a mail was taken, when gateways work and hardly anybody reads."""

CROWD, CROWD_WITHIN = 5, timedelta(seconds=5)
SCATTERED, SCATTERED_WITHIN = 3, timedelta(seconds=30)
BESIDE = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`several`, `crowd`, `scattered` and `beside` are keys of hits. `marked` are browsers that did what only
    machines do, `proven` those in which somebody did what only people do. `read_by` says until when a mail was
    surely opened by a person: by the last of their clicks."""

    several: frozenset[str] = frozenset()
    crowd: frozenset[str] = frozenset()
    scattered: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    marked: frozenset[Browser] = frozenset()
    proven: frozenset[Browser] = frozenset()
    read_by: Mapping[str, datetime] = field(default_factory=dict)

    def was_read_after(self, hit: Hit) -> bool:
        moment = self.read_by.get(hit.mail)
        return moment is not None and hit.at <= moment


def several_links(hits: Collection[Hit]) -> frozenset[str]:
    """Hits that are one of several links of their mail, asked for faster than a hand does."""
    clicks = [hit for hit in hits if hit.act == "clicked"]
    soon = [hit for hit in clicks if hit.after is not None and hit.after < SOON_SECONDS]
    return frozenset(
        hit.key
        for found, paces in ((clicks, SEVERAL_LINKS), (soon, SEVERAL_LINKS_SOON))
        for many, within in paces
        for group in _groups(found, attrgetter("mail"))
        for hit in _crowded(group, attrgetter("link"), many, within)
    )


def crowds(hits: Collection[Hit]) -> frozenset[str]:
    """Hits by which one address asks for mails of many people at once."""
    sourced = [hit for hit in hits if hit.source and hit.act == "clicked"]
    return frozenset(
        hit.key
        for group in _groups(sourced, attrgetter("source"))
        for hit in _crowded(group, attrgetter("recipient"), CROWD, CROWD_WITHIN)
    )


def scattered(hits: Collection[Hit]) -> frozenset[str]:
    """Hits of one mail that come from more addresses at once than one reader has."""
    sourced = [hit for hit in hits if hit.source and hit.act == "clicked"]
    return frozenset(
        hit.key
        for group in _groups(sourced, attrgetter("mail"))
        for hit in _crowded(group, attrgetter("source"), SCATTERED, SCATTERED_WITHIN)
    )


def read_mails(hits: Iterable[Hit], proven: Collection[Browser]) -> dict[str, datetime]:
    last: dict[str, datetime] = {}
    for hit in hits:
        if hit.act == "clicked" and hit.browser in proven:
            last[hit.mail] = max(hit.at, last.get(hit.mail, hit.at))
    return last


def looked_beside(hits: Collection[Hit], proven: Collection[Browser]) -> frozenset[str]:
    """Clicks by another program, at the same link and nearly the same moment as a person's: it looked at what they
    were about to see."""
    clicks = [hit for hit in hits if hit.act == "clicked"]
    return frozenset(
        hit.key
        for group in _groups(clicks, attrgetter("mail", "link"))
        for moments in [[hit.at for hit in group if hit.browser in proven]]
        for hit in group
        if hit.browser not in proven
        if bisect_left(moments, hit.at - BESIDE) < bisect_right(moments, hit.at + BESIDE)
    )


def _groups(hits: Iterable[Hit], key: Callable[[Hit], Hashable]) -> Iterable[list[Hit]]:
    found: defaultdict[Hashable, list[Hit]] = defaultdict(list)
    for hit in sorted(hits, key=attrgetter("at", "key")):
        found[key(hit)].append(hit)
    return found.values()


def _crowded(hits: list[Hit], what: Callable[[Hit], str], many: int, within: timedelta) -> Iterator[Hit]:
    """Of hits in order of time, those that stand in a stretch `within` which there are `many` different ones."""
    seen: Counter[str] = Counter()
    first = told = 0
    for last, hit in enumerate(hits, 1):
        seen[what(hit)] += 1
        while hit.at - hits[first].at > within:
            seen[what(hits[first])] -= 1
            if not seen[what(hits[first])]:
                del seen[what(hits[first])]
            first += 1
        if len(seen) >= many:
            yield from hits[max(first, told) : last]
            told = last
