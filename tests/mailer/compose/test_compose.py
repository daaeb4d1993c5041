"""What a compiled mail carries: headers, slots and words."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from course.content.course import Course
from course.content.mails import AUTHORS_MAILS, LESSON_MAILS, MailKind
from mailer.compose.compose import compile_mail, html_bytes
from mailer.compose.message import Letter, Part
from mailer.compose.mime import Wire
from mailer.compose.slots import fixed, part, slot
from tests.support.author.mail_samples import (
    COURSE_MD,
    HOUSE,
    KINDS,
    LESSON_MD,
    VALUES,
    allowed,
    compiled,
    course,
    leave_address,
    parts,
)

every_kind = pytest.mark.parametrize("kind", KINDS)


def on_the_wire(kind: MailKind, of: Course) -> EmailMessage:
    letter = Letter(
        attempt="a1",
        delivery="d1",
        email="anna@example.org",
        message_id="<d1@learn.example.org>",
        date=datetime(2026, 3, 27, 7, tzinfo=UTC),
        slots=VALUES,
    )
    return message_from_bytes(Wire(compiled(kind, of)).bytes_of(letter), policy=policy.default)


def test_a_slot_stands_between_two_texts() -> None:
    assert part(f"a{slot('learn')}b", {"learn"}) == Part(("a", "b"), ("learn",))


def test_an_authors_name_is_a_slot_however_it_is_spaced() -> None:
    of = course(lesson_md=LESSON_MD + "\nHi {{name}}, {{  name }}.\n")
    assert "Hi Anna, Anna." in parts(compiled("lesson", of))[1]


def test_a_slot_a_mail_may_not_use_is_left_out() -> None:
    assert part(f"a{slot('serial')}b", {"learn"}) == Part(("ab",))
    assert fixed("Bread\n for {{ name }}") == "Bread for"


@every_kind
@pytest.mark.parametrize("days", [1, 5])
@pytest.mark.parametrize("tracked", [True, False])
def test_every_kind_compiles_for_a_course_of_any_length(kind: MailKind, days: int, tracked: bool) -> None:
    template = compiled(kind, course(days), tracked=tracked)
    for each in (template.subject, template.text, template.html, *(value for _, value in template.headers)):
        filled = each.filled(VALUES)
        assert set(each.slots) <= allowed(kind)
        assert filled.strip()
        assert not re.search("[\ue000\ue001]|{{|}}|{%", filled)


@every_kind
def test_every_kind_carries_the_headers_of_a_list(kind: MailKind) -> None:
    headers = {name: value.filled(VALUES) for name, value in compiled(kind).headers}
    assert headers == {
        "Auto-Submitted": "auto-generated",
        "Content-Language": "en",
        "List-Id": '"Bread at home" <bread-at-home.example.org>',
        "List-Unsubscribe": f"<{leave_address(kind)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": f"{kind}:bread-at-home:mail:dayletter",
    }


@every_kind
def test_every_kind_survives_the_wire(kind: MailKind) -> None:
    of = course(course_md=COURSE_MD.replace("Bread at home", "Brot für Anfänger – 毎日のパン"))
    mail = on_the_wire(kind, of)
    assert mail["List-Id"] == '"bread at home" <bread-at-home.example.org>'
    assert mail["From"] == "Maria Baker <letters@example.org>"
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None and text is not None
    assert "Brot für Anfänger – 毎日のパン" in html.get_content()
    assert "毎日のパン" in text.get_content()


def test_a_courses_sender_replaces_the_name_only() -> None:
    assert compiled("lesson").sender == "Maria Baker <letters@example.org>"
    assert compiled("lesson").reply_to == "questions@example.org"


def test_a_sender_with_signs_of_address_syntax_is_quoted() -> None:
    of = course(course_md=COURSE_MD.replace("Maria Baker", "'Baker, Maria <x@evil.example>'"))
    assert compiled("lesson", of).sender == '"Baker, Maria <x@evil.example>" <letters@example.org>'


def test_no_title_can_begin_a_new_header_line() -> None:
    of = course(
        course_md='---\ntitle: "A\\r\\nBcc: x@y.example"\n---\n',
        lesson_md='---\ntitle: T\nsubject: "B\\nBcc: x@y.example"\n---\nHi\n',
    )
    template = compiled("lesson", of)
    for _, value in (*template.headers, ("Subject", template.subject), ("From", Part((template.sender,)))):
        assert not re.search(r"[\r\n]", value.filled(VALUES))


@pytest.mark.parametrize("days", [1, 5])
def test_a_lesson_mail_says_its_day_exactly_once_in_each_part(days: int) -> None:
    for number in range(1, days + 1):
        template = compiled("lesson", course(days), day=number)
        for each in (template.text, template.html):
            assert sum(len(re.findall(r"Day \d+ of \d+", text)) for text in each.texts) == 1
            assert any(f"Day {number} of {days} · " in text for text in each.texts)
        assert "Day" not in template.subject.filled(VALUES)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in LESSON_MAILS])
def test_no_other_mail_says_a_day_of_days(kind: MailKind) -> None:
    template = compiled(kind)
    assert not re.search(r"Day\s+\d+\s+of\s+\d+", " ".join((template.subject.filled(VALUES), *parts(template))))


@pytest.mark.parametrize("kind", AUTHORS_MAILS)
def test_a_courses_own_words_replace_the_default_ones_and_keep_the_button(kind: MailKind) -> None:
    wording = "---\nsubject: Own subject\npreheader: Own preheader\n---\nOwn *words*.\n"
    of = course(more={f"mails/{kind}.md": wording})
    text, html = parts(compiled(kind, of))
    assert compiled(kind, of).subject.filled(VALUES) == "Own subject"
    assert "Own words." in text.replace("*", "")
    assert "<em>words</em>" in html
    assert "Own preheader" in html
    assert 'class="button-link"' in html
    assert HOUSE.postal_address in text
    assert HOUSE.postal_address in html


def test_the_name_is_filled_in_subject_and_both_parts() -> None:
    template = compiled("lesson")
    text, html = parts(template)
    assert template.subject.filled(VALUES) == "Flour, water, Anna"
    assert "Dear Anna, see" in text
    assert "Dear Anna, see" in html


def test_an_author_cannot_ask_for_another_slot() -> None:
    text, html = parts(compiled("lesson", course(lesson_md=LESSON_MD + f"\n{slot('confirm')} {{{{ learn }}}}\n")))
    assert "confirm-token" not in text + html
    assert "{{ learn }}" in text


def test_the_next_lesson_is_announced_with_its_moment() -> None:
    text, html = parts(compiled("lesson"))
    for each in (text, html):
        assert "Friday 28 March at 8:04" in each
        assert "Day 3: Day of the dough" in each


def test_the_last_lesson_speaks_of_the_certificate_instead() -> None:
    template = compiled("lesson", day=5)
    assert "next_when" not in template.text.slots + template.html.slots
    for each in parts(template):
        assert "certificate" in each
        assert "Coming next" not in each


def test_an_unknown_lesson_is_refused() -> None:
    with pytest.raises(ValueError, match="no lesson `nowhere`"):
        compile_mail(HOUSE, "lesson", course(), "nowhere", tracked=True)


def test_the_size_of_the_html_is_known() -> None:
    template = compiled("lesson")
    assert html_bytes(template) >= len(template.html.filled(VALUES).encode())
    assert html_bytes(template) < 40_000


def test_an_empty_preheader_leaves_no_gap() -> None:
    text, html = parts(compiled("lesson", course(lesson_md="---\ntitle: T\n---\nHello\n")))
    assert 'class="lead"' not in html
    assert "\n\n\n" not in text


def test_a_language_without_words_of_its_own_gets_english_ones_and_says_so() -> None:
    of = course(course_md=COURSE_MD.replace("sender:", "language: fi\nsender:"))
    _, html = parts(compiled("lesson", of))
    assert '<html lang="fi"' in html
    assert '<div role="contentinfo" lang="en" dir="ltr">' in html
