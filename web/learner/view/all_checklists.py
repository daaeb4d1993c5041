"""What a learner said they would do: the checklist items of every day that has come, in one list."""

from collections.abc import Collection, Mapping

from web.here import Opened
from web.prose import prose_for
from web.shown import DoingOfDay
from web.shown_lesson import ShownItem


def doing(opened: Opened, came: Collection[str], ticks: Mapping[str, set[str]]) -> tuple[DoingOfDay, ...]:
    """The days that have come and have a checklist."""
    prose = prose_for(opened)
    return tuple(
        DoingOfDay(
            day=day,
            slug=lesson.slug,
            title=lesson.title,
            url=f"{opened.url}/{lesson.slug}",
            items=tuple(
                ShownItem(item.key, prose.inline(item.markdown), item.key in ticks.get(lesson.slug, set()))
                for item in lesson.items
            ),
        )
        for day, lesson in enumerate(opened.course.lessons, 1)
        if lesson.slug in came and lesson.items
    )
