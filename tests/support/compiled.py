"""What each site compiles anew, which takes longer than most tests: kept for all sites of a test process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class Compiled(BytecodeCache):
    """Of page templates."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Compiled()


@contextmanager
def rules_compiled_once() -> Iterator[None]:
    """An application that is made meanwhile takes over what builds its addresses, where one before it had the same
    rule. These are four fifths of what making one costs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", _builder)
        yield


_compile = Rule._compile_builder
_builders: dict[tuple[object, ...], Builder] = {}


def _builder(rule: Rule, append_unknown: bool = True) -> Builder:
    """It knows nothing of the rule but its text and defaults: the rule itself is its first argument."""
    key = rule.rule, rule.subdomain, rule.host, repr(rule.defaults), append_unknown
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]
