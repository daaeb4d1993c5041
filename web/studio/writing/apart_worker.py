"""The other end of `apart`: a process that does what it is told, and dies of what is too much."""

import resource
import signal
from multiprocessing.connection import Connection


def serve(line_number: str, most_seconds: str, most_bytes: str) -> None:
    """Do deeds until the line ends; each may take so many seconds of the processor's time. As a command's
    arguments have them.

    The signal of the timer ends the process at once, also in the middle of a regular expression.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (int(most_bytes), int(most_bytes)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    line = Connection(int(line_number))
    while True:
        try:
            deed, args, kwargs = line.recv()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_PROF, float(most_seconds))
        try:
            answer = True, deed(*args, **kwargs)
        except Exception as problem:  # it is raised where the deed was asked for
            answer = False, problem
        signal.setitimer(signal.ITIMER_PROF, 0)
        line.send(answer)
