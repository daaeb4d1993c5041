"""A lesson as anybody may read it, from its published words."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from flask import Response, make_response
from markupsafe import Markup

from course.content.course import (
    Audio,
    Block,
    Checklist,
    ChecklistItem,
    Course,
    Download,
    Lesson,
    Prose,
    Recording,
    Video,
)
from course.errors import NotFound
from course.language.words import Phrase
from course.learning.watched_slices import NOTHING, Watched
from course.media.durations import spelt
from course.media.kinds import ending_of, mime_of
from course.media.players import player, site_name
from web.csp import VIDEO_SITES, security_policy
from web.learner.view.lesson_values import (
    ArticleCard,
    ArticlePage,
    LessonMinutes,
    ReadersLesson,
    ShownAudio,
    ShownBlock,
    ShownChecklist,
    ShownDownload,
    ShownElsewhere,
    ShownItem,
    ShownProse,
    ShownRecording,
    ShownVideo,
)
from web.learner.view.markdown import Renderer

NEAR_AN_END = 10
"""Seconds: who stopped so close to the beginning or the end has nothing to go back to."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one reader has done so far: items ticked, by key, and what was watched or heard, by source."""

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
        playing=lesson.playing,
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
        case Prose(markdown, references):
            return ShownProse(renderer.html(markdown, references))
        case Checklist(items):
            return ShownChecklist(tuple(shown_item(item, renderer, done.ticked) for item in items))
        case Download():
            kind = ending_of(block.path).removeprefix(".").upper()
            return ShownDownload(block.title, kind, renderer.media(block.path))
        case recording if not recording.own:
            return _elsewhere(recording)
        case Video():
            shown = _own(block, renderer, done.watched.get(block.source, NOTHING))
            return ShownVideo(shown, renderer.media(block.poster), renderer.media(block.captions))
        case Audio():
            return ShownAudio(_own(block, renderer, done.watched.get(block.source, NOTHING)))


def shown_item(item: ChecklistItem, renderer: Renderer, ticked: Set[str]) -> ShownItem:
    html = renderer.inline(item.markdown, item.references)
    more = renderer.html(item.more, item.references) if item.more else Markup()
    return ShownItem(item.key, html, item.key in ticked, more, item.minutes, item.depth)


def _elsewhere(recording: Recording) -> ShownElsewhere:
    return ShownElsewhere(
        title=recording.title,
        duration=recording.duration,
        seconds=recording.seconds,
        address=recording.address,
        site=site_name(recording.address),
        player=player(recording.address),
        heard=isinstance(recording, Audio),
    )


def _own(recording: Recording, renderer: Renderer, watched: Watched) -> ShownRecording:
    unfinished = NEAR_AN_END <= watched.stopped_at <= recording.seconds - NEAR_AN_END
    # The browser begins there by itself: https://www.w3.org/TR/media-frags/
    begin = f"#t={recording.start}" if recording.start else ""
    return ShownRecording(
        key=recording.source,
        title=recording.title,
        duration=recording.duration,
        seconds=recording.seconds,
        source=renderer.media(recording.path) + begin,
        mime=mime_of(recording.path),
        seen=f"{watched.seen:x}",
        stopped_at=watched.stopped_at,
        go_on=spelt(watched.stopped_at) if unfinished else "",
    )
