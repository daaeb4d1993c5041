"""Texts for who gave no name: what goes with the slot, and what is capital then."""

import re
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content.typesetting.names import NAME_MARK, said

WITHOUT = [
    # at the beginning
    ("en", "{{ name }}, well done!", "Well done!"),
    ("en", "{{name}}, well done!", "Well done!"),
    ("en", "{{ name }}: well done!", "Well done!"),
    ("en", "{{ name }} – well done!", "Well done!"),
    ("en", "{{ name }}! Well done.", "Well done."),
    ("en", "{{ name }}", ""),
    ("en", "{{ name }},", ""),
    ("en", "{{ name }}? {{ name }}!", ""),
    ("en", "({{ name }})", ""),
    ("en", "Good. {{ name }}, go on.", "Good. Go on."),
    ("en", "Good.\n{{ name }}, go on.", "Good.\nGo on."),
    ("en", "{{ name }}, “yes” is enough.", "“Yes” is enough."),
    ("en", "“{{ name }}, come,” she said.", "“Come,” she said."),
    ("en", "“Come!” {{ name }}, she said it.", "“Come!” She said it."),
    ("en", "{{ name }}, iPhones ring.", "iPhones ring."),
    ("en", "{{ name }}, https://example.org is it.", "https://example.org is it."),
    ("en", "{{ name }}, ada@example.org wrote.", "ada@example.org wrote."),
    ("tr", "{{ name }}, iyi günler!", "İyi günler!"),
    # at the end
    ("en", "Hello {{ name }}!", "Hello!"),
    ("en", "Well done, {{ name }}!", "Well done!"),
    ("en", "Well done, {{ name }}", "Well done"),
    ("en", "Well done – {{ name }}!", "Well done!"),
    ("en", "Well done: {{ name }}.", "Well done."),
    ("en", "(Thank you, {{ name }}.)", "(Thank you.)"),
    ("en", "Hello ({{ name }})!", "Hello!"),
    ("en", "Hello “{{ name }}”!", "Hello!"),
    ("en", "Well done … {{ name }}", "Well done …"),
    # within
    ("en", "Hello {{ name }}, welcome.", "Hello, welcome."),
    ("en", "Hello {{ name }} and welcome.", "Hello and welcome."),
    ("en", "Today, {{ name }}, you rest.", "Today, you rest."),
    ("en", "Note: {{ name }}, rest.", "Note: rest."),
    ("en", "Hi {{ name }} {{ name }}!", "Hi!"),
    ("en", "Hi {{ name }}, {{ name }}!", "Hi!"),
    ("en", "Hello {{ name }} ({{ name }})!", "Hello!"),
    ("en", "It is {{ name }}'s day.", "It is day."),
    # instead
    ("en", "Dear {{ name|friend }}, welcome.", "Dear friend, welcome."),
    ("en", "{{ name | dear friend }}, welcome.", "Dear friend, welcome."),
    ("en", "{{ name }}, {{ name|you }}: go.", "You: go."),
    ("en", "{{ name|Friend }}, {{ name }}!", "Friend!"),
    # other languages
    ("de", "Liebe/r {{ name }}, gut gemacht, {{ name }}!", "Liebe/r, gut gemacht!"),
    ("de", "Guten Morgen {{ name }}! Das ist für {{ name }}.", "Guten Morgen! Das ist für."),
    ("de", "{{ name }}, öffne die Tür.", "Öffne die Tür."),
    ("de", "„{{ name }}, komm“, sagte sie.", "„Komm“, sagte sie."),
    ("de", "Hallo {{ name|Mensch }}!", "Hallo Mensch!"),
    ("es", "Querido/a {{ name }}: ¡Bien hecho, {{ name }}!", "Querido/a: ¡Bien hecho!"),
    ("es", "¡{{ name }}! Bien hecho.", "Bien hecho."),
    ("es", "¡Hola, {{ name }}! ¿Cómo estás, {{ name }}?", "¡Hola! ¿Cómo estás?"),
    ("es", "{{ name }}, ¿listo?", "¿Listo?"),
    ("fr", "Bonjour {{ name }} !", "Bonjour !"),
    ("fr", "Bonjour {{ name }}\u202f! Ça va, {{ name }} ?", "Bonjour\u202f! Ça va ?"),
    ("fr", "« {{ name }}, viens », dit-il.", "« Viens », dit-il."),
    ("fr", "Merci, {{ name }} ; à demain.", "Merci ; à demain."),
    ("fr", "{{ name }} : à toi !", "À toi !"),
    ("pt", "Olá, {{ name }}!", "Olá!"),
    ("pt", "Oi {{ name }}, tudo bem?", "Oi, tudo bem?"),
    ("pt", "{{ name }}, é hoje.", "É hoje."),
    # other scripts
    ("ar", "مرحبا {{ name }}، اكتب:", "مرحبا، اكتب:"),
    ("ar", "{{ name }}، اكتب!", "اكتب!"),
    ("ar", "هل أنت هنا، {{ name }}؟", "هل أنت هنا؟"),
    ("fa", "می‌خواهم {{ name }}", "می‌خواهم"),
    ("ru", "{{ name }}, здравствуйте!", "Здравствуйте!"),
    ("el", "Γεια σου, {{ name }}!", "Γεια σου!"),
    ("zh", "你好{{ name }}！", "你好！"),
    ("zh", "{{ name }}，你好。", "你好。"),
    ("ja", "{{ name }}さん、こんにちは。", "こんにちは。"),
    ("ko", "{{ name }}님, 안녕하세요.", "안녕하세요."),
    ("hi", "नमस्ते {{ name }}! आप कैसे हैं, {{ name }}?", "नमस्ते! आप कैसे हैं?"),
]


