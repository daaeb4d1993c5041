"""Every start of a process waits for what it loads: what few need is loaded by those few."""

import subprocess
import sys

import pytest

from tests.support.project import ROOT

pytestmark = pytest.mark.server

TARDY = {
    "web.app": {"alembic", "fpdf", "fontTools"},
    "web.commands.operating": {"alembic", "fpdf", "fontTools", "flask"},
    "web.commands.up": {"alembic", "fpdf", "fontTools", "flask"},
    "worker": {"alembic", "fpdf", "fontTools", "flask"},
}
"""What each process begins with, and libraries that took a tenth of its start or more, for nothing."""


@pytest.mark.parametrize("begun", TARDY)
def test_a_start_does_not_wait_for_what_few_need(begun: str) -> None:
    script = f"import {begun}, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert TARDY[begun].isdisjoint(done.stdout.split())
