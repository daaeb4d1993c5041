"""`make sbom`: the parts of this version with their hashes, as CycloneDX has it, for its release."""

import sys
from pathlib import Path

from course.version import own_version
from tests.supply.tools import Unavailable, run, tool
from tests.support.project import ROOT


def main() -> int:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"dayletter-{own_version()}.cdx.json"
    options = [
        "--pyproject",
        str(ROOT / "pyproject.toml"),
        "--output-reproducible",
        "--of",
        "JSON",
        "-o",
        str(file),
    ]
    try:
        run([str(tool("cyclonedx-py", 300)), "requirements", str(ROOT / "requirements.txt"), *options], 120)
    except Unavailable as problem:
        sys.stderr.write(f"sbom: it could not be made: {problem}\n")
        return 1
    sys.stdout.write(f"{file}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
