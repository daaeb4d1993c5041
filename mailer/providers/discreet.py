"""What a mail server says, without the addresses it names: it goes into logs and files that outlive the rows."""

import re

ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")


def without_addresses(told: str) -> str:
    """`550 <ada@example.org>: no such user` as `550 <(address)>: no such user`."""
    return ADDRESS.sub("(address)", told)
