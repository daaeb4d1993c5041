"""Sees to it that the browser tests have a Chromium; run by `make test`."""

import os
import shutil
import subprocess
import sys
from functools import cache

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_ADVICE = """\
No Chromium for the browser tests. Install one and run make test again:
  Debian:  sudo apt install chromium
  Ubuntu:  sudo snap install chromium
  macOS:   brew install --cask google-chrome
or give the path of one that runs: CHROMIUM=/path/to/chrome make test"""


@cache
def find_browser() -> str | None:
    """A Chromium of this machine; None leaves the choice to playwright's own download."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*(shutil.which(name) for name in _NAMES), *_MAC]
    return next((path for path in candidates if path and _runs(path)), None)


def _runs(path: str) -> bool:
    # Ubuntu's package of that name is a script that only says where else to look.
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install_browser() -> bool:
    if find_browser():
        return True
    if "CHROMIUM" in os.environ:
        return False
    is_root = os.geteuid() == 0
    if is_root and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *arguments], env=environment)
        find_browser.cache_clear()
        if find_browser():
            return True
    with_system_libraries = ["--with-deps"] if is_root else []
    command = [sys.executable, "-m", "playwright", "install", *with_system_libraries, "chromium"]
    return subprocess.run(command).returncode == 0


if __name__ == "__main__":
    if not install_browser():
        sys.exit(_ADVICE)
    sys.stdout.write(f"browser tests use {find_browser() or 'the Chromium of playwright'}\n")
