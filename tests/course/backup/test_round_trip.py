"""What was taken comes back, row by row, from either kind of database into either."""

import io
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from course.backup.container import check
from course.backup.numbers import GAP
from course.backup.putting_back import Place, manifest_of, put_back, secret_of
from course.backup.taking import Places, take_backup
from course.db import Database
from course.errors import Refused
from course.models import Deed, Deployment, Event, Hold, Learner
from course.times import RealTime
from tests.course.backup.filled import BEGAN, all_rows, fill_all
from tests.support.servers.postgres import Postgres
from tests.support.world.databases import KINDS
from tests.support.world.world import World

REAL = RealTime(BEGAN)
SECRET = "the secret that this Dayletter made\n"
WHERE = "https://courses.example.org"


@pytest.fixture(params=KINDS)
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'target.sqlite3'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.fresh_database() as url:
        yield url


def quiet(*_told: object) -> None:
    """Nobody looks on."""


def taken_from(database: Database, folder: Path, secret: str | None = SECRET) -> io.BytesIO:
    file = io.BytesIO()
    take_backup(database, Places(folder / "var", folder / "lessons", secret), file, REAL, quiet)
    return file


def put_into(url: str, file: io.BytesIO, folder: Path) -> Database:
    check(file)
    database = Database(url)
    try:
        put_back(file, manifest_of(file), Place(database, folder, WHERE, folder / "secret"), REAL, quiet)
    except BaseException:
        database.close()
        raise
    return database


@pytest.mark.parametrize("seed", range(2))
def test_every_row_of_every_table_comes_back(
    migrated_database_url: str, target_url: str, tmp_path: Path, seed: int
) -> None:
    with closing(Database(migrated_database_url)) as origin:
        fill_all(origin, seed)
        before = all_rows(origin)
        file = taken_from(origin, tmp_path)
    assert all(before.values())
    with closing(put_into(target_url, file, tmp_path / "new")) as copy:
        after = all_rows(copy)
    held, before["hold"], after["hold"] = after["hold"], [], []
    assert held[0]["why"].startswith(
        f"restored from a backup made at {BEGAN.isoformat()}, when sending was on hold"
    )
    told, before["deployment"][0]["name"] = before["deployment"][0], after["deployment"][0]["name"]
    told["released_at"] = None
    assert after == before
    assert secret_of(file) == (tmp_path / "new/secret").read_text() == SECRET


def test_new_rows_get_numbers_that_nobody_has(migrated_database_url: str, target_url: str, tmp_path: Path) -> None:
    with closing(Database(migrated_database_url)) as origin:
        fill_all(origin, 0)
        file = taken_from(origin, tmp_path)
    with closing(put_into(target_url, file, tmp_path / "new")) as copy, copy.write() as session:
        # Those who came after the backup, and those erased before it, have links with their numbers.
        for model, values, gap in (
            (Learner, {"email": "new@example.org", "name": "", "created_at": BEGAN}, GAP),
            (Deed, {"at": BEGAN, "who": "", "what": "", "details": {}}, 0),
        ):
            last = session.scalar(select(func.max(model.id))) or 0
            assert session.scalar(insert(model).values(**values).returning(model.id)) == last + gap + 1


def test_whoever_joins_a_restored_site_has_no_number_of_whoever_joined_after_the_backup(
    migrated_database_url: str, target_url: str, tmp_path: Path
) -> None:
    def join(session: Session, email: str) -> int:
        joined = insert(Learner).values(email=email, name="", created_at=BEGAN)
        return session.scalars(joined.returning(Learner.id)).one()

    with closing(Database(migrated_database_url)) as origin:
        with origin.write() as session:
            erased = join(session, "erased@example.org")
            session.execute(delete(Learner))
        file = taken_from(origin, tmp_path)
        with origin.write() as session:
            lost = join(session, "lost@example.org")
    with closing(put_into(target_url, file, tmp_path / "new")) as copy, copy.write() as session:
        assert join(session, "new@example.org") > lost > erased


def test_an_empty_dayletter_comes_back_and_holds_as_well(
    migrated_database_url: str, target_url: str, tmp_path: Path
) -> None:
    with closing(Database(migrated_database_url)) as origin:
        file = taken_from(origin, tmp_path, secret=None)
    with closing(put_into(target_url, file, tmp_path / "new")) as copy, copy.read() as session:
        assert session.scalar(select(Hold.again_at)) is None
        assert session.execute(select(Deployment.counter, Deployment.base_url)).one() == (1, WHERE)
    assert not (tmp_path / "new/secret").exists()


