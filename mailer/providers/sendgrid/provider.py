"""Mail over SendGrid's API, up to a thousand letters a request."""

import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from traceback import walk_tb
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, build_opener

from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from mailer import time_limits
from mailer.compose.message import Letter, Template
from mailer.compose.mime import is_sendable
from mailer.providers.answer import Answer, Begin, Outcome, unannounced
from mailer.providers.compressed import unpacked
from mailer.providers.sendgrid.request import Request, requests

# Beyond the requests a sending needs anyway, for those that are refused and divided: enough to find three bad
# letters in a thousand that SendGrid does not name.
MORE_REQUESTS = 64
NOT_SENDGRID = "what answers at this address is not SendGrid"
FIRST_IN_MILLISECONDS = 100_000_000_000
"""As seconds since 1970 this is the year 5138."""

MOST_BYTES = 8 * 1024 * 1024
"""Of an answer, once it is unpacked."""

CULPRIT = re.compile(r"personalizations\.(\d+)(\.to\b)?")
CONNECTING = {HTTPConnection.connect.__code__, HTTPSConnection.connect.__code__}


@dataclass(frozen=True, slots=True)
class HttpReply:
    """Status 0: none came; `unsent` tells whether SendGrid certainly got nothing."""

    status: int
    why: str = ""
    errors: tuple[Mapping[str, Any], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    unsent: bool = False


class SendGrid:
    """`timeout`: seconds of silence, while connecting and while waiting for the reply. It is generous: a reply
    not waited for leaves a thousand letters unknown. `clock`: seconds since 1970, real ones. `confirms`: whether
    its events are heard."""

    def __init__(
        self,
        api_key: str,
        api_url: str,
        timeout: float = time_limits.HTTP_SILENCE,
        clock: Callable[[], float] = time.time,
        confirms: bool = False,
    ) -> None:
        self.confirms = confirms
        self._client = SendGridAPIClient(api_key, host=api_url)
        self._timeout, self._clock = timeout, clock

    def send(self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        for letter in letters:
            if not is_sendable(letter.email):
                yield Answer(letter.attempt, "refused", "not an address that mail can carry", permanent=True)
        waiting = deque(requests(template, [letter for letter in letters if is_sendable(letter.email)]))
        left = len(waiting) + MORE_REQUESTS
        while waiting and left:
            left -= 1
            request = waiting.popleft()
            begin([letter.attempt for letter in request.letters])
            reply = self._post(request)
            if 200 <= reply.status < 300:
                yield from (Answer(letter.attempt, "accepted") for letter in request.letters)
            elif reply.status in (400, 413):
                if _blames_template(request, reply):
                    # All that share it would hear the same.
                    alike = [request, *(other for other in waiting if other.common is request.common)]
                    waiting = deque(other for other in waiting if other.common is not request.common)
                    yield from (_refused(letter, reply.why) for one in alike for letter in one.letters)
                    continue
                again, answers = _divided(request, reply)
                waiting.extendleft(reversed(again))
                yield from answers
            else:
                yield from self._all(request, reply, outcome(reply))
                # In trouble, or not letting us in: what was not tried is certainly not taken, and waits.
                for untried in waiting:
                    yield from self._all(untried, reply, "refused")
                return
        for untried in waiting:
            yield from self._all(
                untried, HttpReply(400, "too many requests of this sending were refused"), "refused"
            )

    def has(self, delivery: str) -> None:
        """There is no idempotency key to ask for; only events tell."""

    def trouble(self) -> str:
        try:
            response = _straight(self._client.client.scopes).get(timeout=self._timeout)
            scopes = json.loads(_body(response.body, response.headers))["scopes"]
        except HTTPError as error:
            more = "; no redirection is followed with the key" if 300 <= error.status_code < 400 else ""
            return f"SendGrid answers {error.status_code} {error.reason}{more}"
        except (OSError, HTTPException) as error:
            return f"cannot reach SendGrid: {error or type(error).__name__}"
        except (ValueError, KeyError, TypeError, RecursionError):
            return NOT_SENDGRID
        if not isinstance(scopes, list):
            return NOT_SENDGRID
        return "" if "mail.send" in scopes else "the key has not the right Mail Send"

    def ways(self) -> dict[str, str]:
        return {}

    def close(self) -> None:
        """Each request has a connection of its own."""

    def _all(self, request: Request, reply: HttpReply, outcome: Outcome) -> Iterator[Answer]:
        retry_after = self._retry_after(reply) if outcome == "refused" else None
        for letter in request.letters:
            yield Answer(
                letter.attempt,
                outcome,
                reply.why,
                account=reply.status in (401, 403),
                unreached=reply.status == 0 and outcome == "refused",
                retry_after=retry_after,
            )

    def _retry_after(self, reply: HttpReply) -> float | None:
        if reply.status != 429:
            return None
        reset, seconds = reply.headers.get("X-RateLimit-Reset", ""), reply.headers.get("Retry-After", "")
        if reset.isdecimal():
            moment = int(reset)
            return max(0.0, (moment / 1000 if moment > FIRST_IN_MILLISECONDS else moment) - self._clock())
        return float(seconds) if seconds.isdecimal() else None

    def _post(self, request: Request) -> HttpReply:
        try:
            # No headers of ours: the client would keep them for all later calls.
            response = _straight(self._client.client.mail.send).post(
                request_body=request.payload, timeout=self._timeout
            )
        except HTTPError as error:
            errors = _errors(error.body, error.headers)
            words = "; ".join(_words(problem) for problem in errors) or str(error.reason)
            return HttpReply(error.status_code, f"{error.status_code} {words}"[:500], errors, error.headers)
        except URLError as error:
            return HttpReply(0, f"cannot reach SendGrid: {error.reason}", unsent=_never_connected(error))
        except (OSError, HTTPException) as error:
            return HttpReply(0, f"no reply from SendGrid: {error or type(error).__name__}")
        return HttpReply(response.status_code)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Return None: a redirection is not followed, it is itself the reply."""


def _straight(endpoint: Any) -> Any:
    """The same address of the API, asked without going anywhere else."""
    endpoint._make_request = partial(_ask_straight, endpoint._make_request)
    return endpoint


def _ask_straight(ask: Callable[..., Any], _opener: object, request: object, timeout: float | None = None) -> Any:
    """urllib would go where a redirection points, and take the key along. It would ask with a GET, which
    carries no mail, and that page's 200 would pass for a yes."""
    return ask(build_opener(_Stay), request, timeout)


def outcome(reply: HttpReply) -> Outcome:
    """Return what a reply other than 2xx means for the letters of its request. A redirection moved nothing."""
    return "refused" if reply.unsent or 300 <= reply.status < 500 else "unknown"


def _blames_template(request: Request, reply: HttpReply) -> bool:
    """Whether SendGrid names a field that all letters of the request share, and no letter."""
    fields = [str(problem.get("field") or "") for problem in reply.errors]
    shared = [field for field in fields if field.partition(".")[0] in request.common]
    return bool(shared) and not any(CULPRIT.match(field) for field in fields)


def _divided(request: Request, reply: HttpReply) -> tuple[list[Request], list[Answer]]:
    """Where SendGrid names the letters it dislikes, the others go again at once; where it does not, each half."""
    culprits = _culprits(request, reply)
    if culprits:
        rest = request.without(culprits)
        return [rest] if rest.letters else [], list(culprits.values())
    if len(request.letters) > 1:
        return list(request.halves()), []
    return [], [_refused(request.letters[0], reply.why)]


def _culprits(request: Request, reply: HttpReply) -> dict[int, Answer]:
    answers: dict[int, Answer] = {}
    for problem in reply.errors:
        named = CULPRIT.match(str(problem.get("field")))
        if named and int(named[1]) < len(request.letters):
            at = int(named[1])
            bad_address = named[2] is not None or (at in answers and answers[at].permanent)
            answers[at] = _refused(request.letters[at], f"{reply.status} {_words(problem)}", bad_address)
    return answers


def _refused(letter: Letter, why: str, permanent: bool = False) -> Answer:
    return Answer(letter.attempt, "refused", why, permanent=permanent, lasting=not permanent)


def _body(body: bytes, headers: Mapping[str, str]) -> bytes:
    """As SendGrid wrote it. Raises ValueError."""
    return unpacked(body, headers.get("Content-Encoding") or "", MOST_BYTES)


def _errors(body: bytes, headers: Mapping[str, str]) -> tuple[Mapping[str, Any], ...]:
    try:
        found = json.loads(_body(body, headers))["errors"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
    return tuple(problem for problem in found if isinstance(problem, dict)) if isinstance(found, list) else ()


def _words(problem: Mapping[str, Any]) -> str:
    return f"{problem.get('field') or ''} {problem.get('message') or ''}".strip()


def _never_connected(error: URLError) -> bool:
    """urllib wraps a failure to connect and a failure while sending alike; only where it was raised tells them
    apart. In doubt: it may have been sent."""
    reason = error.reason
    return isinstance(reason, OSError) and any(
        frame.f_code in CONNECTING for frame, _ in walk_tb(reason.__traceback__)
    )
