"""Errors as logs may hold them: where they came from, and of what kind they are, without the values in them.

The words of an error quote what it stumbled over: PostgreSQL names the key that was there already, Python the text
it could not read. That may be somebody's address, name or note, and logs are kept by others, for longer, than the
rows.
"""

from collections.abc import Iterator
from traceback import format_tb, walk_tb

FACTS = ("sqlstate", "errno", "sqlite_errorname")
"""What errors of databases and of the system tell of themselves that is no value."""


def traced(problem: BaseException) -> str:
    """An error with all that led to it, the first first: of each the lines of code it passed, and what it is."""
    return "\n".join(
        f"{''.join(format_tb(one.__traceback__))}{named(one)}" for one in reversed(list(_behind(problem)))
    )


def named(problem: BaseException) -> str:
    """The kind of an error with the codes it has, such as `psycopg.errors.UniqueViolation (23505)`."""
    told = getattr(problem, "orig", None) or problem
    codes = [str(code) for fact in FACTS if (code := getattr(told, fact, None)) is not None]
    constraint = getattr(getattr(told, "diag", None), "constraint_name", None)
    facts = ", ".join([*codes, *([constraint] if constraint else [])])
    kind = f"{type(told).__module__}.{type(told).__qualname__}"
    return f"{kind} ({facts})" if facts else kind


def reason_of(problem: BaseException) -> str:
    """What failed and where, such as `KeyError in course.schedule.facts:87`.

    No word of the exception's own: it may hold an address or a name.
    """
    places = [f"{frame.f_globals.get('__name__')}:{line}" for frame, line in walk_tb(problem.__traceback__)]
    ours = [place for place in places if place.startswith(("course.", "mailer."))] or places or ["no place"]
    return f"{type(problem).__name__} in {ours[-1]}"


def _behind(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
