"""Alembic's environment: runs on the connection that `course.migrations.upgrade` hands over."""

from typing import Any, Literal

from alembic import context

from course.db import UTCDateTime
from course.models import Base


def _plain_types(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Migrations name the column's own type: they must not change when our code does."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=_plain_types
)
with context.begin_transaction():
    context.run_migrations()
