"""What providers tell us. 2xx only once it is recorded, so that they ask again otherwise."""

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from mailer.providers.compressed import unpacked
from mailer.providers.events import BadWebhook, NotSigned
from mailer.sending.record_events import record_events
from web.request import current_runtime

pages = Blueprint("hooks", __name__)

MAX_BYTES = 8 * 1024 * 1024
"""Providers gather events into posts that are far larger than any form."""


@pages.post("/hooks/<provider>")
def hear(provider: str) -> Response:
    runtime = current_runtime()
    webhook = runtime.webhooks.get(provider)
    if webhook is None:
        abort(404)
    request.max_content_length = MAX_BYTES
    try:
        body = unpacked(request.get_data(), request.headers.get("Content-Encoding", ""), MAX_BYTES)
        events = webhook.read(body, request.headers)
    except NotSigned as problem:
        abort(403, str(problem))
    except BadWebhook as problem:
        abort(400, f"This cannot be read: {problem}.")
    except ValueError as problem:
        abort(400, f"This cannot be read: {problem}.")
    with runtime.db.write() as session:
        record_events(session, events, runtime.clock.times())
    return Response(status=204)
