"""The other end of `apart`: a process that does what it is told, and dies of what is too much."""

import resource
import signal
from multiprocessing.connection import Connection


def serve(line_number: int, most_seconds: int, most_bytes: int) -> None:
    """Do deeds until the line ends; each may take so many seconds of the processor's time.

    The signal of the timer ends the process at once, also in the middle of a regular expression.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    line = Connection(line_number)
    while True:
        try:
            deed, args, kwargs = line.recv()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_PROF, most_seconds)
        try:
            answer = True, deed(*args, **kwargs)
        except Exception as problem:
            answer = False, problem
        signal.setitimer(signal.ITIMER_PROF, 0)
        line.send(answer)
