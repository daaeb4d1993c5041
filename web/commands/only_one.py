"""One `dayletter up` in a folder: a second would take the first one's socket and address away."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from course.errors import DayletterError

LOCK = "up.lock"


@contextmanager
def alone_in(var_dir: Path) -> Iterator[None]:
    """Nobody else is in here for as long as the block lasts. Raises DayletterError if somebody is already.

    The lock goes with its process, however that ends. Its file stays: who took it away could take away one that
    another has just locked.
    """
    var_dir.mkdir(parents=True, exist_ok=True)
    with (var_dir / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise DayletterError(
                f"`dayletter up` runs already in VAR_DIR={var_dir} (process {file.read().strip() or '?'})."
                " Stop that, or choose another folder and port: `VAR_DIR=var2 dayletter up --port 8001`"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
