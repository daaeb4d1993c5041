"""What the site says of itself: there is always something, and it is what was published."""

import json

import pytest
from sqlalchemy import text

from course.content.site_file import read_site_files
from course.drafts.site_folder import read_site_folder
from course.publishing.site_texts import publish_site
from course.staff.audit_log import Doer
from tests.support.world.command_line import command_line
from tests.support.world.sample_course import SLUG
from tests.support.world.settings import SETTINGS
from tests.support.world.world import BASE_URL, World


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here turns on the kind of database."""
    return sqlite_url


def publish(world: World, **texts: str) -> bool:
    for name, words in texts.items():
        (world.lessons_dir / f"{name}.md").write_text(words)
    with world.runtime.db.write() as session:
        doer = Doer("the author", world.clock.real())
        return publish_site(session, read_site_folder(world.lessons_dir), world.clock.now(), doer)


def test_without_a_word_of_the_author_both_pages_say_what_is_so(world: World) -> None:
    privacy, imprint = world.person.look("/privacy").text, world.person.look("/imprint").text
    assert "400 days" in privacy
    assert "30 days" in privacy
    assert SETTINGS["MAIL_REPLY_TO"] in privacy
    assert SETTINGS["POSTAL_ADDRESS"] in imprint


def test_the_default_page_goes_by_the_settings(world: World) -> None:
    settings = world.runtime.settings
    assert "Which mails you open and which links you follow, so" in world.person.look("/privacy").text
    object.__setattr__(settings, "tracking", "ask")
    assert "If you agree" in world.person.look("/privacy").text
    object.__setattr__(settings, "tracking", "off")
    object.__setattr__(settings, "retention", {**settings.retention, "learners": 730, "events": None})
    page = world.person.look("/privacy").text
    assert "is not recorded" in page
    assert "730 days" in page
    assert "400" not in page


def test_every_page_and_both_parts_of_every_mail_lead_there(world: World) -> None:
    world.enrol()
    for path in ("/", f"/courses/{SLUG}", world.learn_url(), "/lost-link", "/nowhere", "/privacy"):
        page = world.person.look(path).text
        assert 'href="/privacy"' in page, path
        assert 'href="/imprint"' in page, path
    for mail in world.mails():
        for part in (mail.text, mail.html):
            assert f"{BASE_URL}/privacy" in part, mail.kind
            assert f"{BASE_URL}/imprint" in part, mail.kind


def test_texts_of_the_author_are_shown_once_they_are_published(world: World) -> None:
    draft = "# What we keep\n\nYour **address**, <script>alert(1)</script> and no more.\n"
    (world.lessons_dir / "privacy.md").write_text(draft)
    assert "What we keep" not in world.person.look("/privacy").text
    assert publish(world)
    page = world.person.look("/privacy").text
    assert "<h1>What we keep</h1>" in page
    assert "<strong>address</strong>" in page
    assert "<script>alert" not in page
    assert not publish(world), "nothing has changed"
    (world.lessons_dir / "privacy.md").unlink()
    assert publish(world)
    assert "What we keep" not in world.person.look("/privacy").text


def test_an_address_elsewhere_is_where_the_link_leads(world: World) -> None:
    publish(world, site="---\nimprint: https://bakery.example/imprint\ncontact: Ada <ada@bakery.example>\n---\n")
    answer = world.app.test_client().get("/imprint")
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://bakery.example/imprint")
    assert "ada@bakery.example" in world.person.look("/privacy").text


def test_with_errors_nothing_is_published_and_what_is_in_service_stays(world: World) -> None:
    publish(world, site="---\nimprint: https://bakery.example/imprint\n---\n")
    assert not publish(world, site="---\nimprint: javascript:alert(1)\n---\n")
    assert world.app.test_client().get("/imprint").status_code == 302


@pytest.mark.parametrize(
    ("written", "code", "told"),
    [
        ("privacy: http://x.org/p", "DL104", "https://example.org/privacy"),
        ("privacy: javascript:alert(1)", "DL104", "imprint.md"),
        ("imprint: //x.org", "DL104", "imprint.md"),
        ("imprint: 'https://user@x.org/'", "DL104", "imprint.md"),
        ("privacy: [a, b]", "DL104", "a line of text"),
        ("contact: nobody", "DL104", "contact"),
        ("privcy: https://x.org/", "DL103", "privacy"),
        ("name: 'a", "DL101", ""),
    ],
)
def test_a_wrong_field_is_told_at_its_line(written: str, code: str, told: str) -> None:
    _, problems = read_site_files({"site": f"---\nname: Bakery\n{written}\n---\n"})
    assert code in {problem.code for problem in problems}, problems
    [problem] = [problem for problem in problems if problem.code == code][:1]
    assert problem.path == "site.md"
    assert problem.line >= 2
    assert not told or told.replace("imprint.md", "") in str(problem)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "No front matter at all.",
        "---\n---\n",
        "---\nname: B\nlogo: media/l.svg\naccent: '#2e6b4f'\nissuer: B\n---\nHi",
    ],
)
def test_what_may_be_there_is_no_finding(written: str) -> None:
    assert read_site_files({"site": written})[1] == ()


def test_commands_look_at_the_sites_files_and_publish_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    command = command_line(world, monkeypatch)
    monkeypatch.setenv("LESSONS_DIR", str(world.lessons_dir))
    (world.lessons_dir / "site.md").write_text("---\nprivacy: https://x.org/p\nimprint: ftp://x\n---\n")
    (world.lessons_dir / "privacy.md").write_text("# Privacy\n\nWe keep little.\n")
    result = command("lint", "--json")
    rows = [row for row in json.loads(result.output) if row["course"] == "(site)"]
    found = [(row["path"], row["line"], row["code"]) for row in rows]
    assert found == [("privacy.md", 1, "DL004"), ("site.md", 3, "DL104")]
    assert f"{world.lessons_dir}/site.md:3: error DL104" in command("lint").output
    refused = command("publish", "--yes")
    assert refused.exit_code == 1
    assert "were not published" in str(refused.exception)
    (world.lessons_dir / "site.md").write_text("---\nprivacy: https://x.org/p\n---\n")
    (world.lessons_dir / "privacy.md").unlink()
    assert "site.md" in command("publish", "--dry-run").output
    assert world.app.test_client().get("/privacy").status_code == 200
    assert "are published" in command("publish", "--yes").output
    assert world.app.test_client().get("/privacy").status_code == 302


def test_the_purge_says_what_would_go_and_then_takes_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.register()
    command = command_line(world, monkeypatch)
    with world.runtime.db.write() as session:
        session.execute(text("UPDATE learner SET created_at = '2001-01-01'"))
        session.execute(text("UPDATE enrolment SET created_at = '2001-01-01', replanned_at = NULL"))
    said = command("purge", "--dry-run").output
    assert "unconfirmed: sign-ups that nobody confirmed (after 30 days: 1)" in said
    assert "Nothing was removed." in said
    assert len(world.rows()["learner"]) == 1
    # The sign-up goes with what was counted of it.
    assert "2 rows and learners are gone." in command("purge").output
    assert not world.rows()["learner"]
    assert "0 rows and learners are gone." in command("purge").output