@pytest.mark.parametrize(("language", "text", "nameless"), WITHOUT, ids=[text for _, text, _ in WITHOUT])
def test_who_gave_no_name_reads_a_whole_sentence(language: str, text: str, nameless: str) -> None:
    assert said(text, "left out", language) == nameless


def test_who_gave_a_name_reads_it_at_each_slot() -> None:
    text = "Dear {{ name|friend }}, hello {{name}}! {{ name }}s."
    assert said(text, "marked").replace(NAME_MARK, "Ada") == "Dear Ada, hello Ada! Adas."


@pytest.mark.parametrize("text", ["{{ nam }}", "{{ name| }}", "{{ name|a{b} }}", "{ name }", "{{ name", "name }}"])
def test_what_is_no_slot_stays(text: str) -> None:
    assert said(text, "left out") == said(text, "marked") == text


WORD = st.sampled_from(
    ["well", "Ada", "été", "ok", "{{ name }}", "{{ name|friend }}", "({{ name }})", "“{{ name }}”"]
)
CLAUSE = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
SENTENCE = st.tuples(
    st.lists(CLAUSE, min_size=1, max_size=4), st.sampled_from([", ", " – ", ": ", "; "]), st.sampled_from(".!?…")
).map(lambda made: made[1].join(made[0]) + made[2])
TEXT = st.lists(SENTENCE, min_size=1, max_size=4).map(" ".join)


@given(TEXT)
def test_no_gap_and_no_stray_sign_is_left_behind(text: str) -> None:
    left = said(text, "left out", "en")
    assert not re.search(r"\s\s|\s[,.!?…;:]|[,;:–][,;:.!?…]|^\s|\s$|^[,;:–]|\(\)|“”", left)
    assert "{" not in left


@given(TEXT)
def test_whoever_has_a_name_reads_what_was_written(text: str) -> None:
    filled = text.replace("{{ name|friend }}", "Ada").replace("{{ name }}", "Ada")
    assert said(text, "marked").replace(NAME_MARK, "Ada") == filled


@pytest.mark.parametrize(
    "piece",
    ["{{ name }}", "({{ name }}", "{{ name }}, ", "{{ name|a }} {{ name }}", "¡({{ name }}.)!", "{{", " \n", "«"],
)
def test_half_a_megabyte_of_anything_takes_no_time(piece: str) -> None:
    text = "(¡" * 20_000 + piece * (400_000 // len(piece)) + ".)!" * 20_000
    began = perf_counter()
    said(text, "left out", "en")
    assert perf_counter() - began < 3
