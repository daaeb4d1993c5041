"""What a mail server says, without the addresses it names: it goes into logs and files that outlive the rows."""

import re

ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")


def without_addresses(told: str) -> str:
    """`550 <ada@example.org>: no such user` as `550 <(address)>: no such user`. What no database can hold, NUL and
    halves of characters, gives way to a mark."""
    whole = told.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    return ADDRESS.sub("(address)", whole)
