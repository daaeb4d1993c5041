"""The fixed words come in every language we speak, whole and with the same blanks."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog

from course.content.course import Course
from course.content.mails import LESSON_MAILS, MAILS, MailKind
from course.language.catalogues import LANGUAGES, is_spoken, words_in
from course.language.words import ENGLISH, Moment, Phrase
from tests.support.author import catalogues
from tests.support.author.mail_samples import COURSE_MD, KINDS, LESSON_MD, compiled, course, parts
from tests.support.project import ROOT

BLANK = re.compile(r"%\(\w+\)s")
DAY_OF_DAYS = {
    "en": "Day 2 of 5",
    "de": "Tag 2 von 5",
    "fr": "Jour 2 sur 5",
    "es": "Día 2 de 5",
    "pt": "Dia 2 de 5",
}
UNSUBSCRIBE = {
    "en": "Unsubscribe",
    "de": "Abmelden",
    "fr": "Se désabonner",
    "es": "Darse de baja",
    "pt": "Cancelar a inscrição",
}
A_MOMENT = {
    "en": "Friday 27 March at 8:04",
    "de": "Freitag, 27. März um 8:04 Uhr",
    "fr": "vendredi 27 mars à 8:04",
    "es": "viernes, 27 de marzo, 8:04 h",
    "pt": "sexta-feira, 27 de março, às 8:04",
}
FAMILIAR = {
    "de": r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]ein\w*|[Ee]uch|[Ee]uer\w*)\b",
    "fr": r"\b([Tt]u|[Tt]oi|[Tt]on|[Tt]es)\b",
    "es": r"\b([Tt]ú|[Tt]us?|[Tt]i|[Cc]ontigo|[Vv]osotros)\b",
    "pt": r"\b([Tt]u|[Tt]eus?|[Tt]uas?|[Cc]ontigo)\b",
}
"""Words of the form in which readers are not addressed."""

SILENT = LESSON_MD.replace("{{ name }}", "").replace("Dear , see", "")
each_catalogue = pytest.mark.parametrize("path", catalogues.paths(), ids=lambda path: path.stem)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def in_language(language: str) -> Course:
    return course(course_md=COURSE_MD.replace("sender:", f"language: {language}\nsender:"), lesson_md=SILENT)


def test_there_is_a_catalogue_for_each_language_but_english() -> None:
    assert {path.stem for path in catalogues.paths()} == set(LANGUAGES) - {"en"}


@each_catalogue
def test_every_text_of_code_and_templates_is_translated_and_none_is_stale(path: Path) -> None:
    assert path.read_text() == catalogues.renewed(path), "`make words` brings it up to date"
    assert catalogues.untranslated(catalogues.read(path)) == []


def test_a_text_without_translation_is_found_and_so_is_a_missing_plural() -> None:
    catalogue = Catalog("de")
    catalogue.add("Done", "Fertig")
    catalogue.add("Open")
    catalogue.add(("%(num)s day", "%(num)s days"), ("%(num)s Tag", ""))
    assert catalogues.untranslated(catalogue) == ["Open", "%(num)s day"]


@each_catalogue
def test_translations_have_the_blanks_of_the_english_and_shout_no_more_than_it(path: Path) -> None:
    for message in catalogues.read(path):
        if message.id:
            english = [message.id] if isinstance(message.id, str) else list(message.id)
            theirs = [message.string] if isinstance(message.string, str) else list(message.string or ())
            known = set(BLANK.findall(" ".join(english)))
            for text in theirs:
                assert set(BLANK.findall(str(text))) <= known
                assert not re.search(r"[!¡]", re.sub("`[^`]*`", "", str(text)))
            assert set(BLANK.findall(str(theirs[-1]))) == set(BLANK.findall(english[-1]))


@each_language
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_mail_speaks_the_courses_language(kind: MailKind, language: str) -> None:
    of = in_language(language)
    text, html = parts(compiled(kind, of))
    for part in (text, html):
        assert part.count(DAY_OF_DAYS[language]) == (kind in LESSON_MAILS)
        assert (UNSUBSCRIBE[language] in part) == (MAILS[kind].leave.text == "Unsubscribe")
    assert f'<html lang="{language}" dir="ltr"' in html
    assert f'<div role="contentinfo" lang="{language}"' in html
    if language != "en":
        assert not re.search(r"\b([Yy]our|Open|Settings|Unsubscribe|Coming next|lesson page|of 5)\b", text + html)


@pytest.mark.parametrize("kind", KINDS)
def test_our_english_words_are_marked_as_such_in_a_course_of_another_language(kind: MailKind) -> None:
    html = parts(compiled(kind, in_language("he")))[1]
    assert '<html lang="he" dir="rtl"' in html
    assert re.search('<a class="button-link" dir="ltr"[^>]* lang="en"', html)
    assert '<div role="contentinfo" lang="en" dir="ltr">' in html


def test_a_name_moves_no_signs_around_it_where_a_course_runs_from_right_to_left() -> None:
    for language, around in (("he", "\u2068Anna\u2069"), ("de", "Anna")):
        of = course(course_md=COURSE_MD.replace("sender:", f"language: {language}\nsender:"))
        for part in parts(compiled("lesson", of)):
            assert f"Dear {around}, see" in part


def test_a_language_is_known_by_its_first_part_however_it_is_written() -> None:
    assert {words_in(code).language for code in ("pt", "pt-BR", "PT_br")} == {"pt"}
    assert words_in("fi") is ENGLISH
    assert (is_spoken("de-AT"), is_spoken("en"), is_spoken("fi"), is_spoken("")) == (True, True, False, False)


@each_language
def test_a_moment_is_said_as_people_say_it(language: str) -> None:
    words = words_in(language)
    assert words.moment(datetime(2026, 3, 27, 7, 4, tzinfo=UTC), "Europe/Berlin") == A_MOMENT[language]


def test_plurals_follow_the_language() -> None:
    assert [words_in("fr").minutes(number) for number in (0, 1, 2)] == ["0 minute", "1 minute", "2 minutes"]
    assert [words_in("de").minutes(number) for number in (0, 1, 2)] == ["0 Minuten", "1 Minute", "2 Minuten"]


def test_a_phrase_is_said_in_a_language_chosen_later() -> None:
    moment = Moment(datetime(2026, 3, 27, 7, 4, tzinfo=UTC), "Europe/Berlin")
    phrase = Phrase("%(day)s at %(time)s", {"day": date(2026, 3, 27), "time": Phrase("Article")})
    assert str(phrase) == "Friday 27 March at Article"
    assert words_in("de").of(phrase) == "Freitag, 27. März um Artikel Uhr"
    assert words_in("fr").of(Phrase("%(place)s time", {"place": moment})) == "heure de vendredi 27 mars à 8:04"
    assert words_in("de").of(Phrase("%(place)s time", {"place": 1234.5})) == "Ortszeit 1.234,5"


def said_in(language: str) -> list[str]:
    return [text for forms in words_in(language).forms.values() for text in forms]


def test_french_signs_never_part_from_their_words() -> None:
    for text in said_in("fr"):
        bare = re.sub(r"%\(\w+\)s|`[^`]*`|\d:\d", "x", text)
        assert not re.search(r"[^\u202f][;?!]|[^\u00a0][:»]|«[^\u00a0]", bare), text


def test_quotation_marks_and_questions_are_those_of_the_language() -> None:
    assert [text for text in said_in("de") if re.search(r"”|«|»|“[\w%]", text)] == []
    assert [text for text in said_in("es") if text.count("?") != text.count("¿") or re.search("[“”„]", text)] == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_readers_are_addressed_in_one_form(language: str) -> None:
    assert [text for text in said_in(language) if re.search(FAMILIAR[language], text)] == []


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_a_catalogue_says_whose_it_is_and_the_documents_name_its_language(code: str) -> None:
    catalogue = (catalogues.CATALOGUES / f"{code}.po").read_text()
    assert f'"Language: {code}\\n"' in catalogue
    name = Locale(code).get_language_name("en")
    for document in ("README.md", "docs/languages.md"):
        assert name and name in (ROOT / document).read_text(), document
