"""Verdicts, told as stories. Who is a person is proved by what they do, and by nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from course.evidence.hits import Act, Deed, Did, Hit, Judgement, Traits, seconds_since
from course.evidence.judging import judge

SENT = datetime(2026, 11, 2, 8, tzinfo=UTC)
BROWSER = Traits(program="browser", followed=True)


def hit(
    act: Act = "clicked",
    seconds: float = 600,
    *,
    key: str = "it",
    link: str = "one",
    session: str = "desk",
    traits: Traits = BROWSER,
    recipient: str = "ada",
    source: str = "home",
    trap: bool = False,
) -> Hit:
    at = SENT + timedelta(seconds=seconds)
    return Hit(
        *(key, act, at, recipient, f"mail to {recipient}", link, seconds, session, source, traits, trap),
    )


def deed(did: Did = "ticked", *, session: str = "desk", traits: Traits = BROWSER) -> Deed:
    return Deed(did, SENT + timedelta(seconds=900), "ada", session, traits)


def reading(seconds: float, share: float) -> Deed:
    return Deed("read", SENT + timedelta(seconds=900), "ada", "desk", BROWSER, seconds, share)


def said(*hits: Hit, deeds: tuple[Deed, ...] = ()) -> dict[str, tuple[Judgement, str]]:
    return {key: (verdict.judgement, verdict.rule) for key, verdict in judge(hits, deeds).items()}


@pytest.mark.parametrize("act", ["opened", "clicked", "visited"])
def test_a_browser_that_did_nothing_more_is_unclear_and_not_human(act: Act) -> None:
    assert said(hit(act)) == {"it": ("unclear", "unproven")}


@pytest.mark.parametrize("did", ["ticked", "watched", "sent"])
def test_a_later_deed_in_the_same_browser_makes_a_person_of_what_came_before(did: Did) -> None:
    found = said(hit(key="click"), hit("visited", 602, key="visit"), deeds=(deed(did),))
    assert found == {"click": ("human", "deed"), "visit": ("human", "deed")}


def test_a_deed_in_another_browser_says_nothing_of_this_one() -> None:
    assert said(hit(session="telephone"), deeds=(deed(),)) == {"it": ("unclear", "unproven")}


def test_a_deed_of_another_reader_says_nothing_of_this_one() -> None:
    assert said(hit(recipient="bea"), deeds=(deed(),)) == {"it": ("unclear", "unproven")}


@pytest.mark.parametrize(
    ("seconds", "share", "judgement"),
    [(15, 0.25, "human"), (300, 1.0, "human"), (14, 1.0, "unclear"), (300, 0.1, "unclear"), (0, 0, "unclear")],
)
def test_reading_takes_its_time_and_goes_down_the_page(seconds: float, share: float, judgement: Judgement) -> None:
    assert said(hit(), deeds=(reading(seconds, share),))["it"][0] == judgement


@pytest.mark.parametrize(
    ("traits", "opened", "clicked", "visited"),
    [
        (Traits(program="apple-proxy"), "machine", "machine", "machine"),
        (Traits(program="image-proxy"), "unclear", "machine", "machine"),
        (Traits(program="gateway"), "machine", "machine", "machine"),
        (Traits(network="gateway/barracuda"), "machine", "machine", "machine"),
        (Traits(network="mailbox/microsoft"), "unclear", "machine", "machine"),
        (Traits(program="office"), "unclear", "machine", "machine"),
        (Traits(program="provider"), "machine", "machine", "machine"),
        (Traits(program="none"), "machine", "machine", "machine"),
        (Traits(method="HEAD"), "machine", "machine", "machine"),
        (Traits(method="OPTIONS"), "machine", "machine", "machine"),
        (Traits(program="browser", ahead=True), "machine", "machine", "machine"),
        (Traits(program="browser", lacks=frozenset({"language"})), "unclear", "machine", "machine"),
        (Traits(program="browser", lacks=frozenset({"fetch-metadata"})), "unclear", "machine", "machine"),
        # A picture in a mail is shown, never followed.
        (Traits(program="browser", followed=False), "unclear", "machine", "machine"),
        (Traits(program="unknown"), "unclear", "unclear", "unclear"),
        (Traits(), "unclear", "unclear", "unclear"),
    ],
)
def test_opens_clicks_and_visits_are_judged_apart(
    traits: Traits, opened: Judgement, clicked: Judgement, visited: Judgement
) -> None:
    acts: dict[Act, Judgement] = {"opened": opened, "clicked": clicked, "visited": visited}
    assert {act: said(hit(act, traits=traits))["it"][0] for act in acts} == acts


@pytest.mark.parametrize(
    ("after", "judgement"), [(0, "machine"), (4.9, "machine"), (5, "unclear"), (60, "unclear")]
)
def test_nobody_follows_a_link_within_seconds_of_the_mail(after: float, judgement: Judgement) -> None:
    assert said(hit(seconds=after))["it"][0] == judgement


def test_a_quick_person_who_then_works_is_a_person() -> None:
    assert said(hit(seconds=3), deeds=(deed(),)) == {"it": ("human", "deed")}


def test_a_mail_of_which_nobody_knows_when_it_was_taken_is_not_too_soon() -> None:
    assert said(replace(hit(seconds=1), after=None)) == {"it": ("unclear", "unproven")}


def test_several_links_within_seconds_are_a_machines_whatever_addresses_they_are_asked_from() -> None:
    clicks = [hit(seconds=60 + n, key=str(n), link=str(n), session=str(n), source=str(n)) for n in range(3)]
    assert set(said(*clicks).values()) == {("machine", "several-links")}


def test_the_same_link_twice_in_a_second_is_a_double_click() -> None:
    clicks = [hit(seconds=60, key="1"), hit(seconds=60.2, key="2"), hit(seconds=60.4, key="3")]
    assert set(said(*clicks).values()) == {("unclear", "unproven")}


def test_links_opened_in_tabs_one_after_the_other_are_no_machines() -> None:
    clicks = [hit(seconds=60 + 2 * n, key=str(n), link=str(n)) for n in range(3)]
    assert set(said(*clicks).values()) == {("unclear", "unproven")}


def test_what_else_the_browser_did_that_asked_for_several_links_is_a_machines_too() -> None:
    clicks = [hit(seconds=60 + n / 2, key=str(n), link=str(n)) for n in range(3)]
    found = said(*clicks, hit("visited", 90, key="visit"), hit("opened", 59, key="open"))
    assert found["visit"] == found["open"] == ("machine", "company")


def test_the_link_that_nobody_sees_gives_its_browser_away_but_no_other() -> None:
    found = said(
        hit(seconds=60, key="trap", link="hidden", trap=True, session="scanner"),
        hit(seconds=90, key="scanner", session="scanner"),
        hit(seconds=600, key="person"),
    )
    assert found == {
        "trap": ("machine", "hidden-link"),
        "scanner": ("machine", "company"),
        "person": ("unclear", "unproven"),
    }


def test_who_meets_the_hidden_link_in_a_text_browser_and_then_works_is_a_person_all_the_same() -> None:
    found = said(hit(key="trap", trap=True), hit(seconds=700, key="click"), deeds=(deed(),))
    assert found["click"] == ("human", "deed")


def crowd(count: int, apart: float) -> list[Hit]:
    return [
        hit(seconds=60 + n * apart, key=str(n), recipient=f"reader {n}", session=f"session {n}", source="one")
        for n in range(count)
    ]


def test_one_address_that_follows_many_peoples_links_at_once_is_a_scanner() -> None:
    assert set(said(*crowd(5, 0.5)).values()) == {("machine", "one-source")}


def test_links_of_one_mail_from_many_addresses_at_once_are_a_scanners() -> None:
    clicks = [hit(seconds=600 + 9 * n, key=str(n), session=str(n), source=str(n)) for n in range(3)]
    assert set(said(*clicks).values()) == {("machine", "many-addresses")}


def test_a_reader_at_the_desk_and_then_on_the_telephone_is_no_scanner() -> None:
    found = said(hit(key="desk"), hit(seconds=610, key="telephone", session="telephone", source="mobile"))
    assert set(found.values()) == {("unclear", "unproven")}


def test_in_the_first_minute_two_links_in_three_seconds_are_too_many() -> None:
    def two(first: float) -> set[tuple[Judgement, str]]:
        return set(said(hit(seconds=first, key="1", link="1"), hit(seconds=first + 2, key="2", link="2")).values())

    assert two(20) == {("machine", "several-links")}
    assert two(600) == {("unclear", "unproven")}


def test_an_office_that_reads_at_nine_is_no_scanner() -> None:
    assert set(said(*crowd(30, 3)).values()) == {("unclear", "unproven")}


def test_addresses_that_nobody_kept_are_not_one_address() -> None:
    assert set(said(*(replace(one, source="") for one in crowd(5, 0.5))).values()) == {("unclear", "unproven")}


def test_a_look_beside_a_persons_click_is_a_machines_and_the_click_a_persons() -> None:
    person = hit(seconds=600, key="person")
    look = hit(seconds=612, key="look", session="cloud", source="cloud")
    assert said(person, look, deeds=(deed(),)) == {
        "person": ("human", "deed"),
        "look": ("machine", "looked-beside"),
    }
    assert said(person, look)["look"] == ("unclear", "unproven")


def test_a_second_device_later_is_no_look_beside() -> None:
    found = said(hit(key="desk"), hit(seconds=700, key="telephone", session="telephone"), deeds=(deed(),))
    assert found["telephone"] == ("unclear", "unproven")


def test_an_unclear_open_before_a_persons_click_was_a_persons() -> None:
    gmail = hit("opened", 500, key="open", session="", traits=Traits(program="image-proxy"))
    assert said(gmail, hit(key="click"), deeds=(deed(),))["open"] == ("human", "read-before")
    assert said(gmail, hit(key="click"))["open"] == ("unclear", "image-proxy")


def test_an_open_after_the_last_click_stays_unclear() -> None:
    later = hit("opened", 5000, key="open", session="", traits=Traits(program="image-proxy"))
    assert said(later, hit(key="click"), deeds=(deed(),))["open"] == ("unclear", "image-proxy")


def test_apples_picture_stays_a_machines_though_its_reader_works() -> None:
    apple = hit("opened", 30, key="open", session="", traits=Traits(program="apple-proxy"))
    assert said(apple, hit(key="click"), deeds=(deed(),))["open"] == ("machine", "apple-proxy")


def test_an_antivirus_under_the_browsers_own_name_is_told_from_the_browser() -> None:
    bare = replace(BROWSER, followed=None, lacks=frozenset({"language", "fetch-metadata"}))
    looks = [hit(seconds=600 + n / 9, key=f"look {n}", link=str(n), traits=bare) for n in range(4)]
    found = said(*looks, hit(seconds=602, key="person"))
    assert found.pop("person") == ("unclear", "unproven")
    assert {judgement for judgement, _ in found.values()} == {"machine"}
    assert said(*looks, deeds=(deed(),))["look 0"][0] == "machine"


@pytest.mark.parametrize("program", ["headless", "library", "gateway", "preview", "disguise"])
def test_a_deed_that_a_program_did_proves_nobody(program: str) -> None:
    found = said(hit(), deeds=(deed(traits=Traits(program=program)),))
    assert found == {"it": ("unclear", "unproven")}


def test_who_hides_the_name_of_their_browser_is_known_by_what_they_do() -> None:
    nameless = Traits(program="none")
    assert said(hit(traits=nameless))["it"] == ("machine", "nameless")
    assert said(hit(traits=nameless), deeds=(deed(traits=nameless),))["it"] == ("human", "deed")


def test_scrolling_does_not_outweigh_what_only_machines_do() -> None:
    clicks = [hit(seconds=60 + n / 2, key=str(n), link=str(n)) for n in range(3)]
    assert {judgement for judgement, _ in said(*clicks, deeds=(reading(40, 1.0),)).values()} == {"machine"}


def test_a_person_behind_a_gateways_network_is_known_by_what_they_do() -> None:
    isolated = Traits(program="browser", network="gateway/proofpoint", followed=True)
    assert said(hit(traits=isolated), deeds=(deed(traits=isolated),)) == {"it": ("human", "deed")}


def test_a_page_that_was_loaded_ahead_and_then_worked_on_was_visited_by_a_person() -> None:
    ahead = replace(BROWSER, ahead=True)
    assert said(hit("visited", traits=ahead))["it"] == ("machine", "ahead")
    assert said(hit("visited", traits=ahead), deeds=(deed(),))["it"] == ("human", "deed")


def test_what_the_provider_calls_a_machines_is_one() -> None:
    assert said(replace(hit("opened"), flagged=True), deeds=(deed(),))["it"] == ("machine", "provider-flag")


def test_hits_without_a_session_do_not_stand_for_each_other() -> None:
    hits = (hit(key="trap", trap=True, session=""), hit(key="other", session=""))
    assert said(*hits)["other"] == ("unclear", "unproven")
    assert said(hits[1], deeds=(deed(session=""),))["other"] == ("unclear", "unproven")


def test_nothing_is_dropped_of_a_flood_and_it_takes_no_ages() -> None:
    hits = [hit(seconds=600 + n / 9000, key=str(n), link=str(n % 2), session=str(n % 3)) for n in range(9000)]
    assert judge(hits, [deed(session="0")]).keys() == {one.key for one in hits}
    assert judge([]) == {}


@pytest.mark.parametrize(
    ("seconds", "after"), [(12.5, 12.5), (0, 0), (-3, 0), (-59, 0), (-61, None), (-100_000, None)]
)
def test_a_clock_that_was_set_back_makes_no_negative_seconds(seconds: float, after: float | None) -> None:
    assert seconds_since(SENT, SENT + timedelta(seconds=seconds)) == after


def test_a_mail_that_was_never_taken_has_no_seconds() -> None:
    assert seconds_since(None, SENT) is None


def test_a_storm_of_scanners_over_every_link_adds_no_person() -> None:
    agents = ("gateway", "headless", "library", "browser")
    storm = [
        hit(act, 20 + n, key=f"{act} {n} {program}", link=str(n), session=program, traits=Traits(program=program))
        for act in ("opened", "clicked", "visited")
        for n in range(10)
        for program in agents
    ]
    assert "human" not in {verdict.judgement for verdict in judge(storm).values()}
