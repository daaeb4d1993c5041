"""Run by the peer's own Python, which has Django and nothing of ours: migrate | queue N | send."""

import os
import sys
from importlib import import_module

from psycopg.conninfo import conninfo_to_dict

# By name: our own environment, in which this file is checked, has no Django, and a part of it asks for settings.
django = import_module("django")
settings = import_module("django.conf").settings

MAIL_BYTES = 25_000
CHUNK = 500


def configure() -> None:
    where = conninfo_to_dict(os.environ["BENCH_DATABASE"])
    names = {"NAME": "dbname", "USER": "user", "HOST": "host"}
    settings.configure(
        SECRET_KEY="only for a benchmark",
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                **{setting: where.get(name, "") for setting, name in names.items()},
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=int(os.environ["BENCH_SMTP_PORT"]),
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        POST_OFFICE={
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
            "THREADS_PER_PROCESS": 5,
            "BATCH_SIZE": 5000,
            "LOG_LEVEL": 1,
        },
    )
    django.setup()


def queue(count: int) -> None:
    send_many = import_module("post_office.mail").send_many
    half = ("A line of a lesson, as long as lines are in mails.\n" * 1000)[: MAIL_BYTES // 2]
    for first in range(0, count, CHUNK):
        send_many(
            [
                {
                    "sender": "courses@example.org",
                    "recipients": f"learner{number}@example.org",
                    "subject": f"Day 1, {number}",
                    "message": f"Dear {number},\n{half}",
                    "html_message": f"<p>Dear {number},</p>{half}",
                }
                for number in range(first, min(first + CHUNK, count))
            ]
        )


if __name__ == "__main__":
    configure()
    call_command = import_module("django.core.management").call_command
    match sys.argv[1:]:
        case ["migrate"]:
            call_command("migrate", verbosity=0)
        case ["queue", count]:
            queue(int(count))
        case ["send"]:
            call_command("send_queued_mail", processes=2, log_level=1)
