"""docs/doctor.md names all that doctor may find something about, and nothing else."""

import re

from tests.support.project import ROOT

SOURCES = (
    "course/settings_checkup.py",
    "mailer/checkup/**/*.py",
    "mailer/sender_dns/*.py",
    "mailer/certificates.py",
    "mailer/signing_keys.py",
    "course/reports/sign_ups.py",
    "mailer/providers/**/*.py",
    "web/commands/doctor.py",
)
NAMED = re.compile(
    r"(?:\bABOUT = |\babout(?:, \w+)* = |\b(?:Finding|could_not_be_asked|of_certificate|of_no_certificate)\(\s*)"
    r'"([^"]+)"'
)


def test_the_document_names_all_that_doctor_finds_and_nothing_else() -> None:
    found = {
        about for pattern in SOURCES for file in ROOT.glob(pattern) for about in NAMED.findall(file.read_text())
    }
    document = (ROOT / "docs/doctor.md").read_text()
    assert set(re.findall(r"^\| `([^`]+)` \|", document, flags=re.M)) == found
