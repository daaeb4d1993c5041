"""`dayletter learners import` and `export`: many learners at once, from a file and into one."""

from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update

from course.enrolment.many.import_learners import PORTION
from course.models import Consent, Delivery, Enrolment, Learner, Suppression
from tests.support.servers.redis_server import RedisServer
from tests.support.world.command_line import Run, command_line
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TEAM = (
    "email,name,zone,hour,confirmed_at\n"
    "ada@example.org,Ada,Europe/Berlin,7,2025-11-02T09:30:00+01:00\n"
    "nobody,,,,\n"
    "bob@example.org,=Bob,,,\n"
)


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    return command_line(world, monkeypatch)


@pytest.fixture
def team(tmp_path: Path) -> Path:
    file = tmp_path / "team.csv"
    file.write_text(TEAM)
    return file


def everybody(world: World) -> dict[str, str]:
    with world.runtime.db.read() as session:
        rows = session.execute(select(Learner.email, Enrolment.state).join_from(Learner, Enrolment))
        return dict(rows.all())


def test_good_rows_are_enrolled_and_bad_ones_told_with_their_line(world: World, run: Run, team: Path) -> None:
    result = run("learners", "import", SLUG, str(team))
    assert result.exit_code == 1
    assert f"{team}:3: email: This address cannot be right." in result.stderr
    for line in ("3 rows read", "1 begin now", "1 asked by mail first", "1 bad"):
        assert line in result.stdout
    assert everybody(world) == {"ada@example.org": "active", "bob@example.org": "pending"}
    world.step()
    assert sorted((mail.kind, mail.message["To"]) for mail in world.mails()) == [
        ("confirm", "bob@example.org"),
        ("lesson", "ada@example.org"),
        ("welcome", "ada@example.org"),
    ]
    assert [deed["what"] for deed in world.rows()["deed"]][-1] == "imported learners"


def test_importing_again_enrols_and_mails_nobody_twice(world: World, run: Run, team: Path) -> None:
    run("learners", "import", SLUG, str(team))
    before = world.rows()
    result = run("learners", "import", SLUG, str(team))
    assert "2 in the course already" in result.stdout
    assert world.rows() == before


@on_sqlite
def test_who_was_asked_and_has_agreed_elsewhere_meanwhile_begins(world: World, run: Run, team: Path) -> None:
    run("learners", "import", SLUG, str(team))
    team.write_text("email,confirmed_at\nbob@example.org,2025-11-02\n")
    result = run("learners", "import", SLUG, str(team))
    assert (result.exit_code, everybody(world)["bob@example.org"]) == (0, "active")


@on_sqlite
def test_nobody_is_brought_back_who_left_or_takes_no_mail(world: World, run: Run, tmp_path: Path) -> None:
    for email in ("ada@example.org", "bob@example.org"):
        world.enrol(email)
    world.person.post(world.unsubscribe_url("ada@example.org"))
    with world.runtime.db.write() as session:
        for email in ("bob@example.org", "eve@example.org"):
            suppression = Suppression(email=email, reason="bounced", suppressed_at=world.clock.now())
            session.add(suppression)
    before = world.rows()
    file = tmp_path / "team.csv"
    file.write_text("email,confirmed_at\nada@example.org,\nbob@example.org,2025-11-02\neve@example.org,\n")
    result = run("learners", "import", SLUG, str(file))
    assert f"{file}:2: ada@example.org has left this course." in result.stderr
    for line, email in ((3, "bob@example.org"), (4, "eve@example.org")):
        assert f"{file}:{line}: Mail to {email} bounced or was complained about" in result.stderr
    assert result.exit_code == 1
    assert world.rows() == before
    assert run("learners", "export", SLUG).stdout == "email,name,zone,hour,confirmed_at\n"


@on_sqlite
def test_a_lesson_is_due_from_the_enrolment_on_however_old_the_consent(world: World, run: Run, team: Path) -> None:
    course_md = world.lessons_dir / SLUG / "course.md"
    course_md.write_text(course_md.read_text().replace("---\n", "---\nstart: next-day\n", 1))
    world.publish()
    run("learners", "import", SLUG, str(team))
    enrolment = world.look_up("ada@example.org")
    assert enrolment.due_at is not None
    assert enrolment.due_at > enrolment.created_at


