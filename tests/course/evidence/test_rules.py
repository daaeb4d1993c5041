"""The table of rules, and the document that shows it."""

from course.evidence.rules import OURS, RULES, SEEN
from tests.support.evidence.matrix import judged
from tests.support.evidence.rules_told import rules_told
from tests.support.evidence.sessions import sessions
from tests.support.project import ROOT

IN_NO_SESSION = {"provider-flag"}
"""Providers' events are no requests."""


def test_each_rule_has_a_name_of_its_own_that_a_column_holds() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 40


def test_each_rule_says_who_says_so_and_when_that_was_looked_at() -> None:
    assert all(rule.source.startswith("https://") or rule.source == OURS for rule in RULES)
    assert all(rule.seen >= SEEN for rule in RULES)
    assert (ROOT / OURS).exists()


def test_each_rule_concludes_something_and_is_said_in_a_sentence() -> None:
    assert all({rule.opened, rule.clicked, rule.visited} != {None} for rule in RULES)
    assert all(str(rule.says).endswith(".") for rule in RULES)


def test_the_last_rule_holds_for_all_and_says_unclear() -> None:
    assert {RULES[-1].opened, RULES[-1].clicked, RULES[-1].visited} == {"unclear"}


def test_only_deeds_speak_for_a_person() -> None:
    speaking = {rule.name for rule in RULES if "human" in (rule.opened, rule.clicked, rule.visited)}
    assert speaking == {"deed", "read-before"}


def test_each_rule_decides_somewhere_in_the_sessions_that_may_be_looked_at() -> None:
    assert {one.rule for one in judged(sessions("tuning"))} == {rule.name for rule in RULES} - IN_NO_SESSION


def test_the_document_shows_the_table_as_it_is() -> None:
    assert "\n".join(rules_told()) in (ROOT / OURS).read_text()
