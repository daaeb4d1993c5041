"""Writing in the studio without JavaScript: findings, saving, conflicts, order, media, and the mail."""

import json
import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from course.models import Deed
from tests.support.author.films import mp3
from tests.support.author.studio import BY_ROLE, sign_in, work_off
from tests.support.world.person import AppBrowser, Page, Person
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World
from web.media_files import LOCKED_UP

COURSE = f"/studio/courses/{SLUG}"
LESSON = "2-dough-2.md"
EDIT = f"{COURSE}/edit/{LESSON}"
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 10


def folder(studio: World) -> Path:
    return studio.lessons_dir / SLUG


def fields_of(page: Page, action: str) -> dict[str, str]:
    """The hidden fields of the form that posts to this address."""
    form = re.search(rf'<form method="post"[^>]*action="{re.escape(action)}".*?</form>', page.text, flags=re.S)
    assert form, page.text
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))


def save(person: Person, text: str, url: str = EDIT, opened: Page | None = None) -> Page:
    page = opened or person.look(url)
    return person.post(url, fields_of(page, url) | {"text": text})


def test_a_text_is_shown_with_its_findings_at_their_lines(studio: World) -> None:
    (folder(studio) / LESSON).write_text("---\ntitle: Dough\n---\n\nSee [nothing](articles/none.md).\n")
    page = sign_in(studio, "author").look(EDIT)
    assert "See [nothing](articles/none.md).\n</textarea>" in page.text
    assert 'data-line="5">Line 5</a>' in page.text
    assert "<code>articles/none.md</code> leads nowhere" in page.text
    assert "DL202" in page.text
    assert "<code>articles/none.md</code> leads nowhere" in page.text


def test_saving_writes_the_file_and_the_log(studio: World) -> None:
    person = sign_in(studio, "author")
    page = save(person, "---\r\ntitle: New\r\n---\r\nWords.\r\n")
    assert "Saved." in page.text
    assert (folder(studio) / LESSON).read_bytes() == b"---\ntitle: New\n---\nWords.\n"
    with studio.runtime.db.read() as session:
        newest = session.scalars(select(Deed).order_by(Deed.id.desc()).limit(1)).one()
    assert (newest.who, newest.what, newest.details["file"]) == (BY_ROLE["author"], "saved a file", LESSON)


@pytest.mark.parametrize(
    "raw", [b"\nfirst line empty\r\n", b"a\r\nb", b"\xef\xbb\xbf# x\n", b"</textarea><b>&amp;\n"]
)
def test_opening_and_saving_without_a_change_changes_nothing(studio: World, raw: bytes) -> None:
    (folder(studio) / LESSON).write_bytes(raw)
    before = (folder(studio) / LESSON).stat().st_mtime_ns
    person = sign_in(studio, "author")
    page = person.look(EDIT)
    shown = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, flags=re.S)
    assert shown
    typed = unescape(shown[1]).replace("\n", "\r\n")
    assert save(person, typed, opened=page).status == 200
    assert (folder(studio) / LESSON).read_bytes() == raw
    assert (folder(studio) / LESSON).stat().st_mtime_ns == before


def test_of_two_authors_at_once_the_second_sees_both_versions(studio: World) -> None:
    first, second = sign_in(studio, "author"), sign_in(studio, "operator")
    opened = second.look(EDIT)
    save(first, "The first one's words.\n")
    page = save(second, "The second one's words.\n", opened=opened)
    assert page.status == 409
    assert "-The first one&#39;s words." in page.text
    assert "+The second one&#39;s words." in page.text
    assert (folder(studio) / LESSON).read_text() == "The first one's words.\n"
    save(second, "Both.\n", opened=page)
    assert (folder(studio) / LESSON).read_text() == "Both.\n"


def test_who_was_signed_out_meanwhile_keeps_the_text(studio: World) -> None:
    person = sign_in(studio, "author")
    opened = person.look(EDIT)
    studio.clock.forward(days=8)
    page = save(person, "An hour's work.", opened=opened)
    assert page.status == 401
    assert "An hour&#39;s work." in page.text


