"""A lesson as anybody may read it, from its published words."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from flask import Response, make_response

from course.content.course import Block, Checklist, Course, Lesson, Prose, Video
from course.content.media_types import mime_of
from course.errors import NotFound
from course.language.words import Phrase
from course.learning.watched_slices import NOTHING, Watched
from web.csp import VIDEO_SITES, security_policy
from web.learner.view.lesson_values import (
    ArticleCard,
    ArticlePage,
    LessonMinutes,
    ReadersLesson,
    ShownBlock,
    ShownChecklist,
    ShownElsewhere,
    ShownItem,
    ShownProse,
    ShownVideo,
)
from web.learner.view.markdown import Renderer
from web.learner.view.video_players import player, site_name

NEAR_AN_END = 10
"""Seconds: who stopped so close to the beginning or the end has nothing to go back to."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one reader has done so far: items ticked, by key, and videos watched, by source."""

    ticked: Set[str]
    watched: Mapping[str, Watched]


NOT_BEGUN = Done(frozenset(), {})


def readers_lesson(course: Course, lesson: Lesson, renderer: Renderer, done: Done = NOT_BEGUN) -> ReadersLesson:
    lesson = renderer.with_lines(lesson)
    return ReadersLesson(
        course=course,
        title=lesson.title,
        preheader=lesson.preheader,
        day=course.day_of(lesson.slug),
        total=len(course.lessons),
        minutes=LessonMinutes(*course.effort(lesson).shares),
        blocks=tuple(_shown(block, renderer, done) for block in lesson.blocks),
        articles=_cards(course, lesson, renderer),
    )


def answer_with(shown: ReadersLesson, html: str) -> Response:
    """The page that shows it; the players of other sites may be framed there only if the lesson has one."""
    answer = make_response(html)
    if any(isinstance(block, ShownElsewhere) and block.player for block in shown.blocks):
        answer.headers["Content-Security-Policy"] = security_policy(VIDEO_SITES)
    return answer


def article_page(course: Course, slug: str, renderer: Renderer, back_url: str, back_title: str) -> ArticlePage:
    """Raises NotFound."""
    article = course.articles.get(slug)
    if article is None:
        raise NotFound(Phrase("This article is no longer part of the course."))
    return ArticlePage(
        course=course,
        title=article.title,
        minutes=article.minutes,
        html=renderer.html(article.markdown),
        back_url=back_url,
        back_title=back_title,
    )


def _cards(course: Course, lesson: Lesson, renderer: Renderer) -> tuple[ArticleCard, ...]:
    articles = [course.articles[slug] for slug in lesson.articles if slug in course.articles]
    return tuple(ArticleCard(a.title, a.summary, a.minutes, renderer.article(a.slug)) for a in articles)


def _shown(block: Block, renderer: Renderer, done: Done) -> ShownBlock:
    match block:
        case Prose(markdown):
            return ShownProse(renderer.html(markdown))
        case Checklist(items):
            return ShownChecklist(
                tuple(
                    ShownItem(item.key, renderer.inline(item.markdown), item.key in done.ticked) for item in items
                )
            )
        case video if video.own:
            return _own(video, renderer, done.watched.get(video.source, NOTHING))
        case video:
            source = video.source
            return ShownElsewhere(video.title, video.duration, source, site_name(source), player(source))


def _own(video: Video, renderer: Renderer, watched: Watched) -> ShownVideo:
    minutes, seconds = divmod(watched.stopped_at, 60)
    unfinished = NEAR_AN_END <= watched.stopped_at <= video.seconds - NEAR_AN_END
    return ShownVideo(
        key=video.source,
        title=video.title,
        duration=video.duration,
        seconds=video.seconds,
        source=renderer.media(video.source),
        mime=mime_of(video.source),
        poster=renderer.media(video.poster),
        captions=renderer.media(video.captions),
        seen=f"{watched.seen:x}",
        stopped_at=watched.stopped_at,
        go_on=f"{minutes}:{seconds:02}" if unfinished else "",
    )
