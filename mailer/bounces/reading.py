"""The mailbox for bounces, read from time to time beside whatever else a process does."""

import logging
import threading
import time
from collections.abc import Callable

from course.traces import reason_of
from mailer.bounces.hear import Hearing, hear
from mailer.bounces.imap import PATIENCE, MailboxAway, opened
from mailer.return_path import BounceMailbox
from mailer.runtime import Runtime, own_mailbox
from mailer.sending.patience.isolation import PASSING

EVERY_SECONDS = 60.0
MOST_MAILS = 200
MOST_SECONDS = 120.0
"""For one pass: what is left is read at the next."""

ALONE_SECONDS = int(MOST_SECONDS + 3 * PATIENCE)
"""A reader that is not done by then is taken for dead."""

log = logging.getLogger(__name__)


def begin_reading(runtime: Runtime, stop: threading.Event) -> None:
    """Reads the mailbox in a thread of its own until `stop`, if there is one to be read.

    A server may take its time. The process does not wait for the thread: what is cut off is read again.
    """
    mailbox = own_mailbox(runtime.settings)
    if mailbox is not None and mailbox.is_read:
        reader = Reader(runtime, mailbox)
        threading.Thread(target=reader.keep_reading, args=(stop,), name="bounces", daemon=True).start()


class Reader:
    """Says once that the mailbox is away, and once that it is there again."""

    def __init__(self, runtime: Runtime, mailbox: BounceMailbox) -> None:
        self._runtime, self._mailbox = runtime, mailbox
        self._away = False

    def keep_reading(self, stop: threading.Event, every: float = EVERY_SECONDS) -> None:
        while not stop.is_set():
            with self._runtime.queue.alone("bounces", ALONE_SECONDS) as alone:
                if alone:
                    self.look(stop.is_set)
            stop.wait(every)

    def look(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """One pass. Raises nothing: the next one may do better."""
        try:
            read_unread(self._runtime, self._mailbox, stopping)
        except MailboxAway as problem:
            if not self._away:
                log.warning("The mailbox for bounces cannot be read (%s); trying again every minute", problem)
            self._away = True
        except PASSING:
            # Whoever plans says that the database is away.
            return
        # Whatever it is: a thread that died of it would read nothing any more.
        except Exception as problem:
            log.error("Reading the mailbox for bounces failed (%s); trying again", reason_of(problem))
        else:
            if self._away:
                log.warning("The mailbox for bounces can be read again")
            self._away = False


def read_unread(
    runtime: Runtime, mailbox: BounceMailbox, stopping: Callable[[], bool] = lambda: False
) -> list[str]:
    """What was done with each mail that nobody had read, `MOST_MAILS` at most. Each is marked once it is recorded:
    if that is cut off in between, it is heard again, and changes nothing. Raises MailboxAway, and what the
    database raises while it is away."""
    done, until = list[str](), time.monotonic() + MOST_SECONDS
    by = Hearing(runtime.db, runtime.shelf, runtime.signer, mailbox)
    with opened(mailbox) as box:
        for number in box.unread()[:MOST_MAILS]:
            if stopping() or time.monotonic() > until:
                break
            if raw := box.fetch(number):
                done.append(hear(by, raw, runtime.clock.times()))
                log.info("In the mailbox for bounces: %s", done[-1])
            box.mark(number)
    return done
