"""A real Redis (or Valkey) on a Unix socket of its own, so that no two tests meet on a port."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from redis import Redis, RedisError

from mailer.redis_binary import find_redis_binary
from tests.support.lasting import Lasting
from tests.support.servers.guarded import GuardedProcess


class RedisServer(Lasting):
    """Stop and start it as often as a test likes: the address stays, the data does not."""

    def __init__(self) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="dayletter-redis-"))
        self._socket = self._directory / "redis.sock"
        self._process: GuardedProcess | None = None
        self.url = f"unix://{self._socket}?db=0"

    def _at_work(self) -> Iterator[None]:
        try:
            self.start()
            yield
        finally:
            self.stop()
            shutil.rmtree(self._directory)

    @property
    def pid(self) -> int:
        assert self._process is not None, "the server is stopped"
        return self._process.pid

    def start(self) -> None:
        """Does nothing if it answers already; one that a test killed starts anew."""
        if self._process is not None and self._answers():
            return
        self.stop()
        command = [str(find_redis_binary()), "--port", "0", "--unixsocket", str(self._socket)]
        command += ["--dir", str(self._directory), "--save", "", "--appendonly", "no"]
        self._process = GuardedProcess(command, self._directory / "log", stop_with="TERM")
        self._process.wait_until(self._answers)

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def empty(self) -> None:
        with Redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool:
        with Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except RedisError:
                return False
