"""What is known of DNS so far. Who judges by it notes what is still to be asked, and asks nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["TXT", "MX", "A", "AAAA"]


class Question(NamedTuple):
    """`name` in lower case, without its last dot."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Answer:
    """The records of a name: texts, addresses, or mail servers as `10 mail.example.org`. `silent`: nobody could be
    asked, or no name server knew. `alias`: the name that the asked one stands for."""

    values: tuple[str, ...] = ()
    silent: bool = False
    alias: str = ""


class Silent(Exception):
    """An answer that a judgement needs is not to be had at the moment."""

    def __init__(self, question: Question) -> None:
        super().__init__(f"the {question.kind} records of {question.name}")
        self.question = question


class Records:
    """The answers that are known. `lacking` gathers what was looked for and never asked: a judgement counts once
    that is empty, and until then what is lacking looks like nothing."""

    def __init__(self, known: Mapping[Question, Answer]) -> None:
        self._known = known
        self.lacking: set[Question] = set()

    def answer(self, name: str, kind: Kind) -> Answer | None:
        """None where it was not asked yet. Raises Silent."""
        question = Question(name.rstrip(".").lower(), kind)
        answer = self._known.get(question)
        if answer is None:
            self.lacking.add(question)
        elif answer.silent:
            raise Silent(question)
        return answer

    def values(self, name: str, kind: Kind) -> tuple[str, ...]:
        """Raises Silent."""
        answer = self.answer(name, kind)
        return answer.values if answer is not None else ()

    def unasked(self, name: str, kind: Kind) -> set[Question]:
        """The question, if it was never asked: for what will be wanted soon."""
        return {Question(name.rstrip(".").lower(), kind)} - self._known.keys()

    def addresses(self, names: Sequence[str]) -> tuple[str, ...]:
        """Of IPv4 and IPv6; nothing before all of them were asked for. Raises Silent."""
        kinds: tuple[Kind, ...] = ("A", "AAAA")
        if unasked := set().union(*(self.unasked(name, kind) for name in names for kind in kinds)):
            self.lacking |= unasked
            return ()
        return tuple(value for name in names for kind in kinds for value in self.values(name, kind))
