"""Another name for a lesson, an article or a medium: what is refused, and what changes with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content.files.frame import FRONT_MATTER
from course.content.lesson_identity import Names
from course.content.parse import parse_lesson
from course.drafts.former_names import with_was
from course.drafts.naming import Naming, relinked, renamed
from course.errors import NotFound, Refused

NOTHING_PUBLISHED = Names(frozenset(), {})
TEXTS = {
    "course.md": "---\ntitle: Bread\n---\nRead [flour](articles/flour.md).\n",
    "1-dough.md": '---\ntitle: Dough\n---\n![Knead](media/knead.mp4 "1:00")\n\n[Flour](articles/flour.md#ash)\n',
    "2-bake.md": "---\ntitle: Bake\nwas: oven\n---\nNothing.\n",
    "articles/flour.md": "---\ntitle: Flour\n---\n![Mill](../media/mill.jpg) and [itself](../articles/flour.md)\n",
}
MEDIA = ("media/knead.mp4", "media/knead.vtt", "media/knead.jpg", "media/mill.jpg", "media/Big.PNG")


def rename(path: str, name: str, names: Names = NOTHING_PUBLISHED) -> Naming:
    return renamed(TEXTS, MEDIA, path, name, names)


def test_a_lesson_keeps_its_number_and_says_what_it_was() -> None:
    naming = rename("1-dough.md", "starter")
    assert naming.paths == {"1-dough.md": "1-starter.md"}
    assert naming.texts == {"1-dough.md": TEXTS["1-dough.md"].replace("Dough\n", "Dough\nwas: dough\n")}


def test_earlier_names_stay_and_one_that_is_taken_up_again_goes() -> None:
    assert "was: [oven, bake]\n" in rename("2-bake.md", "crust").texts["2-bake.md"]
    assert "was: bake\n" in rename("2-bake.md", "oven").texts["2-bake.md"]


def test_links_to_an_article_follow_wherever_they_stand() -> None:
    naming = rename("articles/flour.md", "meal")
    assert naming.paths == {"articles/flour.md": "articles/meal.md"}
    assert {path: text for path, text in TEXTS.items() if path not in naming.texts} == {
        "2-bake.md": TEXTS["2-bake.md"]
    }
    assert "[Flour](articles/meal.md#ash)" in naming.texts["1-dough.md"]
    assert "[itself](../articles/meal.md)" in naming.texts["articles/flour.md"]
    assert "was:" not in naming.texts["articles/flour.md"]


def test_captions_and_poster_keep_the_name_of_their_film() -> None:
    for path in ("media/knead.mp4", "media/knead.jpg"):
        naming = rename(path, "press")
        assert naming.paths == {f"media/knead.{kind}": f"media/press.{kind}" for kind in ("mp4", "vtt", "jpg")}
        assert '![Knead](media/press.mp4 "1:00")' in naming.texts["1-dough.md"]
    assert rename("media/Big.PNG", "big").paths == {"media/Big.PNG": "media/big.PNG"}


@pytest.mark.parametrize(
    ("written", "follows"),
    [
        ("media/My%20plan.PDF", "media/plan.PDF"),
        ("<media/My plan.PDF>", "<media/plan.PDF>"),
        ("./media/my%20plan.pdf#page=3", "media/plan.PDF#page=3"),
        ("../media/My%20plan.PDF", "../media/plan.PDF"),
        ("media/My%20plans.PDF", "media/My%20plans.PDF"),
    ],
)
def test_links_follow_a_file_however_its_address_is_written(written: str, follows: str) -> None:
    texts = {**TEXTS, "articles/flour.md": f"---\ntitle: Flour\n---\nSee [the plan]({written}) first.\n"}
    naming = renamed(texts, ["media/My plan.PDF"], "media/My plan.PDF", "plan", NOTHING_PUBLISHED)
    now = naming.texts.get("articles/flour.md", texts["articles/flour.md"])
    assert now == f"---\ntitle: Flour\n---\nSee [the plan]({follows}) first.\n"


def test_code_is_no_link() -> None:
    spans = "`[x](media/a.jpg)` [y](media/a.jpg), [y](media/a.jpg?x#y)"
    text = f"---\ntitle: [x](media/a.jpg)\n---\n{spans}\n\n    [z](media/a.jpg)\n"
    assert relinked("1-a.md", text, {"media/a.jpg": "media/longer.jpg"}) == text.replace(
        "[y](media/a.jpg", "[y](media/longer.jpg"
    )


@pytest.mark.parametrize(
    ("path", "name", "told"),
    [
        ("1-dough.md", "", "Write the new name"),
        ("1-dough.md", "dough", "has the name `dough` already"),
        ("1-dough.md", "Crème Brûlée", "such as `creme-brulee`"),
        ("1-dough.md", "麺", "such as `first-steps`"),
        ("1-dough.md", "a--b", "such as `a-b`"),
        ("1-dough.md", "a\n", "cannot be a name"),
        ("1-dough.md", "../a", "cannot be a name"),
        ("1-dough.md", "a" * 101, "101 letters, and 100"),
        ("1-dough.md", "bake", "There is a lesson `bake` already"),
        ("1-dough.md", "oven", "the name of the lesson `bake`"),
        ("media/mill.jpg", "knead", "There is a file `media/knead.jpg` already"),
        ("media/knead.mp4", "mill", "There is a file `media/mill.jpg` already"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_what_to_write(path: str, name: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        rename(path, name)


@pytest.mark.parametrize("there", ["media/MEAL.jpg", "media/Meal.jpg", "articles/MEAL.md"])
def test_two_names_that_are_one_on_some_disks_are_refused(there: str) -> None:
    path = f"{there.partition('/')[0]}/flour.{there.partition('.')[2]}"
    with pytest.raises(Refused, match="already"):
        renamed(
            {path: "", there: ""} if path.endswith("md") else {}, (path, there), path, "meal", NOTHING_PUBLISHED
        )


@pytest.mark.parametrize("path", ["course.md", "mails/welcome.md", "3-none.md", "notes.txt", "../x.md"])
def test_other_files_are_known_by_their_names(path: str) -> None:
    with pytest.raises(NotFound):
        renamed({**TEXTS, "mails/welcome.md": ""}, MEDIA, path, "fresh", NOTHING_PUBLISHED)


def test_a_name_belongs_to_its_lesson_for_ever() -> None:
    names = Names(frozenset({"dough", "bake", "crumb"}), {"oven": "bake", "flour-and-water": "dough"})
    for taken in ("crumb", "oven", "bake"):
        with pytest.raises(Refused, match="lesson"):
            rename("1-dough.md", taken, names)
    assert rename("1-dough.md", "flour-and-water", names).paths == {"1-dough.md": "1-flour-and-water.md"}


LINES = (
    ("title: T\n", "title: T\nwas: old\n"),
    ("", "was: old\n"),
    ("# only a remark\n", "# only a remark\nwas: old\n"),
    ("  title: T\n  subject: S\n", "  title: T\n  subject: S\n  was: old\n"),
    ("title: >\n  a long\n  title\n\n", "title: >\n  a long\n  title\n\nwas: old\n"),
    ("was: before  # then\ntitle: T\n", "was: [before, old]  # then\ntitle: T\n"),
    ("was:\ntitle: T\n", "was: old\ntitle: T\n"),
    ("title: T\nwas: 'before'", "title: T\nwas: [before, old]"),
    ("was: [a,\n  b] # two\ntitle: T\n", "was: [a, b, old] # two\ntitle: T\n"),
    ("was:\n- a\n- b\n# a remark\ntitle: T\n", "was: [a, b, old]\n# a remark\ntitle: T\n"),
    ("was:\n  - a\n\n\ntitle: T\n", "was: [a, old]\n\n\ntitle: T\n"),
    ("{title: T, was: a}\n", "{title: T, was: [a, old]}\n"),
    ("was: a\nwas: b\n", "was: a\nwas: [b, old]\n"),
    ('title: "was: x"\n', 'title: "was: x"\nwas: old\n'),
    ("title: ü🍞\u00a0x\nwas: a\nsubject: ü\n", "title: ü🍞\u00a0x\nwas: [a, old]\nsubject: ü\n"),
)


@pytest.mark.parametrize(("before", "after"), LINES)
def test_was_is_written_and_every_other_letter_stays(before: str, after: str) -> None:
    end = "" if before.endswith("\n") or not before else "\n"
    text, wanted = (f"---\n{matter}{end}---\n\n  The body.\n---\nwas: x\n" for matter in (before, after))
    was = parse_lesson("1-old.md", text)[0].was
    assert with_was("1-old.md", text, [*was, "old"]) == wanted


def test_a_lesson_without_front_matter_gets_one() -> None:
    assert with_was("1-a.md", "Words.\n", ["a"]) == "---\nwas: a\n---\nWords.\n"


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: T\nnever closed\n",
        "---\n{title: T}\n---\n",
        "---\n- a list\n---\n",
        "---\ntitle: 'T\n---\n",
        "---\ntitle: T\n...\n---\n",
        "---\na: &x 1\nwas: &y a\nb: *y\n---\n",
        "---\n" + "[" * 5000 + "\n---\n",
        "---\ntitle: T\x07\n---\n",
    ],
)
def test_front_matter_that_takes_no_line_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="cannot take a line"):
        with_was("1-a.md", text, ["a"])


@given(st.text(alphabet="abw:s -#[]{}'\"\n&*|>!%\t", max_size=40), st.text(max_size=10))
def test_whatever_stands_there_was_is_added_or_refused(matter: str, body: str) -> None:
    text = f"---\n{matter}\n---\n{body}"
    try:
        changed = with_was("1-a.md", text, ["old"])
    except Refused:
        return
    assert parse_lesson("1-a.md", changed)[0].was == ("old",)
    found, now = FRONT_MATTER.match(text), FRONT_MATTER.match(changed)
    assert now
    assert changed[now.end() :].strip() == text[found.end() if found else 0 :].strip()


def test_aliases_that_stand_for_billions_of_texts_are_not_followed_by_a_rename() -> None:
    levels = "".join(f"f{at}: &a{at} [*a{at - 1}, *a{at - 1}]\n" for at in range(1, 40))
    text = f"---\ntitle: &a0 Dough\n{levels}---\nNothing.\n"
    with pytest.raises(Refused, match="cannot take a line"):
        with_was("1-dough.md", text, ["starter"])
