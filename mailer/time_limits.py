"""How long things may last, in seconds of real time: one place, since each has to fit into the next.

A letter is begun once the provider may take it. From then on its answer is waited for as long as the server may
take, and nothing else cuts that short: no stop, no end of a batch, no lease.
"""

# The patience with servers.
SMTP_CONNECT = 10.0
SMTP_REPLY = 30.0
SMTP_FINAL_REPLY = 60.0
SMTP_IDLE = 30.0
SMTP_ALONE = 10.0
SMTP_SHUN = 600.0
SMTP_LOOK = 30.0
HTTP_SILENCE = 30.0

LAST_ANSWER = max(SMTP_FINAL_REPLY, 3 * HTTP_SILENCE)
"""From beginning a letter to its answer. Over HTTP each of connecting, handing over and waiting may be silent."""

LEASE = 90.0
"""A claim whose worker has shown no life for so long is taken up by others. It is renewed by whoever is alive,
several times in each lease, however long a server keeps it waiting: so it may be shorter than any patience."""

BATCH = 1800.0
"""A sending begins no letter any more after this, and gives the rest back: others may have it."""

JOB = BATCH + LAST_ANSWER + 60.0
"""Whoever is still at a batch then is stuck for good, and its lease is renewed no more."""

STOP = LAST_ANSWER + 10.0
"""From a request to stop to the end of a worker, if all goes well."""

QUICK_STOP = 8.0
"""As `STOP`, for processes that send nothing."""