def test_a_text_that_is_too_long_is_refused_and_kept(studio: World) -> None:
    person, before = sign_in(studio, "author"), (folder(studio) / LESSON).read_bytes()
    page = save(person, "word " * 220_000)
    assert page.status == 422
    assert "over 1 MB" in page.text
    assert page.text.count("word word word") > 1
    assert save(person, "x" * 10_000_000).status == 413
    assert (folder(studio) / LESSON).read_bytes() == before


OUTSIDE = (
    *("none.md", "..%2f..%2fsecret.md", "%2fetc%2fpasswd", "media/bowl.jpg"),
    *(".hidden.md", "link.md", "%00.md", "a%5cb.md"),
)


def test_what_is_no_text_of_the_course_is_neither_shown_nor_written(studio: World) -> None:
    (studio.lessons_dir / "secret.md").write_text("secret words")
    (folder(studio) / "link.md").symlink_to(studio.lessons_dir / "secret.md")
    person = sign_in(studio, "author")
    token = fields_of(person.look(EDIT), EDIT)
    for path in OUTSIDE:
        for kind in ("edit", "preview", "mail"):
            page = person.look(f"{COURSE}/{kind}/{path}")
            assert page.status == 404, page.url
            assert "secret words" not in page.text
        assert person.post(f"{COURSE}/edit/{path}", token | {"text": "evil"}).status in (404, 422)
    assert person.post(f"{COURSE}/edit/media/evil.html", token | {"text": "evil", "opened": ""}).status == 404
    assert (studio.lessons_dir / "secret.md").read_text() == "secret words"


def test_what_is_not_utf8_is_told_with_its_line(studio: World) -> None:
    (folder(studio) / LESSON).write_bytes(b"fine\n\xff\xfe\n")
    page = sign_in(studio, "author").look(EDIT)
    assert page.status == 422
    assert "Line 2" in page.text


def test_a_draft_is_looked_at_while_it_is_written_and_stored_nowhere(studio: World) -> None:
    person = sign_in(studio, "author")
    token, rows = fields_of(person.look(EDIT), EDIT)["csrf_token"], studio.rows()
    page = person.post(
        f"{COURSE}/draft/{LESSON}", {"csrf_token": token, "text": "Fresh <b>words</b>, {{ nam }}.\n"}
    )
    seen = json.loads(page.text)
    assert "Fresh &lt;b&gt;words&lt;/b&gt;" in seen["html"]
    assert "DL105" in seen["findings"]
    assert "Fresh" not in (folder(studio) / LESSON).read_text()
    assert studio.rows() == rows