def test_published_media_come_back_under_the_same_addresses(world: World, target_url: str, tmp_path: Path) -> None:
    file = taken_from(world.runtime.db, tmp_path)
    put_into(target_url, file, tmp_path / "new").close()
    kept = {f.name: f.read_bytes() for f in (tmp_path / "new/media").iterdir()}
    assert set(kept) == {row["digest"] for row in world.rows()["media"]}
    assert b"the bytes of media/knead.mp4" in kept.values()


def test_media_that_are_nowhere_to_be_found_are_named(studio: World, tmp_path: Path) -> None:
    video = tmp_path / "lessons/bread-at-home/media/knead.mp4"
    video.write_bytes(b"a new cut")
    file = io.BytesIO()
    places = Places(tmp_path / "none", studio.lessons_dir, None)
    taken = take_backup(studio.runtime.db, places, file, REAL, quiet)
    assert taken.missing == ["bread-at-home/media/knead.mp4"]
    check(file)


def test_a_file_holds_one_moment_whatever_is_written_meanwhile(world: World, tmp_path: Path) -> None:
    """A learner and their event are written together: no backup has the one without the other."""
    world.enrol()
    delivery = world.rows()["delivery"][0]["id"]
    stop = threading.Event()

    def write() -> None:
        number = 0
        with closing(Database(world.runtime.settings.database_url)) as database:
            while not stop.is_set():
                number += 1
                with database.write() as session:
                    session.execute(
                        insert(Learner).values(email=f"{number}@example.net", name="", created_at=BEGAN)
                    )
                    told = {"kind": "opened", "at": BEGAN, "received_at": BEGAN, "raw": {}}
                    session.execute(insert(Event).values(key=f"{number}", delivery_id=delivery, **told))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        files = [taken_from(world.runtime.db, tmp_path) for _ in range(5)]
    finally:
        stop.set()
        writer.join()
    for number, file in enumerate(files):
        with closing(put_into(f"sqlite:///{tmp_path}/{number}.sqlite3", file, tmp_path / f"{number}")) as copy:
            rows = all_rows(copy)
        learners = {row["email"] for row in rows["learner"] if row["email"].endswith("net")}
        assert learners == {f"{row['key']}@example.net" for row in rows["event"] if row["key"].isdigit()}


def test_a_database_with_rows_is_left_as_it_is(migrated_database_url: str, tmp_path: Path) -> None:
    with closing(Database(migrated_database_url)) as database:
        fill_all(database, 0)
        file, before = taken_from(database, tmp_path), all_rows(database)
        with pytest.raises(Refused, match="not empty"):
            put_into(migrated_database_url, file, tmp_path / "new")
        assert all_rows(database) == before


def test_tables_without_rows_are_no_hindrance(migrated_database_url: str, tmp_path: Path) -> None:
    """As `dayletter migrate` leaves them."""
    with closing(Database(migrated_database_url)) as database:
        file = taken_from(database, tmp_path)
        put_into(migrated_database_url, file, tmp_path / "new").close()
        assert len(all_rows(database)["hold"]) == 1


def test_what_fails_half_way_leaves_nothing(migrated_database_url: str, target_url: str, tmp_path: Path) -> None:
    with closing(Database(migrated_database_url)) as origin:
        fill_all(origin, 0)
        file = taken_from(origin, tmp_path)
    copy = Database(target_url)
    place = Place(copy, tmp_path / "new", WHERE, tmp_path / "new/secret")

    def breaks_off(what: str, done: int) -> None:
        if done > 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        put_back(file, manifest_of(file), place, REAL, breaks_off)
    assert not (tmp_path / "new/secret").exists()
    put_into(target_url, file, tmp_path / "new").close()
    with copy.read() as session:
        assert session.scalar(select(func.count()).select_from(Learner)) == 7
    copy.close()


def test_one_who_was_held_holds_for_good(migrated_database_url: str, target_url: str, tmp_path: Path) -> None:
    """A trial of before must not end the hold."""
    with closing(Database(migrated_database_url)) as origin:
        fill_all(origin, 0)
        with origin.write() as session:
            session.execute(update(Hold).values(again_at=BEGAN))
        file = taken_from(origin, tmp_path)
    with closing(put_into(target_url, file, tmp_path / "new")) as copy, copy.read() as session:
        assert session.scalar(select(Hold.again_at)) is None
