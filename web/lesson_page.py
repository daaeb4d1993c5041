"""From rows and facts to what a lesson's page shows."""

from datetime import datetime

from sqlalchemy.orm import Session

from course.completion import completions, ticked
from course.content import Checklist, Course, Lesson, Prose, Video
from course.words import moment_in_words
from web.here import Opened
from web.present import course_page
from web.prose import Prose as Renderer
from web.shown import (
    ArticleCard,
    LessonPage,
    ShownBlock,
    ShownChecklist,
    ShownItem,
    ShownProse,
    ShownVideo,
)


def lesson_page(session: Session, opened: Opened, lesson: Lesson, now: datetime) -> LessonPage:
    page = course_page(session, opened, now)
    course = page.course
    effort = course.effort(lesson)
    reading, watching, doing = effort.shares
    day = page.days[course.day_of(lesson.slug) - 1]
    before = page.days[day.day - 2] if day.day > 1 else None
    after = page.days[day.day] if day.day < len(page.days) else None
    renderer = Renderer(opened.published, f"{opened.url}/articles", opened.learner.name)
    keys = ticked(session, opened.enrolment).get(lesson.slug, set())
    completed_at = completions(session, opened.enrolment).get(lesson.slug)
    return LessonPage(
        course=course,
        slug=lesson.slug,
        title=lesson.title,
        preheader=lesson.preheader,
        day=day.day,
        total=len(page.days),
        minutes=effort.minutes,
        reading=reading,
        watching=watching,
        doing=doing,
        blocks=tuple(_shown(block, renderer, keys) for block in lesson.blocks),
        articles=_cards(course, lesson, opened),
        ticked=day.ticked,
        items=day.items,
        completed=moment_in_words(completed_at, opened.enrolment.zone) if completed_at else "",
        next_title=after.title if after else "",
        next_when=after.when if after else "",
        next_url=after.url if after and after.state in ("open", "done") else "",
        previous_url=before.url if before else "",
        certificate_url=page.certificate_url,
        url=day.url,
        course_url=opened.url,
    )


def _cards(course: Course, lesson: Lesson, opened: Opened) -> tuple[ArticleCard, ...]:
    articles = [course.articles[slug] for slug in lesson.articles if slug in course.articles]
    return tuple(ArticleCard(a.title, a.summary, a.minutes, f"{opened.url}/articles/{a.slug}") for a in articles)


def _shown(block: Prose | Video | Checklist, renderer: Renderer, done: set[str]) -> ShownBlock:
    match block:
        case Prose(markdown):
            return ShownProse(renderer.html(markdown))
        case Checklist(items):
            return ShownChecklist(
                tuple(ShownItem(item.key, renderer.inline(item.markdown), item.key in done) for item in items)
            )
        case video if video.own:
            mime = "video/webm" if video.source.endswith(".webm") else "video/mp4"
            poster, captions = renderer.media(video.poster), renderer.media(video.captions)
            return ShownVideo(
                video.title, video.duration, renderer.media(video.source), mime, poster, captions, site=""
            )
        case video:
            return ShownVideo(video.title, video.duration, "", "", "", "", site=video.source)