def test_the_preview_is_the_mail_that_is_sent(studio: World) -> None:
    person = sign_in(studio, "viewer")
    studio.enrol()
    sent = studio.mails("lesson")[0].text
    page = person.look(f"{COURSE}/preview/1-dough-1.md")
    shown = re.search(r'<pre tabindex="0">(.*?)</pre>', page.text, flags=re.S)
    assert shown

    def words(text: str) -> list[str]:
        return re.sub(r"https?://\S+|/studio/\S+", "", text).split()

    letter = words(sent)
    assert words(unescape(shown[1]))[: len(letter) // 2] == letter[: len(letter) // 2]


def test_an_article_is_framed_in_the_courses_language(studio: World) -> None:
    course = folder(studio) / "course.md"
    course.write_text(course.read_text().replace("---\n", "---\nlanguage: ar\n", 1))
    page = sign_in(studio, "viewer").look(f"{COURSE}/mail/course.md")
    assert '<html lang="ar" dir="rtl">' in page.text


@pytest.mark.parametrize("view", ["desktop", "phone", "dark", "no-images", "nonsense"])
def test_the_framed_mail_can_run_nothing(studio: World, view: str) -> None:
    page = sign_in(studio, "viewer").look(f"{COURSE}/mail/{LESSON}?view={view}")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert ("img-src" in policy) == (view != "no-images")
    assert ("@media all" in page.text) == (view == "dark")


def test_a_test_mail_goes_to_oneself_and_is_in_no_number(studio: World) -> None:
    person = sign_in(studio, "author")
    preview = f"{COURSE}/preview/{LESSON}"
    before = {name: rows for name, rows in studio.rows().items() if name != "deed"}
    page = person.post(f"{COURSE}/test/{LESSON}", fields_of(person.look(preview), f"{COURSE}/test/{LESSON}"))
    work_off(studio)
    assert "on its way to arne@example.org" in page.text
    mail = studio.mails("lesson")[-1]
    assert mail.message["To"] == BY_ROLE["author"]
    assert "/o/" not in mail.html
    assert "/c/" not in mail.html
    assert {name: rows for name, rows in studio.rows().items() if name != "deed"} == before


def test_a_lesson_moves_by_one_place_and_nothing_else_changes(studio: World) -> None:
    person = sign_in(studio, "author")
    texts = {path.name: path.read_bytes() for path in folder(studio).glob("*.md")}
    fields = fields_of(person.look(COURSE), f"{COURSE}/move")
    person.post(f"{COURSE}/move", fields | {"path": "2-dough-2.md", "to": "up"})
    assert (folder(studio) / "1-dough-2.md").read_bytes() == texts["2-dough-2.md"]
    assert (folder(studio) / "2-dough-1.md").read_bytes() == texts["1-dough-1.md"]
    assert len(list(folder(studio).glob("*.md"))) == len(texts)
    assert person.post(f"{COURSE}/move", fields | {"path": "../x.md", "to": "up"}).status == 404


def upload(studio: World, person: Person, **files: tuple[bytes, str]) -> tuple[int, str]:
    token = fields_of(person.look(f"{COURSE}/media"), f"{COURSE}/media")
    data: dict[str, object] = {name: (BytesIO(content), called) for name, (content, called) in files.items()}
    assert isinstance(person.browser, AppBrowser)
    answer = person.browser.client.post(f"{COURSE}/media", data=token | data, content_type="multipart/form-data")
    return answer.status_code, answer.get_data(as_text=True)


def test_a_film_is_uploaded_with_its_captions_and_poster(studio: World) -> None:
    person, film = sign_in(studio, "author"), b"\0\0\0\x20ftypisom" + b"frames" * 99
    assert upload(studio, person, file=(film, "My Talk.mp4"))[0] == 303
    page = person.look(f"{COURSE}/media?kept=my-talk.mp4")
    assert "Still missing: <code>media/my-talk.vtt</code>, <code>media/my-talk.jpg</code>" in page.text
    files = {
        "file": (film, "Other.mp4"),
        "captions": (b"WEBVTT\n", "en.vtt"),
        "poster": (b"\xff\xd8\xff", "p.jpg"),
    }
    assert upload(studio, person, **files)[0] == 303
    assert {path.suffix for path in (folder(studio) / "media").glob("other.*")} == {".mp4", ".vtt", ".jpg"}
    log = " ".join(re.sub("<[^>]*>", " ", sign_in(studio).look("/studio/log").text).split())
    assert "uploaded media course bread-at-home files media/other.mp4, media/other.vtt, media/other.jpg" in log
    assert "published course bread-at-home version 1" in log


def test_a_recording_or_document_is_uploaded_with_what_to_write(studio: World) -> None:
    person = sign_in(studio, "author")
    assert ".mp3,.m4a" in person.look(f"{COURSE}/media").text
    assert upload(studio, person, file=(mp3(90), "A Talk.mp3"))[0] == 303
    assert '(media/a-talk.mp3 "1:30")</pre>' in unescape(person.look(f"{COURSE}/media?kept=a-talk.mp3").text)
    assert upload(studio, person, file=(b"PK\x03\x04", "Plan.xlsx"))[0] == 303
    assert (
        "<pre>[Title of the document](media/plan.xlsx)</pre>" in person.look(f"{COURSE}/media?kept=plan.xlsx").text
    )
    status, text = upload(studio, person, file=(b"\0\0\0\x14ftypqt  ", "Clip.MOV"))
    assert (status, "Save the film as MP4 (H.264)" in text) == (422, True)


def test_an_upload_that_lies_is_refused_and_nothing_is_served_as_a_page(studio: World) -> None:
    person = sign_in(studio, "author")
    status, text = upload(studio, person, file=(b"<script>alert(1)</script>", "a.png"))
    assert (status, "<code>a.png</code> is not a PNG picture, whatever its name says" in text) == (422, True)
    status, text = upload(studio, person, file=(b"<html/>", "<b>.html"))
    assert (status, "<code>&lt;b&gt;.html</code> is of a kind that courses do not show" in text) == (422, True)
    assert "Rename it first" in upload(studio, person, file=(b"\x89PNG", "図.png"))[1]
    assert upload(studio, person)[0] == 422
    (folder(studio) / "media/evil.svg").write_text("<svg onload='alert(1)'/>")
    (folder(studio) / "media/page.jpg").write_text("<script>alert(1)</script>")
    drawing = person.look(f"{COURSE}/media/evil.svg")
    assert drawing.headers["content-security-policy"] == LOCKED_UP
    served = person.look(f"{COURSE}/media/page.jpg")
    assert (served.headers["content-type"], served.headers["x-content-type-options"]) == ("image/jpeg", "nosniff")


def test_an_empty_folder_says_what_to_do_first(studio: World) -> None:
    for path in sorted(studio.lessons_dir.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert "There is no course yet" in sign_in(studio, "author").look("/studio").text


def test_a_new_course_and_a_new_lesson_begin_from_a_template(studio: World) -> None:
    person = sign_in(studio, "author")
    fields = fields_of(person.look("/studio"), "/studio/courses")
    page = person.post("/studio/courses", fields | {"title": "Crème brûlée"})
    assert page.url.endswith("/studio/courses/creme-brulee")
    page = person.post("/studio/courses/creme-brulee/lessons", fields | {"title": 'The "second": day'})
    assert page.url.endswith("/edit/2-the-second-day.md")
    assert "title: &#34;The \\&#34;second\\&#34;: day&#34;" in page.text
    assert person.post("/studio/courses/creme-brulee/lessons", fields | {"title": "the second day"}).status == 422
    assert person.post("/studio/courses", fields | {"title": "Creme brulee"}).status == 422
    assert person.post("/studio/courses", fields | {"title": "麺"}).status == 422


def test_a_file_is_taken_out_after_a_look_at_it_and_only_as_it_was_seen(studio: World) -> None:
    person, url = sign_in(studio, "author"), f"{COURSE}/remove/{LESSON}"
    assert f'href="{url}"' in person.look(EDIT).text
    seen = person.look(url)
    assert "Learners under way keep the lesson" in seen.text
    assert "Its text, to keep elsewhere" in seen.text
    save(person, "Newer words.\n")
    assert person.submit(seen).status == 422
    assert (folder(studio) / LESSON).read_text() == "Newer words.\n"
    assert person.submit(person.look(url)).url.endswith(COURSE)
    assert not (folder(studio) / LESSON).exists()
    assert person.look(url).status == 404
    page = person.submit(person.look(f"{COURSE}/remove/media/bowl.jpg"))
    assert page.url.endswith("/media")
    assert not (folder(studio) / "media/bowl.jpg").exists()


@pytest.mark.parametrize(
    "path", ["course.md", "../secret.md", "%2fetc%2fpasswd", ".hidden.md", "link.md", "notes.txt"]
)
def test_nothing_else_can_be_taken_out(studio: World, path: str) -> None:
    (studio.lessons_dir / "secret.md").write_text("secret words")
    (folder(studio) / "link.md").symlink_to(studio.lessons_dir / "secret.md")
    for name in (".hidden.md", "notes.txt"):
        (folder(studio) / name).write_text("stays")
    before = {file: file.read_bytes() for file in studio.lessons_dir.rglob("*") if file.is_file()}
    person = sign_in(studio, "author")
    fields = fields_of(person.look(EDIT), EDIT)
    assert person.post(f"{COURSE}/remove/{path}", fields | {"seen": "x"}).status in (404, 422)
    assert {file: file.read_bytes() for file in studio.lessons_dir.rglob("*") if file.is_file()} == before
