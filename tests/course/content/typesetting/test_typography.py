"""Quotes, dashes and spaces in several languages, and all that they must leave alone."""

import re
from html import unescape
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content.markup.html import to_html, to_inline_html
from course.content.plain_text import plain_text
from course.content.typesetting.style import Style
from course.content.typesetting.typography import fine
from tests.support.waiting import slowness

THIN = "\u202f"
SET = [
    ("de", "\"Ja\", sagte sie, 'nein'.", "„Ja“, sagte sie, ‚nein‘."),
    ("de", "\"Er rief 'Ja!'\", so war's.", "„Er rief ‚Ja!‘“, so war’s."),
    ("de", 'Schon „gesetzt" und „gesetzt“.', "Schon „gesetzt“ und „gesetzt“."),
    ("de-CH", '"Ja"', "«Ja»"),
    ("fr", '"oui"', f"«{THIN}oui{THIN}»"),
    ("fr", "« oui » !", f"«{THIN}oui{THIN}»{THIN}!"),
    ("fr", "L'ami : \"c'est 'ça' ?\" ; non !", f"L’ami\u00a0: «{THIN}c’est “ça”{THIN}?{THIN}»{THIN}; non{THIN}!"),
    ("fr-CA", "À 10:30, a:b !important", "À 10:30, a:b !important"),
    ("en", '"Yes," he said, "it\'s \'fine\'."', "“Yes,” he said, “it’s ‘fine’.”"),
    ("en", "The dogs' '90s rock 'n' roll", "The dogs’ ’90s rock ‘n’ roll"),
    ("en", "'Tis so.", "’Tis so."),
    ("en", '("a") ["b"] /"c"/ he—"well—" she', "(“a”) [“b”] /“c”/ he—“well—” she"),
    ("en", '"A quotation that goes on', "“A quotation that goes on"),
    ("en", "so -- and --- and...", "so – and — and…"),
    ("en", "1990--1995", "1990–1995"),
    ("es", '"sí" y "el \'no\'"', "«sí» y «el “no”»"),
    ("pt", '"sim"', "“sim”"),
    ("pt-PT", '"sim"', "«sim»"),
    ("it", 'l\'"altro"', "l’«altro»"),
    ("ru", '"да"', "«да»"),
    ("pl", '"tak"', "„tak”"),
    ("sv", '"ja"', "”ja”"),
    ("ja", '彼は"はい"と', "彼は「はい」と"),
    ("zh", '他说"你好"吗', "他说“你好”吗"),
    ("xx", '"a"', "“a”"),
    ("en", "e\u0301te\u0301's", "e\u0301te\u0301’s"),
]
KEPT = [
    "https://example.org/a--b?r='y'...",
    "www.example.org/a--b/it's",
    "xn--bcher-kva.example",
    "--force",
    "(--force)",
    "--name=\"x y\" --n='z'",
    "5'10\"",
    "5' 10\"",
    '6"',
    '6" x 8"',
    "12'",
    "52°31'12\"",
    'צה"ל',
    '<a href="x">',
    "<!-- a -->",
    "a --> b",
    "{{ name|it's }}",
    'a " b',
    "....",
    "-----",
    '""',
]


@pytest.mark.parametrize(("language", "typed", "printed"), SET, ids=[f"{case[0]} {case[1]}" for case in SET])
def test_a_text_is_set_as_its_language_prints_it(language: str, typed: str, printed: str) -> None:
    assert fine(typed, language) == printed


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "pt", "he"])
@pytest.mark.parametrize("kept", KEPT)
def test_what_is_no_prose_stays(language: str, kept: str) -> None:
    assert fine(kept, language) == kept
    assert fine(f"a {kept} b", language) == f"a {kept} b"


SIGNS = st.sampled_from(
    [*"\"\"''-.,!?: \n()5a°é=/<>„“”«»‚‘’–", "...", "--", ' "', '" ', "--x", "https://a.b/", "你"]
)
LANGUAGES = st.sampled_from(["de", "de-CH", "en", "es", "fr", "pt", "sv", "hu", "ja"])
CHANGED = re.compile(r"[\"'„“”«»‚‘’‹›「」『』\s]|-+|–|—|…|\.\.\.")


# In Swedish one sign opens and closes: of three in a row nobody can tell which does what.
@given(st.lists(SIGNS, max_size=30).map("".join), LANGUAGES.filter(lambda language: language != "sv"))
def test_a_text_that_is_set_stays_as_it_is(text: str, language: str) -> None:
    once = fine(text, language)
    assert fine(once, language) == once
    assert CHANGED.sub("", once) == CHANGED.sub("", text)


@given(st.lists(SIGNS, max_size=12).map("".join), LANGUAGES)
def test_code_is_never_set(text: str, language: str) -> None:
    code = text.replace("\n", " ").strip() or "x"
    html = to_inline_html(f'"a" ``  {code}  `` "b"', style=Style(language))
    found = re.search("<code>(.*)</code>", html, flags=re.S)
    assert found
    assert unescape(found[1]).strip() == code


IN_HTML = [
    (
        "de",
        '"Ein *Wort"*, **"und"** `"code"`.',
        '„Ein <em>Wort“</em>, <strong>„und“</strong> <code>"code"</code>.',
    ),
    ("de", '"`x`" und ["hier"](https://a.b/"c")', "„<code>x</code>“ und "),
    ("en", '"one  \n"two"', "“one<br>\n“two”"),
    ("en", '\\"straight\\"', '"straight"'),
    ("en", '<https://a.b/it\'s--x> "y"', "it's--x</a> “y”"),
    ("fr", "C'est **fini** !", f"C’est <strong>fini</strong>{THIN}!"),
    ("en", "it's &quot;raw&quot;", 'it’s "raw"'),
]


@pytest.mark.parametrize(("language", "markdown", "html"), IN_HTML, ids=[case[1] for case in IN_HTML])
def test_a_quotation_runs_across_emphasis_and_code(language: str, markdown: str, html: str) -> None:
    assert html in to_html(markdown, style=Style(language))


def test_each_block_begins_anew() -> None:
    html = to_html('- "one\n- two"\n\n| "a" | b" |\n|---|---|\n| \'c\' | d |\n', style=Style("de"))
    assert "<li>„one</li>" in html
    assert "<th>„a“</th>" in html
    assert "<td>‚c‘</td>" in html


def test_a_course_may_keep_what_was_typed() -> None:
    typed = '"a" -- it\'s...'
    assert to_inline_html(typed, style=Style("de", fine=False)) == typed


def test_no_break_spaces_stay_in_plain_text() -> None:
    assert plain_text(to_html('Il dit "oui" !', style=Style("fr"))) == f"Il dit «{THIN}oui{THIN}»{THIN}!\n"


@pytest.mark.parametrize(
    "piece", ['"', "'", "a'", '"a', "--", "<a", "\"'", " 'a", "5'", "aaaa", "a.b/", "«", "' "]
)
def test_half_a_megabyte_of_anything_takes_no_time(piece: str) -> None:
    began = perf_counter()
    fine(piece * (500_000 // len(piece)), "fr")
    assert perf_counter() - began < 2 * slowness()
