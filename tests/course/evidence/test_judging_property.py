"""What holds for any hits and deeds, whatever a storm of people and programs does."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from course.evidence.agents import PROGRAMS
from course.evidence.hits import METHODS, Deed, Hit, Traits, traits_of
from course.evidence.judging import judge

SENT = datetime(2026, 11, 2, 8, tzinfo=UTC)
moments = st.integers(0, 600).map(lambda tenths: SENT + timedelta(seconds=tenths / 10))
recipients = st.sampled_from(["ada", "bea", "cid", "dan", "eve", "fay"])
names = st.sampled_from(["", "a", "b"])
traits = st.builds(
    Traits,
    method=st.sampled_from(METHODS),
    program=st.sampled_from(["browser", "browser", "unknown", "none", *(row.program for row in PROGRAMS)]),
    network=st.sampled_from(["", "", "gateway/barracuda", "mailbox/microsoft"]),
    ahead=st.booleans(),
    lacks=st.frozensets(st.sampled_from(["language", "fetch-metadata"])),
    followed=st.sampled_from([None, True, False]),
)
plain_or_odd = st.one_of(st.just(Traits(program="browser", followed=True)), traits)
hits = st.builds(
    Hit,
    key=st.integers(0, 99).map(str),
    act=st.sampled_from(["opened", "clicked", "visited"]),
    at=moments,
    recipient=recipients,
    mail=st.sampled_from(["monday", "tuesday"]),
    link=st.sampled_from(["1", "2", "3"]),
    after=st.one_of(st.none(), st.floats(0, 100)),
    session=names,
    source=names,
    traits=plain_or_odd,
    trap=st.booleans(),
    flagged=st.booleans(),
)
some_hits = st.lists(hits, max_size=15, unique_by=lambda hit: hit.key)
deeds = st.lists(
    st.builds(
        Deed,
        did=st.sampled_from(["ticked", "watched", "sent", "read"]),
        at=moments,
        recipient=recipients,
        session=names,
        traits=plain_or_odd,
        seconds=st.sampled_from([0.0, 40.0]),
        share=st.sampled_from([0.0, 1.0]),
    ),
    max_size=4,
)


@given(some_hits, deeds, st.randoms())
def test_any_order_and_any_repetition_gives_the_same_verdicts(
    found: list[Hit], did: list[Deed], chance: Random
) -> None:

    again, did_again = found * 3, did * 2
    chance.shuffle(again)
    chance.shuffle(did_again)
    assert judge(again, did_again) == judge(found, did)


@given(some_hits, deeds)
def test_what_is_kept_gives_the_same_verdicts_later(found: list[Hit], did: list[Deed]) -> None:
    later = [replace(hit, traits=traits_of(json.loads(json.dumps(hit.traits.kept())))) for hit in found]
    assert judge(later, did) == judge(found, did)


@given(some_hits)
def test_without_a_deed_nobody_is_a_person(found: list[Hit]) -> None:
    assert "human" not in {verdict.judgement for verdict in judge(found).values()}


@given(some_hits, deeds, deeds)
def test_one_deed_more_makes_nobody_less_a_person(found: list[Hit], did: list[Deed], more: list[Deed]) -> None:
    before, after = judge(found, did), judge(found, did + more)
    assert all(after[key].judgement == "human" for key, said in before.items() if said.judgement == "human")


@given(some_hits, deeds)
def test_every_hit_gets_one_verdict(found: list[Hit], did: list[Deed]) -> None:
    assert judge(found, did).keys() == {hit.key for hit in found}


@given(some_hits, some_hits, deeds)
def test_what_others_do_from_other_addresses_changes_nothing_for_me(
    mine: list[Hit], theirs: list[Hit], did: list[Deed]
) -> None:
    apart = [
        replace(h, key=f"their {h.key}", recipient=f"not {h.recipient}", mail=f"their {h.mail}") for h in theirs
    ]
    others = [replace(hit, source=hit.source and f"their {hit.source}") for hit in apart]
    together = judge([*mine, *others], did)
    assert {key: said for key, said in together.items() if not key.startswith("their")} == judge(mine, did)
