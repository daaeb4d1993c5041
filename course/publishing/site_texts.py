"""The site's own texts, published with any course and read by pages. Nothing here commits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.content.site_file import SITE_FILES, SiteFile, read_site_files
from course.drafts.site_folder import SiteFolder
from course.models import SiteText
from course.staff.audit_log import Doer, log_deed
from course.times import CourseTime


def changed_texts(session: Session, folder: SiteFolder) -> tuple[str, ...]:
    """The files that differ from what is published, also those that are gone."""
    published = _published(session)
    return tuple(file for name, file in SITE_FILES.items() if published.get(name) != folder.texts.get(name))


def publish_site(session: Session, folder: SiteFolder, now: CourseTime, doer: Doer) -> bool:
    """Puts the folder's texts in service; whether anything has changed. With errors, what is in service stays."""
    if folder.errors or not (changed := changed_texts(session, folder)):
        return False
    for name in SITE_FILES:
        row, text = session.get(SiteText, name), folder.texts.get(name)
        if text is None:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(SiteText(name=name, source=text, published_at=now))
        elif row.source != text:
            row.source, row.published_at = text, now
    log_deed(session, doer, "published the site's texts", None, files=list(changed))
    return True


def site_in_service(session: Session) -> SiteFile:
    """What the site says of itself; what was published stays, even where today's rules are stricter."""
    return read_site_files(_published(session))[0]


def _published(session: Session) -> dict[str, str]:
    return {text.name: text.source for text in session.scalars(select(SiteText))}
