"""What a learner said they would do: the checklist items of every day that has come, in one list."""

from collections.abc import Collection, Mapping

from web.learner.view.course_values import DoingOfDay
from web.learner.view.markdown import prose_for
from web.learner.view.reader_view import shown_item
from web.request import Opened


def doing(opened: Opened, came: Collection[str], ticks: Mapping[str, set[str]]) -> tuple[DoingOfDay, ...]:
    """The days that have come and have a checklist."""
    prose = prose_for(opened)
    return tuple(
        DoingOfDay(
            day=day,
            slug=lesson.slug,
            title=lesson.title,
            url=f"{opened.url}/{lesson.slug}",
            items=tuple(shown_item(item, prose, ticks.get(lesson.slug, set())) for item in lesson.items),
        )
        for day, lesson in enumerate(opened.course.lessons, 1)
        if lesson.slug in came and lesson.items
    )
