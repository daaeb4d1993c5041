"""What providers tell us. 2xx only once it is recorded, so that they ask again otherwise; and for what can never
be recorded, so that they do not ask for ever."""

import logging

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from mailer.providers.compressed import unpacked
from mailer.providers.events import NotSigned
from mailer.sending.record_events import record_events
from web.request import current_runtime

log = logging.getLogger(__name__)
pages = Blueprint("hooks", __name__)

MAX_BYTES = 32 * 1024 * 1024
"""Providers gather events into posts that are far larger than any form. Some have 768 KB, but for an event that is
larger by itself."""


@pages.post("/hooks/<provider>")
def hear(provider: str) -> Response:
    runtime = current_runtime()
    webhook = runtime.webhooks.get(provider)
    if webhook is None:
        abort(404)
    if not webhook.may_be_signed(request.headers):
        abort(403)
    request.max_content_length = MAX_BYTES
    try:
        body = unpacked(request.get_data(), request.headers.get("Content-Encoding", ""), MAX_BYTES)
        heard = webhook.read(body, request.headers)
    except NotSigned as problem:
        abort(403, str(problem))
    except ValueError as problem:
        abort(400, f"This cannot be read: {problem}.")
    if heard.unread:
        log.warning(
            "A post of %s holds %d entries that cannot be read; they are passed over", provider, heard.unread
        )
    with runtime.db.write() as session:
        record_events(session, heard.events, runtime.clock.times())
    return Response(status=204)
