"""Helpers of a benchmark that must not share our interpreter."""

import sys


def python_process(module: str, *arguments: str) -> list[str]:
    """The command that runs one of our modules with the same Python."""
    return [sys.executable, "-m", module, *arguments]
