"""What is left of an erased learner outside the tables: mails kept as files, and SQLite's log of writes."""

import logging
from pathlib import Path

from course.db import Database
from course.erasure.learner import Erased

log = logging.getLogger(__name__)


def remove_copies(database: Database, outbox: Path | None, erased: Erased) -> None:
    """To be called once the erasure is committed. What cannot be removed now, the daily purge removes."""
    if outbox is not None:
        for mail in erased.mails:
            (outbox / f"{mail}.eml").unlink(missing_ok=True)
    if not database.overwrite_erased():
        log.warning("Somebody reads the database just now: its log of writes is emptied by the next purge")
