"""How many words a text is worth, with and without spaces between them."""

import pytest

from course.content.course import Effort
from course.content.parse import parse_lesson
from course.content.reading_time import WORDS_PER_MINUTE, words_worth

CHINESE = "我们今天学习怎样写一封清楚的信，先想好要说什么，再把最重要的一句放在最前面。"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        (CHINESE * 120, 9),
        ("わたしたちは今日、手紙の書き方をまなびます。" * 100, 4),
        ("ｱｲｳｴｵ" * 200, 2),
        ("𠀀𠀁" * 500, 2),
        ("เราเรียนรู้การเขียนจดหมายที่ชัดเจน" * 100, 4),
        ("យើងរៀនសរសេរសំបុត្រច្បាស់" * 100, 3),
        ("ພວກເຮົາຮຽນຮູ້ການຂຽນຈົດໝາຍ" * 100, 3),
        ("ကျွန်ုပ်တို့သည်စာရေးနည်းကို" * 100, 3),
        ("word " * 238 + CHINESE * 13, 2),
        ("단어 " * 238, 1),
        ("शब्द हिन्दी " * 119, 1),
    ],
    ids=[
        "Chinese",
        "Japanese",
        "half-width",
        "rare Han",
        "Thai",
        "Khmer",
        "Lao",
        "Burmese",
        "mixed",
        "Korean",
        "Hindi",
    ],
)
def test_a_text_takes_as_long_in_any_script(text: str, minutes: int) -> None:
    assert round(words_worth(text) / WORDS_PER_MINUTE) == minutes


@pytest.mark.parametrize("word", ["می‌خواهم", "हिन्दी", "e\u0301te\u0301", "Donau\u00addampfer", "it’s", "naïve"])
def test_joiners_and_marks_part_no_word(word: str) -> None:
    assert words_worth(f"{word} {word}") == 2


def test_a_lesson_in_chinese_tells_its_minutes() -> None:
    lesson, problems = parse_lesson("1-a.md", f"---\ntitle: A\n---\n{CHINESE * 120}\n")
    assert problems == ()
    assert Effort(lesson.word_count / WORDS_PER_MINUTE, 0, 0, 0).minutes == 9
