"""What Dayletter is made of is known: pinned, hashed, under licences that we allow, and audited without fail."""

import json

import pytest

from tests.supply.holes import read_answer
from tests.supply.installed import bad_licences, found
from tests.supply.licences import is_allowed, licence_of
from tests.supply.locked import pins, unhashed
from tests.support.project import ROOT

HASH = "--hash=sha256:" + "a" * 64


def test_every_locked_package_has_one_version_and_its_hashes() -> None:
    locked = {file.name: file.read_text() for file in ROOT.glob("requirements*.txt")}
    assert {"requirements.txt", "requirements-test.txt", "requirements-audit.txt"} <= locked.keys()
    assert unhashed(locked) == []
    assert all(list(pins(text)) for text in locked.values())


def test_a_package_without_a_hash_or_a_version_is_told() -> None:
    text = f"# by uv\nflask==3.1.3 \\\n    {HASH}\nWerkzeug_X[a]==3.1 ; python_version < '4' \\\n    # via flask\n"
    assert [(pin.name, pin.version) for pin in pins(text)] == [("flask", "3.1.3"), ("werkzeug-x", "3.1")]
    assert unhashed({"a.txt": text}) == ["a.txt: werkzeug-x has no hash. Run `make lock`."]
    for loose in ("flask>=3", "git+https://example.org/x", "./x.whl"):
        with pytest.raises(ValueError, match="pins no package"):
            list(pins(loose))


def test_what_dayletter_runs_on_is_under_licences_that_we_allow() -> None:
    packages = found(pins((ROOT / "requirements.txt").read_text()))
    assert len(packages) > 40
    assert bad_licences(packages) == []


@pytest.mark.parametrize(
    ("expression", "said", "classifiers", "licence", "allowed"),
    [
        ("MIT", "", [], "MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", "", [], "Apache-2.0 OR GPL-3.0-only", True),
        ("Apache-2.0 AND GPL-3.0-only", "", [], "Apache-2.0 AND GPL-3.0-only", False),
        ("(MIT OR AGPL-3.0-only) AND BSD-2-Clause", "", [], "(MIT OR AGPL-3.0-only) AND BSD-2-Clause", False),
        ("(MIT OR ISC) AND BSD-2-Clause", "", [], "(MIT OR ISC) AND BSD-2-Clause", True),
        ("", "a text of\nmany lines", ["License :: OSI Approved :: BSD License"], "BSD-3-Clause", True),
        ("", "Apache License 2.0", [], "Apache-2.0", True),
        ("", "GPLv3", ["License :: OSI Approved :: GNU General Public License v3 (GPLv3)"], "GPLv3", False),
        ("", "Whoever finds this may keep it", [], "", False),
        ("", "", [], "", False),
    ],
)
def test_a_licence_is_read_as_packages_tell_it(
    expression: str, said: str, classifiers: list[str], licence: str, allowed: bool
) -> None:
    assert licence_of(expression, said, classifiers) == licence
    assert is_allowed(licence) is allowed


def test_known_holes_are_told_with_what_mends_them() -> None:
    hole = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["3.2"]}
    printed = json.dumps(
        {
            "dependencies": [
                {"name": "flask", "version": "3.1", "vulns": [hole]},
                {"name": "jinja2", "version": "3.1.6", "vulns": []},
                {"name": "ours", "skip_reason": "not found"},
            ]
        }
    )
    answer = read_answer(printed)
    assert answer.holes == ("flask 3.1: PYSEC-2026-1 (CVE-2026-1), mended in 3.2.",)
    assert (answer.asked, answer.unknown) == (2, 1)
    for nonsense in ("", "<html>", "[]", '{"dependencies": null}'):
        with pytest.raises(ValueError):
            read_answer(nonsense)
