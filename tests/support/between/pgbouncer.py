"""A real PgBouncer in transaction mode: each transaction may be on another of its few connections."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.between.debian import find_program
from tests.support.servers.guarded import GuardedProcess
from tests.support.servers.postgres import Postgres

CONNECTIONS = 3
"""To the server, for each database."""
PORT = 6432
"""No more than the name of a socket file in a folder of its own."""

_SETTINGS = """\
[databases]
* = host={server} user=postgres
[pgbouncer]
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 500
auth_type = any
listen_port = {port}
unix_socket_dir = {folder}
"""


class PgBouncer:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def before(self, database_url: str) -> str:
        """The address by which the same database is reached through it."""
        database = database_url.partition("?")[0]
        return f"{database}?host={self._folder}&port={PORT}"

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.before("postgresql://postgres@/postgres"), prepare_threshold=None):
                return True
        except psycopg.OperationalError:
            return False


@contextmanager
def pgbouncer_before(postgres: Postgres) -> Iterator[PgBouncer]:
    folder = Path(tempfile.mkdtemp(prefix="dayletter-pooler-"))
    server = postgres.url("postgres").partition("host=")[2]
    settings = _SETTINGS.format(server=server, connections=CONNECTIONS, port=PORT, folder=folder)
    if os.geteuid() == 0:
        # It refuses to stay root.
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
        settings += "user = nobody\n"
    (folder / "settings.ini").write_text(settings)
    (folder / "settings.ini").chmod(0o644)
    try:
        command = [*find_program("pgbouncer"), "--quiet", str(folder / "settings.ini")]
        process = GuardedProcess(command, folder / "log", stop_with="TERM")
        try:
            pooler = PgBouncer(folder)
            process.wait_until(pooler.answers)
            yield pooler
        finally:
            process.stop()
    finally:
        shutil.rmtree(folder)
