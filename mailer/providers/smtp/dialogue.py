"""The talk about letters on one open connection, without any I/O.

With PIPELINING (RFC 2920) MAIL, RCPT and DATA of a letter leave together, in one write with the letter before
it. Replies are matched in order. At any moment at most one letter is past its final dot and unanswered.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from course.traces import reason_of
from mailer.compose.message import Letter
from mailer.providers.answer import Answer, Begin, Outcome, unannounced
from mailer.providers.smtp.reply import Garbled, Reply, refusal

Stage = Literal["RSET", "MAIL", "RCPT", "DATA", "body", "nothing"]
FINAL_DOT = b".\r\n"


class Farewell(Exception):
    """The server ends the conversation (421)."""


@dataclass(frozen=True, slots=True)
class Post:
    """All that the connections of one sending share; `waiting` is common to them. `sender` is the address of a
    letter's envelope, to which it comes back."""

    sender: Callable[[Letter], bytes]
    waiting: deque[Letter]
    fill: Callable[[Letter], bytes]
    begin: Begin = unannounced


@dataclass(slots=True, eq=False)
class Transit:
    """A letter that has been begun. `addressed`: the server has taken its recipient. `end`: how many bytes the
    dialogue had said when its final dot was said."""

    letter: Letter
    commands: deque[tuple[Stage, bytes]]
    content: bytes
    begun: bool = False
    addressed: bool = False
    refused: Answer | None = None
    answered: bool = False
    end: int | None = None


@dataclass(slots=True)
class Dialogue:
    """`out` is to be written in order, and only after `answers` were taken: no letter sets out while the fate
    of the one before it, though known here, is not recorded. `proven`: the connection took letters before."""

    post: Post
    pipelining: bool
    proven: bool
    out: list[bytes] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    _expected: deque[tuple[Stage, Transit]] = field(default_factory=deque)
    _setting_out: list[str] = field(default_factory=list)
    _said: int = 0
    _open_transaction: bool = False

    def __post_init__(self) -> None:
        # An earlier sending may have left a refused recipient behind.
        self._open_transaction = self.proven

    @property
    def idle(self) -> bool:
        return not self._expected

    @property
    def awaited(self) -> Stage | None:
        """To what the next reply will be."""
        return self._expected[0][0] if self._expected else None

    @property
    def final(self) -> bool:
        """Whether the reply awaited is the one to a letter's final dot."""
        return self.awaited == "body"

    def begin(self) -> None:
        """Begins the next letter that can be filled, if there is one."""
        while self.post.waiting:
            letter = self.post.waiting.popleft()
            # Before anything is said of it: once DATA is, there is no way back but to close.
            try:
                content = self.post.fill(letter) + FINAL_DOT
            # Whatever it cannot be filled for is no other letter's fault.
            except Exception as problem:
                self.answers.append(Answer(letter.attempt, "refused", reason_of(problem), broken=True))
            else:
                self._begin(letter, content)
                return

    def _begin(self, letter: Letter, content: bytes) -> None:
        commands: deque[tuple[Stage, bytes]] = deque()
        if self._open_transaction:
            commands.append(("RSET", b"RSET\r\n"))
            self._open_transaction = False
        commands.append(("MAIL", b"MAIL FROM:<%b>\r\n" % self.post.sender(letter)))
        commands.append(("RCPT", b"RCPT TO:<%b>\r\n" % letter.email.encode()))
        commands.append(("DATA", b"DATA\r\n"))
        transit = Transit(letter, commands, content)
        self._ask(transit)
        while self.pipelining and commands:
            self._ask(transit)

    def take_out(self) -> bytes:
        """All of `out`, to be written now. The letters that end in it are announced before."""
        if self._setting_out:
            self.post.begin(self._setting_out)
            self._setting_out.clear()
        said = b"".join(self.out)
        self.out.clear()
        return said

    def hear(self, reply: Reply) -> None:
        """Raises Farewell or Garbled; then the connection is lost."""
        if not self._expected:
            raise Garbled(f"nothing was asked, and the server said: {reply}")
        step, transit = self._expected[0]
        if step == "body":
            self._final(transit, reply)
        elif reply.code == 421:
            raise Farewell(f"{step}: {reply}")
        else:
            self._expected.popleft()
            if step == "DATA" and reply.code == 354:
                self._hand_over(transit)
            elif step != "nothing":
                self._command(step, transit, reply)

    def lost(self, unsent: int, why: str) -> None:
        """The connection has ended; of what was taken from `out` the last `unsent` bytes never left. Letters that
        were not reached wait again."""
        written = self._said - sum(map(len, self.out)) - unsent
        seen: list[Transit] = []
        for _, transit in self._expected:
            if transit.answered or transit in seen:
                continue
            seen.append(transit)
            if transit.end is not None:
                outcome: Outcome = "unknown" if transit.end <= written else "refused"
                self.answers.append(Answer(transit.letter.attempt, outcome, why))
            elif transit.refused is not None:
                self.answers.append(transit.refused)
            elif len(seen) == 1 and (transit.begun or not self.proven):
                self.answers.append(Answer(transit.letter.attempt, "refused", why))
            else:
                # A server may close after some letters, or between two sendings: this one was never its matter.
                self.post.waiting.appendleft(transit.letter)
        self._expected.clear()

    def _command(self, step: Stage, transit: Transit, reply: Reply) -> None:
        good = reply.good and step != "DATA"
        if good and step == "MAIL":
            transit.begun = self._open_transaction = True
        transit.addressed |= good and step == "RCPT"
        if not good and transit.refused is None:
            transit.refused = refusal(transit.letter.attempt, step, reply)
        if good and not self.pipelining:
            self._ask(transit)
        elif not good and (step == "DATA" or not self.pipelining):
            self._answer(transit, transit.refused)
            self.begin()

    def _hand_over(self, transit: Transit) -> None:
        self._open_transaction = False
        if transit.refused is not None and transit.addressed:
            # A dot would bring them an empty mail. What is open when a connection ends is dropped: RFC 5321,
            # 4.1.1.10.
            self._answer(transit, transit.refused)
            raise Farewell(f"DATA was taken, and before it {transit.refused.why}")
        if transit.refused is not None:
            # It would take a mail for nobody: end it as RFC 2920, 3.1 demands.
            self._say(FINAL_DOT)
            self._expected.append(("nothing", transit))
            self._answer(transit, transit.refused)
        else:
            self._setting_out.append(transit.letter.attempt)
            transit.end = self._say(transit.content)
            self._expected.append(("body", transit))
            transit.content = b""
        if self.pipelining:
            self.begin()

    def _final(self, transit: Transit, reply: Reply) -> None:
        if reply.good:
            self._answer(transit, Answer(transit.letter.attempt, "accepted"))
        elif reply.code >= 400:
            self._answer(transit, refusal(transit.letter.attempt, "final dot", reply))
        else:
            raise Garbled(f"no reply to a mail: {reply}")
        self._expected.popleft()
        self.proven = True
        if reply.code == 421:
            raise Farewell(f"final dot: {reply}")
        if self.idle:
            self.begin()

    def _answer(self, transit: Transit, answer: Answer | None) -> None:
        if answer is not None:
            transit.answered = True
            self.answers.append(answer)

    def _ask(self, transit: Transit) -> None:
        step, command = transit.commands.popleft()
        self._say(command)
        self._expected.append((step, transit))

    def _say(self, data: bytes) -> int:
        self.out.append(data)
        self._said += len(data)
        return self._said
