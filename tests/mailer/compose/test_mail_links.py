"""Where the links of a mail lead, and which of them are counted."""

import re
from urllib.parse import urlsplit

from tests.support.author.mail_samples import (
    BASE_URL,
    KINDS,
    LESSON_MD,
    VALUES,
    allowed,
    compiled,
    counted,
    course,
    leave_address,
    links,
    parts,
)


def test_links_in_the_html_are_counted_if_the_learner_is_tracked() -> None:
    _, html = parts(compiled("lesson"))
    for target in (
        "https://mill.example.com/flour?a=1&b=2",
        "https://label.example.com/",
        "~/dough-2",
        "~/articles/water",
        "~/articles/flour",
    ):
        assert counted(target) in links(html)
    assert "mill.example.com" not in html


def test_settings_unsubscribe_and_certificate_are_never_counted() -> None:
    for kind in KINDS:
        _, html = parts(compiled(kind))
        assert leave_address(kind) in links(html)
        assert (f"{BASE_URL}/learn/learn-token" in links(html)) == ("learn" in allowed(kind))
    assert f"{BASE_URL}/certificates/ABCD-EFGH" in links(parts(compiled("finished"))[1])


def test_the_text_part_leads_straight_to_every_page() -> None:
    text, _ = parts(compiled("lesson"))
    for address in (
        "https://mill.example.com/flour?a=1&b=2",
        "https://label.example.com/",
        f"{BASE_URL}/learn/learn-token/dough-2",
        f"{BASE_URL}/learn/learn-token/articles/water",
        f"{BASE_URL}/learn/learn-token/articles/flour",
        f"{BASE_URL}/learn/learn-token",
        f"{BASE_URL}/unsubscribe/leave-token",
    ):
        assert re.search(re.escape(address) + r"(?![\w/])", text)
    assert "mark-token" not in text


def test_an_untracked_mail_holds_nothing_that_reports_back() -> None:
    for kind in KINDS:
        template = compiled(kind, tracked=False)
        text, html = parts(template)
        assert not {"mark", "pixel"} & {*template.html.slots, *template.text.slots}
        assert "/c/" not in html + text
        assert "/o/" not in html + text
    assert "https://mill.example.com/flour?a=1&b=2" in links(parts(compiled("lesson", tracked=False))[1])


def test_a_tracked_mail_has_one_pixel_and_a_mail_that_asks_something_none() -> None:
    for kind in KINDS:
        _, html = parts(compiled(kind))
        assert html.count("/o/pixel-token.gif") == ("pixel" in allowed(kind))


def test_a_confirm_mail_never_shows_a_name_nor_counts_a_click() -> None:
    wording = (
        "---\nsubject: Hello {{ name }}\npreheader: For {{ name }}\n---\n"
        "Dear {{ name }}, see [us](https://us.example.com/) and [flour](articles/flour.md).\n"
    )
    template = compiled("confirm", course(more={"mails/confirm.md": wording}))
    for each in (template.subject, template.text, template.html):
        assert "name" not in each.slots
        assert "mark" not in each.slots
        assert "learn" not in each.slots
    text, html = parts(template)
    assert template.subject.filled(VALUES) == "Hello"
    assert "Dear, see" in text
    assert "https://us.example.com/" in links(html)
    assert f"{BASE_URL}/courses/bread-at-home" in links(html)
    assert f"{BASE_URL}/confirm/confirm-token" in links(html)


def test_the_days_to_come_are_offered_for_the_calendar_straight_and_never_counted() -> None:
    address = f"{BASE_URL}/learn/learn-token?calendar#calendar"
    for kind in KINDS:
        text, html = parts(compiled(kind))
        offered = kind in ("welcome", "lesson")
        assert links(html).count(address) == offered
        assert (f"Put the lessons in your calendar\n{address}\n" in text) == offered
    for each in parts(compiled("lesson", day=5)):
        assert "calendar" not in each, "nothing is to come after the last lesson"


def test_a_page_of_ours_and_a_picture_are_found_from_the_mail() -> None:
    more = "\n[Sheet](media/knead.jpg#part)\n\n![Far](https://far.example.com/x.png)\n\n[Odd](elsewhere)\n"
    _, html = parts(compiled("lesson", course(lesson_md=LESSON_MD + more)))
    assert f'src="{BASE_URL}/published/media/bowl.jpg"' in html
    assert f'src="{BASE_URL}/published/media/knead.jpg"' in html
    assert 'src="https://far.example.com/x.png"' in html
    assert f"{BASE_URL}/published/media/knead.jpg#part" in links(html)
    assert all(urlsplit(address).scheme in ("https", "mailto") for address in links(html))