@on_sqlite
def test_what_cannot_be_imported_changes_nothing(world: World, run: Run, tmp_path: Path, team: Path) -> None:
    before = world.rows()
    assert "not been published" in str(run("learners", "import", "none", str(team)).exception)
    file = tmp_path / "other.csv"
    file.write_bytes(b"e-mail\nada@example.org\n")
    refused = run("learners", "import", SLUG, str(file))
    assert f"{file}:1: There is no column `email`" in str(refused.exception)
    file.write_bytes(b"email\n")
    assert run("learners", "import", SLUG, str(file)).exit_code == 0
    assert run("learners", "import", SLUG, str(tmp_path / "none.csv")).exit_code == 2
    assert run("learners", "import", SLUG).exit_code == 2
    assert world.rows() == before


@on_sqlite
def test_unknown_columns_are_a_warning(world: World, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "team.csv"
    file.write_text("Phone;Email\n1;ada@example.org\n")
    result = run("learners", "import", SLUG, str(file))
    assert "passed over: 'phone'" in result.stderr
    assert result.exit_code == 0


@on_sqlite
def test_what_was_imported_before_a_stop_stays_and_the_next_run_goes_on(
    world: World, run: Run, tmp_path: Path
) -> None:
    emails = [f"learner-{number}@example.org" for number in range(PORTION + 2)]
    file = tmp_path / "team.csv"
    file.write_text("\n".join(["email", *emails]))
    with world.runtime.db.write() as session:
        refuse = f"WHEN NEW.email = '{emails[-1]}' BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        session.execute(text(f"CREATE TRIGGER stop BEFORE INSERT ON learner {refuse}"))
    assert run("learners", "import", SLUG, str(file)).exit_code == 1
    assert list(everybody(world)) == emails[:PORTION]
    with world.runtime.db.write() as session:
        session.execute(text("DROP TRIGGER stop"))
    result = run("learners", "import", SLUG, str(file))
    assert f"{PORTION} in the course already" in result.stdout
    assert "2 asked by mail first" in result.stdout
    imports = [deed for deed in world.rows()["deed"] if deed["what"] == "imported learners"]
    assert [deed["details"] for deed in imports] == [{"file": str(file)}] * 2
    assert list(everybody(world)) == emails


@on_sqlite
def test_each_portion_is_one_job_for_each_kind_of_mail(
    world: World, run: Run, tmp_path: Path, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    file = tmp_path / "team.csv"
    rows = [f"learner-{number}@example.org,{'2025-11-02' if number % 2 else ''}" for number in range(9)]
    file.write_text("\n".join(["email,confirmed_at", *rows]))
    run("learners", "import", SLUG, str(file))
    with world.runtime.db.read() as session:
        batches = set(session.execute(select(Delivery.kind, Delivery.batch).distinct()))
    assert {kind for kind, _ in batches} == {"welcome", "confirm"}
    assert world.runtime.queue.waiting() == {batch for _, batch in batches}
    assert len(batches) == 2


def test_an_export_imported_elsewhere_gives_the_same_learners(
    world: World, run: Run, team: Path, tmp_path: Path
) -> None:
    run("learners", "import", SLUG, str(team))
    with world.runtime.db.write() as session:
        ada = select(Learner.id).where(Learner.email == "ada@example.org")
        session.execute(update(Learner).where(Learner.id.in_(ada)).values(name="@Ada, “née” 'Byron'"))
    world.register("author@example.org")
    with world.runtime.db.write() as session:
        author = select(Learner.id).where(Learner.email == "author@example.org")
        session.execute(update(Enrolment).where(Enrolment.learner_id.in_(author)).values(counted=False))
    exported = run("learners", "export", SLUG)
    assert exported.exit_code == 0
    assert "author" not in exported.stdout
    with world.runtime.db.write() as session:
        for table in (Delivery, Consent, Enrolment, Learner):
            session.execute(delete(table))
    team.write_text(exported.stdout)
    assert run("learners", "import", SLUG, str(team)).exit_code == 0
    assert run("learners", "export", SLUG).stdout == exported.stdout
    assert sorted(everybody(world).values()) == ["active", "pending"]
