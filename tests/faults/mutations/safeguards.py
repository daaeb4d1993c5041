"""A fault test tells something: it fails once a safeguard is gone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, ParamSpec

import pytest

from tests.support.servers.nursery import Mutation

Parts = ParamSpec("Parts")


@dataclass(frozen=True)
class Without(Generic[Parts]):
    fault_test: Callable[Parts, None]
    mutation: Mutation
    complaint: str

    def __str__(self) -> str:
        return f"{name(self.fault_test)}-{name(self.mutation)}"

    def fails(self, monkeypatch: pytest.MonkeyPatch, *parts: Parts.args, **named: Parts.kwargs) -> None:
        self.mutation(monkeypatch)
        with pytest.raises(AssertionError, match=self.complaint):
            self.fault_test(*parts, **named)


def each(cases: Sequence[Without[Parts]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=str)


def name(part: object) -> str:
    return getattr(part, "__name__", "")
