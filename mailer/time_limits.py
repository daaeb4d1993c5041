"""How long things may last, in seconds of real time: one place, since each has to fit into the next.

A letter is begun once the provider may take it. From then on its answer is waited for as long as the server may
take, and nothing else cuts that short: no stop, no end of a batch, no lease.
"""

# The patience with servers. For SMTP it is what RFC 5321, 4.5.3.2 asks for: who is less patient with a relay that
# looks through mails, or is busy, sends copies, or never sends anything.
SMTP_CONNECT = 60.0
SMTP_REPLY = 300.0
"""To greeting, MAIL, RCPT, and what else has no limit of its own."""
SMTP_DATA_REPLY = 120.0
SMTP_BLOCK = 180.0
"""Until the server takes some more of what was said."""
SMTP_LETTER = 300.0
"""Until it has taken all of a letter, however many blocks that is: ours are small."""
SMTP_FINAL_REPLY = 600.0
SMTP_IDLE = 30.0

SMTP_ALONE = 10.0
"""Who has not let us in after so long is waited for beside another attempt, at another address if there is one."""
SMTP_SHUN = 600.0
"""So long an address that failed is tried last."""
SMTP_LOOK = 30.0
"""Somebody who only looks whether mail would be taken waits no longer for a word."""
HTTP_SILENCE = 30.0

LAST_ANSWER = max(SMTP_LETTER + SMTP_FINAL_REPLY, 3 * HTTP_SILENCE)
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
