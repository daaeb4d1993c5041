"""What it costs to sign mails (DKIM), and to give each a return path of its own: beside the same without."""

import time
from collections.abc import Callable
from contextlib import ExitStack

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from benchmarks.bench import Bench
from benchmarks.letters import ready_letters
from benchmarks.people import enrol
from benchmarks.rows import Result, alternated, compared
from benchmarks.runtimes import deliveries, postgres_runtime, send_all_due
from benchmarks.smtp_servers import smtp_sink
from mailer.compose.mime import wire_of
from mailer.dkim.key import DkimKey
from mailer.dkim.signing import signed

CONNECTIONS = 8
MOST = 1.15
MOST_BESIDE_BARE = 1.35
WHAT = f"due to recorded as accepted, one worker, SMTP, 25 KB, PostgreSQL, {CONNECTIONS} connections"
UNIT = "us a mail"
RSA_NOTE = "the signature alone takes about a millisecond of one core here: no order of work makes it less"


def run(bench: Bench) -> list[Result]:
    mails = bench.size(3000, 600)
    rsa = generate_private_key(65537, 2048)
    bears = {
        "signed with Ed25519": {"DKIM_KEY": _pem(Ed25519PrivateKey.generate()), "DKIM_SELECTOR": "bench"},
        "signed with RSA of 2048 bits": {"DKIM_KEY": _pem(rsa), "DKIM_SELECTOR": "bench"},
        "a return path each": {"MAIL_BOUNCES": "mailto:bounces@example.org"},
    }
    rows: list[Result] = []
    with smtp_sink(bench) as sink, ExitStack() as stack:

        def sending(**settings: str) -> Callable[[], float]:
            runtime = stack.enter_context(postgres_runtime(bench, MAIL_URL=sink.url(CONNECTIONS), **settings))

            def seconds(count: int = mails) -> float:
                enrol(runtime, count)
                before = deliveries(runtime, "accepted")
                began = time.perf_counter()
                send_all_due(runtime)
                took = time.perf_counter() - began
                if deliveries(runtime, "accepted") - before != count:
                    raise AssertionError(f"not all of {count} were accepted")
                return took * 1e6 / count

            seconds(100)
            return seconds

        plain = sending()
        for name, settings in bears.items():
            ours, theirs = alternated(bench.rounds, sending(**settings), plain)
            notes = [RSA_NOTE] if "RSA" in name else []
            rows.append(compared(f"{WHAT}: {name}", UNIT, ours, "without", theirs, "at most", MOST, notes))
    return [*rows, _beside_bare(bench, rsa)]


def _beside_bare(bench: Bench, rsa: RSAPrivateKey) -> Result:
    """All of signing, beside the arithmetic of RSA that nobody can leave out."""
    template, letters = ready_letters(bench, bench.size(1000, 300))
    key, wire = DkimKey("bench", "example.org", rsa), wire_of(template)
    pieces = [wire.pieces_of(letter) for letter in letters]

    def cpu(sign: Callable[[list[bytes]], object]) -> float:
        began = time.process_time()
        for piece in pieces:
            sign(piece)
        return (time.process_time() - began) * 1e6 / len(pieces)

    ours, bare = alternated(
        bench.rounds,
        lambda: cpu(lambda piece: signed(piece, key, letters[0].date)),
        lambda: cpu(lambda piece: key.sign(piece[0])),
    )
    what = "CPU of signing a mail of 25 KB with RSA"
    return compared(what, UNIT, ours, "the signature alone", bare, "at most", MOST_BESIDE_BARE)


def _pem(key: RSAPrivateKey | Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
