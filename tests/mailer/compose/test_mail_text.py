"""Whoever reads the text part misses nothing: every link and every item of any lesson is in it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.content.mails import MailKind
from course.language.catalogues import LANGUAGES
from tests.support.author.mail_samples import BASE_URL, COURSE_MD, KINDS, VALUES, compiled, course, links, parts

word = st.text("abcdefghijäöüßéñçλжשع日", min_size=1, max_size=12)
words = st.lists(word, min_size=1, max_size=20).map(" ".join)
address = st.builds(
    "https://{}.example.org/{}".format, st.from_regex("[a-z]{1,8}", fullmatch=True), st.integers(0, 9999)
)
link = st.builds("[{}]({})".format, words, address)
phrase = st.lists(words | link, min_size=1, max_size=4).map(" ".join)
item_line = st.builds("- [ ] {}".format, phrase)
sound_line = st.builds('![{}](media/knead.mp3 "4:30")'.format, words)
file_line = st.builds("[{}](media/plan.xlsx)".format, words)
video_line = st.builds('![{}](media/knead.mp4 "4:30")'.format, words)
article_line = st.sampled_from(
    ["[Flour in short](articles/flour.md)", "See [water](articles/water.md#wet) first."]
)
bullet, quote, heading = (st.builds(f"{sign} {{}}".format, phrase) for sign in ("-", ">", "##"))
items = st.lists(item_line, min_size=1, max_size=12).map("\n".join)
lesson = st.lists(
    phrase | bullet | quote | heading | items | video_line | sound_line | file_line | article_line,
    min_size=1,
    max_size=8,
).map("\n\n".join)


def flat(text: str) -> str:
    return " ".join(re.sub(r"(?m)^[> ]+", "", text).split())


@settings(max_examples=50)
@given(lesson)
def test_the_text_part_carries_every_link_and_every_item(markdown: str) -> None:
    of = course(lesson_md=f"---\ntitle: T\n---\n\n{markdown}\n")
    text, html = parts(compiled("lesson", of, tracked=False))
    for address in links(html):
        assert re.search(rf"{re.escape(address)}(?![\w/#])", text)
    for item in of.lessons[1].items:
        spoken = re.sub(r"\[([^\]]*)\]\(([^)]*)\)", r"\1 (\2)", item.markdown)
        assert f"[ ] {spoken}" in flat(text)
    for recording in of.lessons[1].recordings:
        assert f"{recording.title} (4:30)" in flat(text)
    assert text.count("Day 2 of 5") == 1
    assert f"{BASE_URL}/unsubscribe/leave-token" in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_part_of_every_mail_carries_each_link_of_its_html(kind: MailKind) -> None:
    text, html = parts(compiled(kind, tracked=False))
    assert links(html)
    for address in links(html):
        assert re.search(rf"{re.escape(address)}(?![\w/#])", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_only_addresses_of_pages_are_wider_than_a_terminal(kind: MailKind, language: str) -> None:
    of = course(course_md=COURSE_MD.replace("sender:", f"language: {language}\nsender:"))
    text = compiled(kind, of).text.filled({**VALUES, "email": "somebody@mail.example.org"})
    assert [line for line in text.splitlines() if len(line) > 78 and "://" not in line] == []


def test_nothing_looks_like_a_quotation_but_what_is_one() -> None:
    text, _ = parts(
        compiled("lesson", course(lesson_md="---\ntitle: T\n---\n\n> Said.\n\n[F](articles/flour.md)\n"))
    )
    assert [line for line in text.splitlines() if line.startswith(">")] == ["> Said."]
