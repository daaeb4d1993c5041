"""Mails in many scripts, as a mail program reads them."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest

from course.content.parse import parse_course
from course.language.catalogues import words_in
from mailer.compose.compose import Readers, compile_for, compile_mail
from mailer.compose.mime import wire_of
from mailer.preview.sample_mail import sample_letter
from mailer.preview.sample_site import SAMPLE_MOMENT, sample_site, sample_slots

LINES = [
    ("fa", "می‌خواهم بنویسم", "👩‍💻 تیم می‌خوانیم"),
    ("de", "Donau\u00addampfschiff – ja", "Zoë Müller"),
    ("hi", "क्‍षमा हिन्दी", "हिन्दी दल"),
    ("ko", "한국어 편지", "한국"),
    ("ja", "ﾊﾝｶｸと𠀀", "日本"),
    ("th", "ภาษาไทย", "ทีม"),
    ("fr", "« oui » !", "L’équipe"),
]


@pytest.mark.parametrize(("language", "line", "sender"), LINES, ids=[case[0] for case in LINES])
def test_subject_title_preheader_and_sender_arrive_letter_by_letter(language: str, line: str, sender: str) -> None:
    head = f'---\ntitle: "{line}"\nsubject: "{line}"\npreheader: "{line}"\n---\n'
    lesson = f"{head}{line} {{{{ name }}}}\n\n- [ ] {line}\n"
    of = parse_course("c", {"course.md": COURSE.format(language, sender), "1-a.md": lesson}).course
    template = compile_mail(sample_site(), "lesson", of, "a", tracked=True)
    raw = wire_of(template).bytes_of(sample_letter(words_in(language), SAMPLE_MOMENT))
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["Subject"] == line
    # Python's newer parser puts a space between two encoded words of a name, where RFC 2047 has none.
    assert str(make_header(decode_header(message_from_bytes(raw)["From"]))).partition(" <")[0] == sender
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None and text is not None
    assert text.get_content().count(line) >= 3
    assert html.get_content().count(line) >= 3


COURSE = "---\ntitle: T\nlanguage: {}\nauthor: {}\ntypography: off\n---\nW.\n"
NAMELESS = [
    (
        "de",
        "Liebe/r {{ name }}, gut gemacht, {{ name }}!",
        "{{ name }}, Tag eins",
        "Liebe/r, gut gemacht!",
        "Tag eins",
    ),
    ("es", "Querido/a {{ name }}: ¡Bien, {{ name }}!", "{{ name }}, día uno", "Querido/a: ¡Bien!", "Día uno"),
    ("fr", "Bonjour {{ name }} !", "À vous, {{ name }} !", "Bonjour !", "À vous !"),
    ("pt", "Olá, {{ name }}!", "{{ name }}: dia um", "Olá!", "Dia um"),
    ("en", "**{{ name }}**, go. Dear {{ name|friend }}.", "{{ name }}", "Go. Dear friend.", "T"),
    ("ar", "مرحبا {{ name }}، اكتب", "{{ name }}، اكتب", "مرحبا، اكتب", "اكتب"),
]


@pytest.mark.parametrize(
    ("language", "text", "subject", "read", "seen"), NAMELESS, ids=[case[0] for case in NAMELESS]
)
def test_who_gave_no_name_gets_whole_sentences(
    language: str, text: str, subject: str, read: str, seen: str
) -> None:
    lesson = f'---\ntitle: T\nsubject: "{subject}"\npreheader: "{subject}"\n---\n{text}\n'
    of = parse_course("c", {"course.md": COURSE.format(language, "Ada"), "1-a.md": lesson}).course
    template = compile_for(Readers(tracked=True, named=False), sample_site(), "lesson", of, "a")
    slots = sample_slots(words_in(language))
    assert template.subject.filled(slots) == seen
    assert f"\n{read}\n" in template.text.filled(slots)
    assert f">{read}</p>" in template.html.filled(slots).replace("<strong></strong>", "")
    assert "Ada" not in template.text.filled(slots)
    assert not template.says_name
