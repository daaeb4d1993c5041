"""A course folder's texts: what is understood, and what is said about the rest."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.content.parse import Parsed, parse_article, parse_course, parse_lesson, parse_wording
from course.content.problems import Problem
from course.drafts.folder import read_folder
from course.language.words import Phrase

COURSE = "---\ntitle: Moving on\n---\nWelcome.\n"
LESSON = "---\ntitle: First\n---\nHello.\n"


def course_of(*lessons: str, course: str = COURSE, **others: str) -> Parsed:
    """Others are named as `articles__map="text"`."""
    texts = {"course.md": course, **{f"{n}-lesson-{n}.md": text for n, text in enumerate(lessons, 1)}}
    texts |= {f"{name.replace('__', '/').replace('_', '-')}.md": text for name, text in others.items()}
    return parse_course("moving-on", texts)


def lesson_with(body: str) -> str:
    return f"---\ntitle: First\n---\n{body}"


def told(parsed: Parsed) -> list[tuple[str, int, str]]:
    return [(problem.path, problem.line, problem.code) for problem in parsed.problems]


def test_a_plain_course_has_no_problem() -> None:
    parsed = course_of(LESSON)
    assert parsed.problems == ()
    assert parsed.course.title == parsed.course.sender == "Moving on"
    assert (parsed.course.start, parsed.course.weekdays, parsed.course.max_open) == (
        "at-once",
        frozenset(range(7)),
        None,
    )
    assert (parsed.course.minutes, parsed.course.language) == ((15, 20), "en")
    assert [lesson.slug for lesson in parsed.course.lessons] == ["lesson-1"]


def test_every_field_of_a_course_is_read() -> None:
    fields = (
        "title: T\ntagline: G\nsummary: S\naudience: A\nauthor: U\nsender: N\nlanguage: no\nstart: next-day\n"
        "weekdays: [mon, Tuesday, 4]\nminutes: 5 – 10\nmax_open: 3\nnudge: 2"
    )
    parsed = course_of(LESSON, course=f"---\n{fields}\n---\nText")
    course = parsed.course
    assert parsed.problems == ()
    assert (course.title, course.tagline, course.summary, course.audience) == ("T", "G", "S", "A")
    assert (course.author, course.sender, course.start) == ("U", "N", "next-day")
    assert course.language == "no", "Norwegian, and not YAML's False"
    assert course.weekdays == frozenset({0, 1, 4})
    assert (course.minutes, course.max_open, course.nudge) == ((5, 10), 3, 2)
    assert course.markdown == "Text"


@pytest.mark.parametrize("word", ["yes", "off", "1.10", "2026-13-45", "010", "1_000", "0x1F", "~", "null"])
def test_a_title_means_what_it_says(word: str) -> None:
    assert parse_lesson("1-a.md", f"---\ntitle: {word}\n---\n")[0].title == word


BROKEN = {
    "DL001 no course page": ({"1-a.md": LESSON}, ("course.md", 1, "DL001")),
    "DL002 no lesson": ({"course.md": COURSE}, ("course.md", 1, "DL002")),
    "DL003 the same slug twice": ({"1-a.md": LESSON, "2-a.md": LESSON}, ("2-a.md", 1, "DL003")),
    "DL004 a file nobody reads": ({"notes.md": "x"}, ("notes.md", 1, "DL004")),
    "DL004 a slug in capitals": ({"2-Second.md": LESSON}, ("2-Second.md", 1, "DL004")),
    "DL004 a mail of no kind": ({"mails/goodbye.md": "x"}, ("mails/goodbye.md", 1, "DL004")),
    "DL101 broken YAML": ({"1-a.md": "---\ntitle: a\nsubject: b: c\n---\n"}, ("1-a.md", 3, "DL101")),
    "DL101 a bracket left open": ({"1-a.md": "---\ntitle: a\nsubject: [b\n---\n"}, ("1-a.md", 3, "DL101")),
    "DL101 a quote left open": ({"1-a.md": '---\ntitle: "a\nsubject: b\n---\n'}, ("1-a.md", 2, "DL101")),
    "DL101 a tab": ({"1-a.md": "---\ntitle: a\n\tsubject: b\n---\n"}, ("1-a.md", 3, "DL101")),
    "DL101 a bell": ({"1-a.md": "---\ntitle: a\nsubject: \x07\n---\n"}, ("1-a.md", 3, "DL101")),
    "DL101 a list": ({"1-a.md": "---\n- title\n- subject\n---\n"}, ("1-a.md", 2, "DL101")),
    "DL101 a sentence": ({"1-a.md": "---\nOnce upon a time\n---\n"}, ("1-a.md", 2, "DL101")),
    "DL101 never closed": ({"1-a.md": "---\ntitle: a\n\nText\n"}, ("1-a.md", 1, "DL101")),
    "DL102 no front matter": ({"1-a.md": "title: a\n"}, ("1-a.md", 1, "DL102")),
    "DL102 an empty title": ({"1-a.md": "---\nsubject: b\ntitle:\n---\n"}, ("1-a.md", 3, "DL102")),
    "DL102 a title in the text": ({"1-a.md": "---\nsubject: b\n---\n\ntitle: a\n"}, ("1-a.md", 1, "DL102")),
    "DL102 a mail without subject": ({"mails/welcome.md": "Hi"}, ("mails/welcome.md", 1, "DL102")),
    "DL102 an article without title": ({"articles/b.md": "Hi"}, ("articles/b.md", 1, "DL102")),
    "DL103 an unknown field": ({"1-a.md": "---\ntitle: a\ntilte: b\n---\n"}, ("1-a.md", 3, "DL103")),
    "DL104 a title that is a list": ({"1-a.md": "---\ntitle: [a, b]\n---\n"}, ("1-a.md", 2, "DL104")),
    "DL301 no duration": ({"1-a.md": lesson_with("![T](media/talk.mp4)")}, ("1-a.md", 4, "DL301")),
    "DL301 a wrong one": ({"1-a.md": lesson_with('![T](media/talk.mp4 "4:75")')}, ("1-a.md", 4, "DL301")),
    "DL302 no title": ({"1-a.md": lesson_with('![](media/talk.mp4 "4:30")')}, ("1-a.md", 4, "DL302")),
    "DL304 a video elsewhere": ({"1-a.md": lesson_with('![T](y.mp4 "1:00")')}, ("1-a.md", 4, "DL304")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_problem_is_told_with_its_path_and_line(name: str) -> None:
    texts, expected = BROKEN[name]
    whole = dict(texts) if name[:5] in ("DL001", "DL002") else {"course.md": COURSE, "1-a.md": LESSON, **texts}
    assert expected in told(parse_course("c", whole))


@pytest.mark.parametrize(
    "line",
    [
        "start: sometimes",
        "weekdays: [mon, someday]",
        "weekdays: []",
        "weekdays: 7",
        "weekdays: ²",
        "weekdays: {mon: tue}",
        "minutes: a quarter",
        "minutes: 20-15",
        "max_open: 0",
        "max_open: -1",
        "max_open: some",
        "max_open: true",
        "max_open: 1.5",
        "max_open: ²",
        "nudge: [2]",
        "tagline: {a: b}",
    ],
)
def test_a_field_that_cannot_be_is_told_at_its_line(line: str) -> None:
    parsed = course_of(LESSON, course=f"---\ntitle: T\n\n{line}\n---\n")
    assert told(parsed) == [("course.md", 4, "DL104")]
    assert parsed.course.title == "T"


def test_a_problem_reads_as_path_line_level_code_and_message() -> None:
    assert (
        str(Problem("1-a.md", 3, "DL102", Phrase("`title` is missing.")))
        == "1-a.md:3: error DL102 `title` is missing."
    )


def test_all_problems_are_told_at_once_and_once_in_order() -> None:
    body = "a {{ b }} {{ b }}\n[x](vbscript:y) [x](vbscript:y)\n\n![](media/none.mp4)\n[x](articles/no.md)"
    parsed = course_of(f"---\nsubjekt: b\n---\n{body}", course="---\nstart: never\n---\n", notes="x")
    assert told(parsed) == [
        ("1-lesson-1.md", 1, "DL102"),
        ("1-lesson-1.md", 2, "DL103"),
        ("1-lesson-1.md", 7, "DL301"),
        ("1-lesson-1.md", 7, "DL302"),
        ("course.md", 1, "DL102"),
        ("course.md", 2, "DL104"),
        ("notes.md", 1, "DL004"),
    ]


def test_a_file_nobody_reads_is_a_warning_and_no_error() -> None:
    parsed = course_of(LESSON, notes="x")
    assert [problem.level for problem in parsed.problems] == ["warning"]
    assert parsed.errors == ()


def test_brackets_nested_too_deep_are_a_problem_and_no_crash() -> None:
    _, problems = parse_lesson("1-a.md", f"---\ntitle: {'[' * 100_000}\n---\nText")
    assert {(p.line, p.code) for p in problems} == {(2, "DL101")}


def test_an_author_with_windows_line_ends_gets_the_same_course(tmp_path: Path) -> None:
    body = '```\ncode\n```\n\n![T](media/talk.mp4 "1:00")\n\n- [ ] one\n- [ ] two\n'
    for line_end, name in (("\n", "unix"), ("\r\n", "windows")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "course.md").write_bytes(COURSE.replace("\n", line_end).encode())
        (folder / "1-a.md").write_bytes(lesson_with(body).replace("\n", line_end).encode("utf-8-sig"))
    unix, windows = read_folder(tmp_path, "unix"), read_folder(tmp_path, "windows")
    assert unix.texts == windows.texts
    parsed = parse_course("c", windows.texts)
    assert parsed.problems == ()
    assert len(parsed.course.lessons[0].items) == 2


def test_titles_keep_no_control_characters() -> None:
    fields = 'title: "A\\r\\nBcc: all@example.org\\0\\u2028\\x85B"\nsubject: "\\t S \\e"\npreheader: |\n  P\n  Q\n'
    text = f"---\n{fields}---\n"
    lesson, problems = parse_lesson("1-a.md", text)
    assert problems == ()
    assert (lesson.title, lesson.subject, lesson.preheader) == ("A Bcc: all@example.org B", "S", "P Q")


def test_a_subject_defaults_to_the_title_and_the_sender_to_the_author() -> None:
    assert parse_lesson("1-a.md", LESSON)[0].subject == "First"
    assert course_of(LESSON, course="---\ntitle: T\nauthor: U\n---\n").course.sender == "U"


def test_lessons_are_ordered_by_number_and_not_by_letter() -> None:
    texts = {"course.md": COURSE, "10-z.md": LESSON, "9-y.md": LESSON, "01-x.md": LESSON}
    assert [lesson.slug for lesson in parse_course("c", texts).course.lessons] == ["x", "y", "z"]


def test_lines_are_counted_as_editors_count_them() -> None:
    body = 'a\u2028b\x0cc\x85d\n\n{{ x }}\n\n![](media/talk.mp4 "1:00")\n'
    _, problems = parse_lesson("1-a.md", lesson_with(body))
    assert [(p.line, p.code) for p in problems] == [(8, "DL302")]


def test_a_body_keeps_rules_and_blank_lines_of_its_own() -> None:
    article, problems = parse_article("articles/a.md", "---\ntitle: T\n---\n\n\nOne\n\n---\n\nTwo")
    assert problems == ()
    assert article.markdown == "One\n\n---\n\nTwo"


def test_an_article_is_known_by_its_slug_and_takes_at_least_a_minute() -> None:
    article, _ = parse_article("articles/a-map.md", "---\ntitle: T\nsummary: S\n---\nThree short words")
    assert (article.slug, article.title, article.summary, article.word_count, article.minutes) == (
        "a-map",
        "T",
        "S",
        3,
        1,
    )


def test_a_mail_may_have_the_authors_own_words() -> None:
    parsed = course_of(LESSON, mails__welcome="---\nsubject: Hi {{ name }}\npreheader: P\n---\nText {{name}}")
    assert parsed.problems == ()
    assert parsed.course.wordings["welcome"].subject == "Hi {{ name }}"
    wording, _ = parse_wording("mails/welcome.md", "---\nsubject: Hi\n---\nText")
    assert (wording.subject, wording.preheader, wording.markdown) == ("Hi", "", "Text")


def test_a_lessons_articles_are_each_named_once_in_order() -> None:
    body = "[x](articles/b.md) [y][r] [z](articles/b.md#part) ![v](media/map.png)\n\n[r]: articles/a.md"
    article = "---\ntitle: T\n---\n" + "word " * 238
    parsed = course_of(lesson_with(body), articles__a=article, articles__b=article, articles__c=article)
    assert parsed.problems == ()
    lesson = parsed.course.lessons[0]
    assert lesson.articles == ("b", "a")
    assert parsed.course.effort(lesson).articles == 2.0


def test_the_time_of_a_lesson_is_reading_watching_articles_and_doing() -> None:
    body = f'{"word " * 476}\n\n![T](media/talk.mp4 "4:30")\n\n[A](articles/a.md)\n\n- [ ] one\n- [ ] two\n'
    parsed = course_of(lesson_with(body), articles__a="---\ntitle: T\n---\n" + "word " * 714)
    effort = parsed.course.effort(parsed.course.lessons[0])
    assert (effort.watching, effort.articles, effort.doing) == (4.5, 3.0, 2)
    assert effort.reading == pytest.approx((476 + 1 + 2) / 238)
    assert effort.minutes == round(effort.reading + 9.5)


def test_days_of_lessons_are_counted_from_one() -> None:
    course = course_of(LESSON, LESSON, LESSON).course
    assert [course.day_of(f"lesson-{n}") for n in (1, 2, 3)] == [1, 2, 3]
    assert course.after("lesson-1") == course.lessons[1]
    assert course.after("lesson-3") is None
    assert course.lesson("lesson-9") is None
    with pytest.raises(ValueError, match="not in list"):
        course.day_of("lesson-9")


@settings(max_examples=150)
@given(
    st.text(max_size=120),
    st.lists(
        st.sampled_from(
            [
                "---",
                "```",
                "~~~",
                "title: x",
                "- [ ] a",
                '![T](media/talk.mp4 "1:00")',
                "{{ x }}",
                "",
                "    b",
                "[r]: y",
            ]
        ),
        max_size=14,
    ),
)
def test_whatever_an_author_saves_is_read_without_a_crash(text: str, lines: list[str]) -> None:
    for source in (text, "\n".join(lines), "---\n" + text + "\n---\n" + "\n".join(lines)):
        parsed = course_of(source, course=source, articles__a=source, mails__nudge=source)
        longest = source.count("\n") + 1
        assert all(1 <= problem.line <= longest for problem in parsed.problems)
