"""Publishing with its eyes open: what changes and whom it touches, the history, going back, moving learners."""

from hashlib import sha256
from typing import NamedTuple

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course.content.changes import Contents, Difference
from course.content.problems import Problem
from course.drafts.folder import digest_of
from course.enrolment.move_learners import ahead_of_move, move_learners
from course.errors import NotFound, Refused
from course.language.words import Phrase
from course.publishing.history import ahead_of_roll_back, difference, publications, put_back
from course.publishing.media_store import Kept
from course.publishing.publish import Unpublishable, keep_media, propose, publish_folder
from course.reports.audience import Audience, audience
from course.staff.audit_log import Doer
from web.language import words
from web.publication_effects import describe_changes, describe_reach
from web.request import current_runtime, see_other
from web.studio.access.guard import doer
from web.studio.state_words import ENROLMENT_STATE_WORDS
from web.studio.writing.diffs import diff_lines
from web.studio.writing.open_draft import Desk, open_desk, parse

pages = Blueprint("publishing", __name__, url_prefix="/courses/<slug>")

MOST_WHY = 300


class Ahead(NamedTuple):
    """What publishing the draft would do. Without a `proposal` it cannot be published: `errors` say why."""

    proposal: Difference | None
    people: Audience
    errors: tuple[Problem, ...]


@pages.get("/publish")
def ahead(slug: str) -> str:
    return _show(open_desk(slug), "")


@pages.post("/publish")
def publish(slug: str) -> Response | tuple[str, int]:
    """Publish exactly what was looked at: a draft that has changed since is shown again first."""
    runtime, desk = current_runtime(), open_desk(slug)
    seen = _look_ahead(desk)
    if seen.proposal is None:
        return _show(desk, Phrase("This draft has errors. What is in service stays as it is.")), 422
    if fingerprint(seen.proposal.new) != request.form.get("seen"):
        return _show(desk, Phrase("The draft has changed since you looked. Look again, then publish.")), 409
    kept = keep_media(desk.folder, runtime.settings.var_dir)
    with runtime.db.write() as session:
        publish_folder(session, desk.folder, kept, runtime.clock.now(), _doer())
    return see_other(f"{desk.url}/history")


@pages.get("/history")
def history(slug: str) -> str:
    runtime, desk = current_runtime(), open_desk(slug)
    with runtime.db.read() as session:
        try:
            found = publications(session, slug)
            groups = ahead_of_move(session, runtime.shelf.by_slug(session, slug))
        except NotFound:
            found, groups = [], ()
    return render_template("studio/history.html", desk=desk, publications=found, groups=groups)


@pages.get("/history/<int:version>")
def version(slug: str, version: int) -> str:
    """Show what a publication changed, and what going back to it would."""
    runtime, desk = current_runtime(), open_desk(slug)
    with runtime.db.read() as session:
        known = [publication.version for publication in publications(session, slug)]
        then = difference(session, slug, version - 1, version) if version - 1 in known else None
        back = ahead_of_roll_back(session, slug, version)
    return render_template(
        "studio/version.html",
        desk=desk,
        version=version,
        in_service=version == known[0],
        then=then,
        back=back,
        describe=lambda changes: describe_changes(changes, words()),
        lines=diff_lines,
    )


@pages.post("/history/<int:version>")
def roll_back(slug: str, version: int) -> Response:
    runtime, desk = current_runtime(), open_desk(slug)
    with runtime.db.write() as session:
        put_back(session, slug, version, runtime.clock.now(), _doer())
    return see_other(f"{desk.url}/history")


@pages.post("/move-learners")
def move(slug: str) -> Response:
    runtime, desk = current_runtime(), open_desk(slug)
    with runtime.db.write() as session:
        groups = move_learners(session, runtime.shelf, slug, runtime.clock.now(), _doer())
    if not groups:
        raise Refused(Phrase("Nobody under way would get anything else than they do now. Nothing was changed."))
    return see_other(f"{desk.url}/history")


def fingerprint(contents: Contents) -> str:
    """Return a digest that is the same for the same texts in the same order with the same media."""
    texts = sorted((identity, text.path, text.source) for identity, text in contents.texts.items())
    return sha256(repr((texts, contents.lessons, sorted(contents.media.items()))).encode()).hexdigest()


def _look_ahead(desk: Desk) -> Ahead:
    with current_runtime().db.read() as session:
        people = audience(session, desk.slug)
        parsed = parse(desk)
        if parsed.errors:
            return Ahead(None, people, parsed.errors)
        kept = {path: Kept(digest_of(file), file.stat().st_size) for path, file in desk.folder.media.items()}
        try:
            return Ahead(propose(session, desk.folder, parsed, kept), people, ())
        except Unpublishable as problem:
            return Ahead(None, people, problem.problems)


def _show(desk: Desk, problem: Phrase | str) -> str:
    seen = _look_ahead(desk)
    proposal = seen.proposal
    return render_template(
        "studio/publish.html",
        desk=desk,
        problem=problem,
        errors=seen.errors,
        people=seen.people,
        state_words=ENROLMENT_STATE_WORDS,
        changes=proposal.changes if proposal else None,
        described=[*describe_changes(proposal.changes, words())] if proposal else [],
        reach=[*describe_reach(seen.people, proposal.changes, words())] if proposal else [],
        diff=diff_lines(proposal.diff) if proposal else [],
        seen=fingerprint(proposal.new) if proposal else "",
    )


def _doer() -> Doer:
    return Doer(doer().who, doer().at, request.form.get("why", "").replace("\0", "").strip()[:MOST_WHY])
