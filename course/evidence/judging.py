"""The verdict on each of some hits, by what is kept of them. Pure; any order and repetition gives the same."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from course.evidence.hits import Act, Browser, Deed, Hit, Traits, Verdict
from course.evidence.rules import CERTAIN, RULES, Rule
from course.evidence.surroundings import (
    Surroundings,
    crowds,
    looked_beside,
    read_mails,
    scattered,
    several_links,
)

PRESSED = ("ticked", "watched", "sent")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def judge(hits: Iterable[Hit], deeds: Iterable[Deed] = ()) -> dict[str, Verdict]:
    """The verdict by each hit's key.

    Give all hits of a mail at once, with the deeds of its recipient; and with hits of other people's mails of the
    same minutes, one source behind many recipients is seen too. What is judged alone is judged by less.
    """
    known: dict[str, Hit] = {}
    for hit in hits:
        other = known.setdefault(hit.key, hit)
        if other != hit:
            known[hit.key] = min(other, hit, key=repr)
    around = _surroundings(known.values(), tuple(deeds))
    return {key: _verdict(hit, around) for key, hit in sorted(known.items())}


def _surroundings(hits: Collection[Hit], deeds: Collection[Deed]) -> Surroundings:
    peoples = [deed for deed in deeds if deed.session and not _told_by("visited", deed.traits, CERTAIN)]
    pressed = frozenset(deed.browser for deed in peoples if deed.did in PRESSED)
    others = [hit for hit in hits if hit.browser not in pressed]
    # A program that is known by itself lends its pace to nobody who follows a link just then.
    untold = [hit for hit in others if not _told_by(hit.act, hit.traits, RULES)]
    paces = Surroundings(several=several_links(untold), crowd=crowds(untold), scattered=scattered(untold))
    marked = _marked(others, paces)
    # Programs, too, can scroll: reading does not outweigh what only machines do.
    proven = pressed | {deed.browser for deed in peoples if deed.is_reading} - marked
    return replace(
        paces,
        beside=looked_beside(hits, proven),
        marked=marked,
        proven=proven,
        read_by=read_mails(hits, proven),
    )


def _marked(hits: Iterable[Hit], around: Surroundings) -> frozenset[Browser]:
    marking = [rule for rule in RULES if rule.marks]
    return frozenset(
        hit.browser
        for hit in hits
        if any(rule.concludes(hit.act) == "machine" and rule.holds(hit, around) for rule in marking)
    )


def _told_by(act: Act, traits: Traits, rules: Iterable[Rule]) -> bool:
    """Whether a request is a machine's by itself, whatever is known beside it."""
    alone = Hit("", act, LONG_AGO, "", "", traits=traits)
    return any(rule.concludes(act) == "machine" and rule.holds(alone, Surroundings()) for rule in rules)


def _verdict(hit: Hit, around: Surroundings) -> Verdict:
    unclear = None
    for rule in RULES:
        said = rule.concludes(hit.act)
        if said is None or (said == "unclear" and unclear) or not rule.holds(hit, around):
            continue
        if said != "unclear":
            return Verdict(said, rule.name)
        unclear = Verdict(said, rule.name)
    assert unclear is not None, "the last rule holds for all"  # noqa: S101 - narrows the type; tests hold it
    return unclear
