"""One SMTP connection over a distance: 10 and 40 ms there and back, beside smtplib."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial

from benchmarks.bench import Bench
from benchmarks.letters import ready_letters
from benchmarks.processes import listens, python_process
from benchmarks.rows import Result, alternated, compared
from benchmarks.smtp_servers import Sink, smtp_sink
from benchmarks.wire_senders import Ours, Smtplib, ready_mails
from tests.support.servers.guarded import GuardedProcess
from tests.support.servers.ports import free_port

# How far, and how many mails make a round of some seconds.
DISTANCES = ((10, 100), (40, 30))
FLOOR = 3.5


def run(bench: Bench) -> list[Result]:
    template, letters = ready_letters(bench, max(count for _, count in DISTANCES))
    mails = ready_mails(template, letters)
    rows: list[Result] = []
    with smtp_sink(bench) as sink:
        for milliseconds, count in DISTANCES:
            with _proxy(bench, sink, milliseconds) as port:
                ours = closing(Ours(port, template, letters[:count]))
                theirs = closing(Smtplib(port, template, mails[:count]))
                with ours as our_sender, theirs as their_sender:
                    rates = alternated(
                        bench.rounds,
                        partial(_rate, sink, our_sender.send, count),
                        partial(_rate, sink, their_sender.send, count),
                    )
            what = f"one SMTP connection, {milliseconds} ms there and back"
            rows.append(compared(what, "mails/s", rates[0], "smtplib", rates[1], "at least", FLOOR))
    return rows


def _rate(sink: Sink, send: Callable[[], None], count: int) -> float:
    before, began = sink.received(), time.perf_counter()
    send()
    seconds = time.perf_counter() - began
    if sink.received() - before != count:
        raise AssertionError(f"{count} were sent, {sink.received() - before} came")
    return count / seconds


@contextmanager
def _proxy(bench: Bench, sink: Sink, milliseconds: int) -> Iterator[int]:
    port = free_port()
    command = python_process("benchmarks.delayed_proxy", str(port), str(sink.port), str(milliseconds / 2000))
    process = GuardedProcess(command, bench.folder() / "proxy.log", stop_with="TERM")
    try:
        process.wait_until(lambda: listens(port))
        yield port
    finally:
        process.stop()
