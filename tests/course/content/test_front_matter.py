"""Front matter as people write it: taken as it was meant, and each slip told with its line and what to write."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.content.files.frame import matter_of
from course.content.files.values import MOST_LETTERS
from course.content.frontmatter import Fields
from course.content.parse import parse_course, parse_lesson

SLIPS = {
    "a remark that cuts": ("subject: Rule #1 is", "DL112", 'subject: "Rule #1 is"'),
    "a remark and nothing else": ("subject: #metoo", "DL112", 'subject: "#metoo"'),
    "a colon": ("subject: Day 3: Go", "DL101", 'subject: "Day 3: Go"'),
    "a reply": ("subject: Re: your notes", "DL101", 'subject: "Re: your notes"'),
    "a colon at the end": ("subject: Note:", "DL101", 'subject: "Note:"'),
    "at": ("subject: @home", "DL101", 'subject: "@home"'),
    "a bracket and more": ("subject: [Draft] Foo", "DL101", 'subject: "[Draft] Foo"'),
    "brackets alone": ("subject: [Draft]", "DL104", 'subject: "[Draft]"'),
    "a star": ("subject: *Starred* word", "DL101", 'subject: "*Starred* word"'),
    "an ampersand": ("subject: &more of it", "DL101", 'subject: "&more of it"'),
    "an exclamation": ("subject: !Hello you", "DL101", 'subject: "!Hello you"'),
    "a percent sign": ("subject: %discount", "DL101", 'subject: "%discount"'),
    "a backtick": ("subject: `git` at work", "DL101", 'subject: "`git` at work"'),
    "a slot": ("subject: {{ name }}, hello", "DL101", 'subject: "{{ name }}, hello"'),
    "an angle": ("subject: > quoted", "DL101", 'subject: "> quoted"'),
    "a hyphen": ("subject: - an item", "DL101", 'subject: "- an item"'),
    "a tab behind the colon": ("subject:\tTab", "DL101", "subject: Tab"),
    "a tab before the name": ("\tsubject: Tab", "DL101", "subject: Tab"),
    "a hard space": ("subject:\u00a0Nbsp", "DL101", "subject: Nbsp"),
    "no space": ("subject:Foo", "DL101", "subject: Foo"),
    "an equals sign": ('subject = "Toml"', "DL101", 'subject: "Toml"'),
    "a wide colon": ("subject：急救", "DL101", "subject: 急救"),
    "curly quotes and a colon": ("subject: “Quoted: yes”", "DL101", 'subject: "Quoted: yes"'),
    "curly quotes": ("subject: “Quoted”", "DL113", 'subject: "Quoted"'),
    "low quotes": ("subject: „Zitat“", "DL113", 'subject: "Zitat"'),
    "quotes that end early": ('subject: "Don\'t" worry', "DL101", 'subject: "\\"Don\'t\\" worry"'),
    "a quote left open": ('subject: "Open', "DL101", 'subject: "Open"'),
    "an apostrophe in front": ("subject: 'Tis the season", "DL101", 'subject: "\'Tis the season"'),
    "a bell": ("subject: a\x07b: c", "DL101", 'subject: "a b: c"'),
    "a capital": ("Subject: Caps", "DL103", "subject: Caps"),
    "all capitals": ("SUBJECT: Caps", "DL103", "subject: Caps"),
    "over two lines": ("subject: One: two\n  and three", "DL101", 'subject: "One: two and three"'),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_at_its_line_with_what_to_write(name: str) -> None:
    written, code, line = SLIPS[name]
    lesson, problems = parse_lesson("1-a.md", f"---\ntitle: T\n{written}\npreheader: P\n---\nText\n")
    assert [(problem.line, problem.code) for problem in problems] == [(3, code)]
    assert f"`{line}`" in str(problems[0].message)
    assert (lesson.title, lesson.preheader) == ("T", "P")
    mended, after = parse_lesson("1-a.md", f"---\ntitle: T\n{line}\npreheader: P\n---\nText\n")
    assert after == ()
    assert mended.subject


def test_a_broken_title_is_not_said_to_be_missing() -> None:
    for written, _, _ in SLIPS.values():
        title = written.replace("subject", "title").replace("Subject", "Title").replace("SUBJECT", "TITLE")
        _, problems = parse_lesson("1-a.md", f"---\n{title}\nsubject: S\n---\nText\n")
        told = [problem.code for problem in problems]
        assert "DL102" not in told or written == "subject: #metoo"


FINE = [
    'It\'s "fine"',
    "Learn C# in a day",
    "a - b",
    "100% @home *now* & [so] on",
    "🎉 Party",
    "a:b",
    "¿Qué?",
    "x'y",
]


@pytest.mark.parametrize("title", FINE)
def test_what_yaml_takes_is_no_finding(title: str) -> None:
    lesson, problems = parse_lesson("1-a.md", f"---\ntitle: {title}\n---\nText\n")
    assert (lesson.title, problems) == (title, ())


FRAMES = {
    "an empty line above": ("\n---\ntitle: T\n---\nText\n", [1]),
    "lines of spaces above": (" \n\t\n---\ntitle: T\n---\nText\n", [1]),
    "a comment above": ("<!-- mine -->\n---\ntitle: T\n---\nText\n", [1]),
    "a comment below an empty line": ("\n<!--\nmine -->\n---\ntitle: T\n---\nText\n", [2]),
    "four hyphens": ("----\ntitle: T\n----\nText\n", [1, 3]),
    "two hyphens": ("--\ntitle: T\n--\nText\n", [1, 3]),
    "a dash": ("—\ntitle: T\n—\nText\n", [1, 3]),
    "TOML": ("+++\ntitle: T\n+++\nText\n", [1, 3]),
    "a code fence": ("```yaml\ntitle: T\n```\nText\n", [1, 3]),
    "closed by dots": ("---\ntitle: T\n...\nText\n", [3]),
    "closed by four, and a rule": ("---\ntitle: T\n----\nText\n\n---\n\nMore\n", [3]),
    "never closed": ("---\ntitle: T\n\nText\n", [1]),
    "never closed, and a rule": ("---\ntitle: T\n\nText\n\n---\n\nMore\n", [1]),
    "never opened": ("title: T\n---\nText\n", [1]),
    "a space before the hyphens": (" ---\ntitle: T\n---\nText\n", [1]),
}


@pytest.mark.parametrize("name", FRAMES)
def test_lines_of_dashes_that_are_not_right_are_told_and_the_rest_is_read(name: str) -> None:
    text, lines = FRAMES[name]
    lesson, problems = parse_lesson("1-a.md", text)
    assert [(problem.line, problem.code) for problem in problems] == [(line, "DL101") for line in lines]
    assert lesson.title == "T"
    assert text.removeprefix(matter_of(text)).startswith("Text")


@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_a_byte_order_mark_does_no_harm(mark: str) -> None:
    lesson, problems = parse_lesson("1-a.md", f"{mark}---\ntitle: T\n---\nText\n")
    assert (lesson.title, problems) == ("T", ())


@pytest.mark.parametrize(
    "text", ["Text\n\n---\n\nMore\n", "\n---\n\nOnce: upon\n\n---\n", "----\n\nText\n", "***\n\nText\n\n***\n"]
)
def test_rules_in_a_text_are_no_front_matter(text: str) -> None:
    assert matter_of(text) == ""


def test_a_field_twice_is_told_at_the_second() -> None:
    lesson, problems = parse_lesson("1-a.md", "---\ntitle: One\ntitle: Two\n---\n")
    assert [(problem.line, problem.code) for problem in problems] == [(3, "DL101")]
    assert lesson.title == "Two"


def test_a_fields_name_from_another_program_is_told_with_ours() -> None:
    text = "---\nlayout: post\ntitle: T\ndescription: D\ntags: [a, b]\n---\n"
    lesson, problems = parse_lesson("1-a.md", text)
    assert [(problem.line, problem.code) for problem in problems] == [(2, "DL103"), (4, "DL103"), (5, "DL103")]
    assert "`preheader`" in str(problems[1].message)
    assert "take the line out" in str(problems[0].message)
    assert lesson.preheader == "D"


def test_a_file_without_front_matter_is_told_the_lines_to_begin_with() -> None:
    _, problems = parse_lesson("1-a.md", '# The "first" day\n\nText\n')
    assert [(problem.line, problem.code) for problem in problems] == [(1, "DL102")]
    assert "`title: 'The \"first\" day'`" in str(problems[0].message)


def test_a_colour_without_quotes_is_told_with_its_quotes() -> None:
    parsed = parse_course(
        "c", {"course.md": "---\ntitle: T\naccent: #2E6B4F\n---\n", "1-a.md": "---\ntitle: A\n---\n"}
    )
    assert [(p.line, p.code) for p in parsed.problems] == [(3, "DL104")]
    assert '`accent: "#2E6B4F"`' in str(parsed.problems[0].message)


def test_a_few_lines_that_would_become_billions_are_refused() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    lesson, problems = parse_lesson("1-a.md", f"---\n{bomb}title: T\n---\n")
    assert lesson.title == "T"
    assert {problem.code for problem in problems} == {"DL101", "DL103"}


@pytest.mark.parametrize(
    "piece",
    [*("[", "{", "a: ", "a:\n", "- ", "? ", "&a ", "*a ", "!a ", "\t", "'", '"', "x\n", "--- \n", "<!--", "# ")],
)
def test_a_very_long_front_matter_takes_no_time(piece: str) -> None:
    before = process_time()
    for text in ("---\ntitle: T\n{}\n---\nText\n", "---\n{}", "{}"):
        fields = Fields("1-a.md", text.format(piece * (900_000 // len(piece))))
    assert process_time() - before < 5
    assert fields.body_line >= 1


def test_a_front_matter_with_too_many_letters_is_told() -> None:
    _, problems = parse_lesson("1-a.md", f"---\ntitle: T\npreheader: {'x' * MOST_LETTERS}\n---\n")
    assert [(problem.line, problem.code) for problem in problems] == [(2, "DL101")]


PIECES = [
    *(
        "---",
        "----",
        "...",
        "+++",
        "—",
        "",
        " ",
        "title: x",
        "title: a: b",
        "title:",
        "Title: x",
        "subject: #1",
        "\t",
    ),
    *(
        "was: [a",
        "- a",
        "  b: c: d",
        "  more",
        "<!-- x -->",
        "<!--",
        "'",
        '"',
        "“x”",
        "&a",
        "*a",
        "!t",
        "# remark",
        "|",
    ),
    *("title: |", "  text", "}", "]", "{a: b}", "\ufeff", "\u2028", "\x07", "a=b", "Text", "title：x"),
]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=12), st.text(max_size=40))
def test_whatever_is_written_there_a_line_of_the_file_is_told(lines: list[str], rest: str) -> None:
    text = "\n".join([*lines, rest])
    for source in (text, f"---\n{text}\n---\n", f"---\ntitle: T\n{text}"):
        lesson, problems = parse_lesson("1-a.md", source)
        last = source.count("\n") + 1
        assert all(1 <= problem.line <= last and str(problem.message) for problem in problems)
        assert source.endswith(source.removeprefix(matter_of(source)))
        assert "\n" not in lesson.title


@settings(max_examples=200)
@given(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=40))
def test_a_title_is_kept_or_its_line_is_told(title: str) -> None:
    lesson, problems = parse_lesson("1-a.md", f"---\nsubject: S\ntitle: {title}\n---\nText\n")
    if not problems:
        assert lesson.title.strip() in (title.strip(), title.strip().strip("\"'").strip())
    assert {problem.line for problem in problems} <= {3}


def test_aliases_that_stand_for_billions_of_texts_are_words_and_the_remedy_is_quotes() -> None:
    levels = "".join(f"f{at}: &a{at} [*a{at - 1}, *a{at - 1}]\n" for at in range(1, 40))
    problems = Fields("1-a.md", f"---\ntitle: &a0 Dough\n{levels}---\nNothing.\n").problems
    assert [problem.line for problem in problems] == [*range(2, 42)]
    assert {problem.code for problem in problems} == {"DL101"}
