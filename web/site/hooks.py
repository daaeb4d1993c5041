"""What providers tell us. 2xx only once it is recorded, so that they ask again otherwise."""

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from mailer.providers.sendgrid.events import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    BadWebhook,
    is_signed,
    read_events,
)
from mailer.sending.record_events import record_events
from web.request import current_runtime

pages = Blueprint("hooks", __name__)

MAX_BYTES = 8 * 1024 * 1024
"""SendGrid gathers events into posts that are far larger than any form."""


@pages.post("/hooks/sendgrid")
def sendgrid() -> Response:
    runtime = current_runtime()
    key = runtime.settings.sendgrid_webhook_key
    if not key:
        abort(404)
    request.max_content_length = MAX_BYTES
    body = request.get_data()
    signature = request.headers.get(SIGNATURE_HEADER, "")
    if not is_signed(key, body, signature, request.headers.get(TIMESTAMP_HEADER, "")):
        abort(403, "This is not signed with the key we know. Is SENDGRID_WEBHOOK_KEY the one that SendGrid shows?")
    try:
        events = read_events(body)
    except BadWebhook as problem:
        abort(400, f"This cannot be read: {problem}.")
    with runtime.db.write() as session:
        record_events(session, events, runtime.clock.times())
    return Response(status=204)
