"""Parts of a benchmark that must not share our interpreter."""

import socket
import sys


def python_process(module: str, *arguments: str) -> list[str]:
    """The command that runs one of our modules with the same Python."""
    return [sys.executable, "-m", module, *arguments]


def listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False
