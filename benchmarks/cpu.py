"""CPU seconds of the sending process for each mail, beside smtplib sending the same bytes, ready made."""

import time
from collections.abc import Callable
from contextlib import closing

from benchmarks.bench import Bench
from benchmarks.letters import ready_letters
from benchmarks.people import enrol
from benchmarks.rows import Result, Sample, alternated, compared
from benchmarks.runtimes import deliveries, postgres_runtime, send_all_due
from benchmarks.smtp_servers import Sink, smtp_sink
from benchmarks.wire_senders import Ours, Smtplib, ready_mails

CONNECTIONS = 8
FLOOR = 0.8
UNIT = "us a mail"


def run(bench: Bench) -> list[Result]:
    count = bench.size(5000, 1000)
    template, letters = ready_letters(bench, count)
    mails = ready_mails(template, letters)
    with (
        smtp_sink(bench) as sink,
        closing(Ours(sink.port, template, letters)) as ours,
        closing(Smtplib(sink.port, template, mails)) as theirs,
    ):
        provider = alternated(bench.rounds, lambda: _cpu(ours.send, count), lambda: _cpu(theirs.send, count))
        engine = _engine(bench, sink, theirs.send, count)
    what = "CPU of the sending process"
    return [
        compared(f"{what}: fill and send", UNIT, provider[0], "smtplib", provider[1], "at most", FLOOR),
        compared(
            f"{what}: plan, claim, fill, send, record", UNIT, engine[0], "smtplib", engine[1], "at most", 1 / FLOOR
        ),
    ]


def _engine(bench: Bench, sink: Sink, theirs: Callable[[], None], count: int) -> tuple[Sample, Sample]:
    with postgres_runtime(bench, MAIL_URL=sink.url(CONNECTIONS)) as runtime:

        def ours() -> float:
            enrol(runtime, count)
            before = deliveries(runtime, "accepted")
            spent = _cpu(lambda: send_all_due(runtime), count)
            if deliveries(runtime, "accepted") - before != count:
                raise AssertionError(f"not all of {count} were accepted")
            return spent

        return alternated(bench.rounds, ours, lambda: _cpu(theirs, count))


def _cpu(send: Callable[[], None], count: int) -> float:
    began = time.process_time()
    send()
    return (time.process_time() - began) * 1e6 / count
