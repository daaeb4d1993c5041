"""The private Redis server starts in any folder."""

import threading
from contextlib import closing
from pathlib import Path

import pytest

from course.settings import environment
from mailer.queue import MailQueue, worker_queues
from web.commands.private_redis import start_redis
from web.commands.processes import Family


@pytest.mark.parametrize("name", ["var", "a b", "a#b", "a?b", "100%", "ü", "very " * 30], ids=repr)
def test_a_private_redis_server_starts_whatever_its_folder_is_called(
    name: str, tmp_path: Path, servers: None
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    family = Family()
    try:
        url = start_redis(family, folder, environment(), threading.Event())
        with closing(MailQueue(url)) as queue:
            assert queue.is_there()
        # RQ cannot tell its workers apart where a blank parts their addresses.
        assert " " not in str(worker_queues(url)[0].connection.client_info()["laddr"])
    finally:
        family.stop()
