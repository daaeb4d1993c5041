"""What is kept of a hit beside the columns that every event has, and a hit as it is read again. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from course.evidence.agents import program_of
from course.evidence.hits import Hit, Traits, traits_of


def kept_of(hit: Hit) -> dict[str, object]:
    """As JSON holds it, and only what is not as usual. Key, act, moment, recipient, mail, link and `after` are not
    in it."""
    whole: dict[str, object] = {
        "traits": hit.traits.kept(),
        "session": hit.session,
        "source": hit.source,
        "trap": hit.trap,
        "flagged": hit.flagged,
    }
    return {name: value for name, value in whole.items() if value}


def recalled(hit: Hit, kept: Mapping[str, object]) -> Hit:
    """`hit`, made of its event's columns, with what `kept_of` wrote. Events of the time before there were traits
    hold `agent` and `method`, or nothing; of those as much is known as these tell."""
    traits = kept.get("traits")
    return replace(
        hit,
        traits=traits_of(traits) if isinstance(traits, Mapping) else _traits_of_before(kept),
        session=str(kept.get("session", "")),
        source=str(kept.get("source", "")),
        trap=kept.get("trap") is True,
        flagged=kept.get("flagged") is True,
    )


def _traits_of_before(kept: Mapping[str, object]) -> Traits:
    agent = kept.get("agent")
    known = traits_of(kept)
    return replace(known, program=program_of(agent)) if isinstance(agent, str) else known
