"""Things to do, in whatever list they stand: which they are, where they lie, and the keys that ticks hang on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content.blocks import parse_blocks
from course.content.course import Checklist, ChecklistItem, Prose


def items(body: str) -> list[ChecklistItem]:
    blocks, _ = parse_blocks("1-first.md", body, 1)
    return [item for block in blocks if isinstance(block, Checklist) for item in block.items]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("1. [ ] one\n2. [x] two", ["one", "two"]),
        ("1) [ ] one", ["one"]),
        ("> - [ ] quoted\n> - [ ] again", ["quoted", "again"]),
        ("> 1. [ ] quoted and counted", ["quoted and counted"]),
        ("-   [ ] wide", ["wide"]),
        ("-\t[ ] by a tab", ["by a tab"]),
        ("Before you go:\n- [ ] close\n- [ ] lock", ["close", "lock"]),
        ("- [X] upper\n+ [ ] plus\n* [ ] star", ["upper", "plus", "star"]),
        ("- [ ] goes on\n  here\nand lazily here", ["goes on here and lazily here"]),
        ("- Morning\n  - [ ] wake\n- Evening\n  - [ ] sleep", ["wake", "sleep"]),
        ("- [] none\n- [ ]none\n- [y] none\n- [ ]\n\\- [ ] none", []),
        ("```\n- [ ] code\n```\n\n    - [ ] code", []),
        ("[^1]: - [ ] in a footnote\n\nx[^1]", []),
    ],
)
def test_what_github_shows_with_a_box_is_an_item(body: str, words: list[str]) -> None:
    assert [item.markdown for item in items(body)] == words


def test_items_within_others_know_how_deep_they_stand() -> None:
    found = items("- [ ] Pack\n    - [ ] socks\n        - [ ] warm ones\n    - [ ] shoes\n- [ ] Call")
    assert [(item.markdown, item.depth) for item in found] == [
        ("Pack", 0), ("socks", 1), ("warm ones", 2), ("shoes", 1), ("Call", 0),
    ]  # fmt: skip


def test_what_stands_below_an_item_stays_with_it() -> None:
    quoted = items("> - [ ] Run:\n>\n>   ```sh\n>   ls\n>   ```\n>\n>   and look.\n> - [ ] Then")
    assert [(item.markdown, item.more) for item in quoted] == [
        ("Run:", "```sh\nls\n```\n\nand look."),
        ("Then", ""),
    ]


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("(20 min) Fill in the map", 20),
        ("(5 Min.) Lauf", 5),
        ("(90 minutes) Bake", 90),
        ("(1 minute) Sit", 1),
        ("(15 minutos) Anda", 15),
        ("(8 Minuten) Warte", 8),
        ("Wait (20 min)", 1),
        ("(20) things", 1),
        ("(twenty min) Wait", 1),
        ("(20 min)", 1),
        ("(9999 min) For ever", 1),
    ],
)
def test_an_item_may_say_how_long_it_takes(words: str, minutes: int) -> None:
    assert [item.minutes for item in items(f"- [ ] {words}")] == [minutes]


def test_a_checklist_ends_where_something_else_is_said_and_not_at_an_empty_line() -> None:
    blocks, _ = parse_blocks("1-first.md", "- [ ] a\n\n- [ ] b\n- no task\n- [ ] c\n\n[r]: /u\n\n- [ ] d", 1)
    kinds = [len(block.items) if isinstance(block, Checklist) else type(block) for block in blocks]
    assert kinds == [2, Prose, 2]


@given(
    st.lists(st.text("abc d", min_size=1).filter(str.strip), min_size=1, max_size=6).flatmap(
        lambda words: st.tuples(st.just(words), st.permutations(words))
    )
)
def test_keys_follow_the_words_wherever_an_item_goes(both: tuple[list[str], list[str]]) -> None:
    words, moved = both

    def keys(lines: list[str]) -> list[str]:
        return sorted(item.key for item in items("\n".join(lines)))

    ever = keys([f"- [ ] {one}" for one in words])
    assert keys([f"- [ ] {one}" for one in moved]) == ever
    assert keys([f"{'  ' * (at % 2)}- [ ] {one}" for at, one in enumerate(words)]) == ever
    assert keys([f"> {at}. [x] {one}" for at, one in enumerate(moved)]) == ever


def test_the_keys_of_what_was_always_an_item_are_as_ever() -> None:
    """Learners' ticks hang on them."""
    found = items("- [ ] Weigh the **flour**\n- [ ] (20 min) Wait, long\n- [x] (20 min) Wait,\n  long")
    assert [item.key for item in found] == ["7c1b42da6b", "399749c710", "399749c710-2"]
