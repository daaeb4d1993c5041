"""The journal: what a killed worker leaves behind, and how a sleeping one learns that it is too late."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mailer.providers.answer import Answer
from mailer.runtime import node_of
from mailer.sending import journal
from mailer.sending.journal import Journal, TakenUp

CLAIM = "0123456789abcdef"

WORKER = """
import sys
from pathlib import Path
from mailer.sending.journal import Journal
from mailer.providers.contract import Answer
written = Journal(Path(sys.argv[1]), sys.argv[2])
written.begin(["one"]); written.answered(Answer("one", "accepted"))
written.begin(["two"]); written.answered(Answer("two", "refused", "no such user", permanent=True))
written.begin(["three"])
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.server
def test_a_killed_worker_leaves_what_it_began_and_heard(tmp_path: Path) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(tmp_path), CLAIM], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert worker.stdout is not None
    worker.stdout.readline()
    assert not journal.owner_is_dead(tmp_path, CLAIM)
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    assert journal.owner_is_dead(tmp_path, CLAIM)
    told = journal.take_up(tmp_path, CLAIM)
    assert told.begun == {"one", "two", "three"}
    assert told.answers == {
        "one": Answer("one", "accepted"),
        "two": Answer("two", "refused", "no such user", permanent=True),
    }


def test_a_worker_whose_claim_was_taken_up_begins_nothing_more(tmp_path: Path) -> None:
    with pytest.raises(TakenUp), journal.opened(tmp_path, CLAIM) as written:
        written.begin(["one"])
        assert journal.take_up(tmp_path, CLAIM).begun == {"one"}
        written.begin(["two"])


def test_a_line_that_a_crash_cut_off_is_passed_over(tmp_path: Path) -> None:
    written = Journal(tmp_path, CLAIM)
    written.begin(["one"])
    with (tmp_path / CLAIM).open("a") as file:
        file.write('{"attempt": "on')
    written.close(done=False)
    told = journal.take_up(tmp_path, CLAIM)
    assert told.begun == {"one"}
    assert not told.answers


def test_after_a_power_cut_no_journal_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last lines may never have reached the disk."""
    written = Journal(tmp_path, CLAIM)
    written.begin(["one"])
    written.close(done=False)
    monkeypatch.setattr(journal, "boot_id", lambda: "another life of this machine")
    assert journal.take_up(tmp_path, CLAIM) == journal.Entries(found=False)


def test_a_journal_that_lost_even_its_first_line_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / CLAIM).touch()
    assert not journal.take_up(tmp_path, CLAIM).found


def test_this_machine_knows_that_it_was_not_started_anew() -> None:
    assert journal.boot_id() == journal.boot_id() != ""


def test_a_finished_claim_leaves_no_file(tmp_path: Path) -> None:
    with journal.opened(tmp_path, CLAIM) as written:
        written.begin(["one"])
    assert not (tmp_path / CLAIM).exists()


def test_a_failed_claim_keeps_its_file_for_who_takes_it_up(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk"), journal.opened(tmp_path, CLAIM) as written:
        written.begin(["one"])
        raise OSError("disk")
    assert journal.owner_is_dead(tmp_path, CLAIM)
    assert journal.take_up(tmp_path, CLAIM).begun == {"one"}


def test_processes_that_share_a_folder_share_its_name(tmp_path: Path) -> None:
    assert node_of(tmp_path) == node_of(tmp_path)
    assert node_of(tmp_path) != node_of(tmp_path / "other")


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from mailer.sending.journal import Journal
written = Journal(Path(sys.argv[1]), sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
written.begin(["one"])
try:
    written.begin(["two" * 50])
except OSError:
    print("no letter sets out")
"""


@pytest.mark.server
def test_a_letter_whose_line_the_disk_does_not_take_whole_does_not_set_out(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", FULL_DISK, str(tmp_path), CLAIM]
    assert subprocess.check_output(arguments, text=True) == "no letter sets out\n"
