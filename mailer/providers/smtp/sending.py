"""One sending over several connections, in one thread."""

import time
from collections.abc import Iterator, Sequence
from selectors import DefaultSelector

from course.traces import reason_of
from mailer.providers.answer import Answer
from mailer.providers.smtp.channel import Lost
from mailer.providers.smtp.connection import Connection
from mailer.providers.smtp.dialogue import Post
from mailer.providers.smtp.route import Route

# How often it is asked whether letters may still begin, while a server keeps us waiting.
ASK_SECONDS = 0.5


class Sending:
    """What waits is refused once every address of the `route` has failed in a row.

    Once `begin` of the `post` raises, no letter begins any more. What is still before a final dot is dropped: a
    server then cancels the transaction (RFC 5321, 4.1.1.10). The replies to final dots are waited for.
    """

    def __init__(self, post: Post, most: int, route: Route, rested: list[Connection]) -> None:
        self._post, self._most, self._route = post, most, route
        self._selector = DefaultSelector()
        self._connections: dict[Connection, int] = {}
        self._failures = 0.0
        self._whys: dict[str, Lost] = {}
        self._forbidden: Exception | None = None
        for connection in rested:
            self._watch(connection)

    def answers(self) -> Iterator[Answer]:
        while self._may_begin():
            yield from self._begin_letters()
            self._open_connections()
            if not self._connections or (not self._post.waiting and self._all_idle()):
                break
            yield from self._listen()
        if self._forbidden is not None:
            yield from self._last_answers()
            raise self._forbidden
        yield from self._refuse_rest()

    def _refuse_rest(self) -> Iterator[Answer]:
        why = "; ".join(f"{place}: {lost}" if place else str(lost) for place, lost in self._whys.items())
        account = any(lost.account for lost in self._whys.values())
        unreached = not any(lost.told for lost in self._whys.values())
        for letter in self._post.waiting:
            yield Answer(letter.attempt, "refused", why, account=account, unreached=unreached)
        self._post.waiting.clear()

    def end(self) -> list[Connection]:
        """Closes what is in the midst of something; gives back what can be used again."""
        self._selector.close()
        rested = []
        for connection in self._connections:
            if connection.idle:
                connection.rest()
                rested.append(connection)
            else:
                connection.channel.close()
        return rested

    def _may_begin(self) -> bool:
        if self._forbidden is None:
            try:
                self._post.begin(())
            # Whatever forbids it: kept, and raised again once open letters have their answers.
            except Exception as no:
                self._forbidden = no
        return self._forbidden is None

    def _last_answers(self) -> Iterator[Answer]:
        self._drop_unbegun()
        while any(connection.owes_an_answer for connection in self._connections):
            yield from self._listen()
            self._drop_unbegun()

    def _drop_unbegun(self) -> None:
        self._post.waiting.clear()
        for connection in list(self._connections):
            if not (connection.owes_an_answer or connection.idle):
                self._let_go(connection)
                connection.channel.close()

    def _begin_letters(self) -> Iterator[Answer]:
        for connection in list(self._connections):
            if connection.idle and self._post.waiting:
                yield from self._step(connection, 0)

    def _open_connections(self) -> None:
        while self._post.waiting and self._failures < self._route.tries and self._may_open():
            try:
                self._watch(self._route.connect())
            except Lost as lost:
                self._failed(lost)

    def _may_open(self) -> bool:
        """One at first: a wrong password is tried once, not by all connections together."""
        opening = [connection for connection in self._connections if connection.stage != "open"]
        if opening and len(opening) == len(self._connections):
            return self._too_slow(opening)
        return len(self._connections) < self._most and len(opening) < len(self._post.waiting)

    def _too_slow(self, opening: Sequence[Connection]) -> bool:
        """Whether to make another attempt beside these, which are still waited for: a server may take minutes for
        its greeting, and meanwhile another one, perhaps behind the same address, may have time."""
        if any(connection.has_time for connection in opening):
            return False
        for connection in opening:
            self._route.slow(connection)
        return len(opening) + self._failures < self._route.tries

    def _listen(self) -> Iterator[Answer]:
        patience = min(connection.deadline for connection in self._connections) - time.monotonic()
        heard = self._selector.select(min(max(patience, 0), ASK_SECONDS))
        # Taken now: while answers are recorded, replies may wait in the kernel.
        now, quiet = time.monotonic(), self._connections.keys() - {key.data for key, _ in heard}
        late = [connection for connection in quiet if connection.deadline <= now]
        for key, events in heard:
            # Another one may have been let in meanwhile, and this one let go.
            if key.data in self._connections:
                yield from self._step(key.data, events)
        for connection in late:
            if connection in self._connections:
                yield from self._drop(connection, Lost(connection.complaint()))

    def _step(self, connection: Connection, events: int) -> Iterator[Answer]:
        """What is known leaves before anything more is said: see Dialogue."""
        try:
            if events:
                connection.ready(events)
            if connection.stage == "open":
                self._route.served(connection)
                self._make_room()
            if self._forbidden is None:
                connection.attend(self._post)
            yield from connection.answers()
            if self._flush(connection):
                self._watch(connection)
        except Lost as lost:
            yield from self._drop(connection, lost)
        # An error of our own: what is open elsewhere is answered before it is raised again.
        except Exception as problem:
            self._forbidden = problem
            yield from self._drop(connection, Lost(reason_of(problem)))

    def _flush(self, connection: Connection) -> bool:
        """False if a letter may not leave: its connection had nothing else under way, and is closed."""
        try:
            connection.flush()
        except Lost:
            raise
        # Whatever forbids it: kept, and raised again once open letters have their answers.
        except Exception as no:
            self._forbidden = no
            self._let_go(connection)
            connection.channel.close()
            return False
        return True

    def _watch(self, connection: Connection) -> None:
        known = self._connections.get(connection)
        if known is None:
            self._selector.register(connection.channel.number, connection.channel.events, connection)
        elif known != connection.channel.events:
            self._selector.modify(connection.channel.number, connection.channel.events, connection)
        self._connections[connection] = connection.channel.events

    def _drop(self, connection: Connection, lost: Lost) -> Iterator[Answer]:
        self._let_go(connection)
        answers = connection.lost(str(lost))
        if connection.proven:
            self._failures, self._whys = 0, {}
        else:
            self._route.failed(connection.endpoint, lost)
            self._failed(lost)
        yield from answers

    def _let_go(self, connection: Connection) -> None:
        self._selector.unregister(connection.channel.number)
        del self._connections[connection]

    def _make_room(self) -> None:
        """Another one was quicker than these, and more are not wanted."""
        if len(self._connections) <= self._most:
            return
        for connection in [one for one in self._connections if one.stage != "open"]:
            if len(self._connections) > self._most:
                self._let_go(connection)
                connection.channel.close()

    def _failed(self, lost: Lost) -> None:
        if lost.account:
            # No other address will think better of it.
            self._failures, self._whys = float("inf"), {}
        else:
            self._failures += 1
        self._whys[lost.place] = lost

    def _all_idle(self) -> bool:
        return all(connection.idle or connection.stage != "open" for connection in self._connections)
