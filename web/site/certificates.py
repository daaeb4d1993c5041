"""What anybody with a serial may see: the certificate as page, PDF and badge, and who issues it."""

import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any
from urllib.parse import quote, urlencode

import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Blueprint, Response, g, render_template
from markupsafe import Markup

from course.certificates import badge_keys
from course.certificates.proof import key_from, multikey, signed
from course.certificates.statement import Certificate, Issuer, Statement, credential, issuer_profile, state
from course.learning import issued
from course.models import CertificateRow
from course.times import CourseTime
from web.language import speak_for, words
from web.request import SITE_NAME, current_runtime

pages = Blueprint("certificates", __name__)
LINKEDIN = "https://www.linkedin.com/profile/add"


@pages.get("/certificates/<serial>")
def certificate(serial: str) -> str:
    found, issuer = _find(serial), _issuer()
    statement = state(found, issuer, words())
    return render_template(
        "site/certificate.html",
        certificate=statement,
        language=g.language,
        qr=_square(statement.url),
        linkedin=_linkedin(found, statement),
        mailto=_mailto(statement),
    )


@pages.get("/certificates/<serial>.pdf")
def pdf(serial: str) -> Response:
    found = _find(serial)
    # What draws it takes long to load: each start of the site would wait for a page that few ask for.
    printed = import_module("web.site.certificate_pdf").printed
    sheet: bytes = printed(state(found, _issuer(), words()), words(), found.certified_at, g.accent)
    return _file(sheet, "application/pdf", found, "pdf")


@pages.get("/certificates/<serial>.json")
def badge(serial: str) -> Response:
    key, now = key_from(current_runtime().settings.secrets[0]), current_runtime().clock.now()
    found = _find(serial)
    _keep(key.public_key(), now)
    made = signed(credential(found, _issuer(), words()), key, now)
    return _public(_file(_json(made), "application/json", found, "json"))


@pages.get("/badges/issuer")
def issuer() -> Response:
    """Tell who issues certificates, with every key: also today's, which may not have signed anything yet."""
    with current_runtime().db.read() as session:
        kept = badge_keys.kept(session)
    today = multikey(key_from(current_runtime().settings.secrets[0]).public_key())
    profile = issuer_profile(_issuer(), list(dict.fromkeys([*kept, today])))
    return _public(Response(_json(profile), mimetype="application/json"))


def url_of(certificate: CertificateRow | None) -> str:
    """Empty where there is none yet."""
    return f"/certificates/{certificate.serial}" if certificate else ""


def _keep(public: Ed25519PublicKey, now: CourseTime) -> None:
    """Looks first: only the first badge of a key has to wait for its turn to write."""
    with current_runtime().db.read() as session:
        new = multikey(public) not in badge_keys.kept(session)
    if new:
        with current_runtime().db.write() as session:
            badge_keys.keep_key(session, public, now)


def _find(serial: str) -> Certificate:
    """Find a certificate, and answer from here on in the language and colour of its course."""
    with current_runtime().db.read() as session:
        found = issued.find_certificate(session, serial)
        speak_for(current_runtime().shelf.by_slug(session, found.course).course)
    return found


def _issuer() -> Issuer:
    return Issuer(SITE_NAME, current_runtime().settings.base_url)


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def _file(content: bytes, mimetype: str, found: Certificate, ending: str) -> Response:
    response = Response(content, mimetype=mimetype)
    # Browsers' readers of PDF run what stands in one: none opens on our site, not even our own.
    way = "attachment" if ending == "pdf" else "inline"
    response.headers["Content-Disposition"] = f'{way}; filename="certificate-{found.serial}.{ending}"'
    return response


def _public(response: Response) -> Response:
    """Validators that run in a browser may read it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _square(url: str) -> Markup:
    code = segno.make(url, error="m", micro=False)
    drawn = code.svg_inline(scale=3, border=3, dark="#1d2330", light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704 - squares, and no words of anybody


def _linkedin(found: Certificate, statement: Statement) -> str:
    fields = {
        "startTask": "CERTIFICATION_NAME",
        "name": statement.title,
        "organizationName": statement.issuer,
        "issueYear": found.issued_on.year,
        "issueMonth": found.issued_on.month,
        "certUrl": statement.url,
        "certId": statement.serial,
    }
    return f"{LINKEDIN}?{urlencode(fields)}"


def _mailto(statement: Statement) -> str:
    subject = quote(words().gettext("Certificate: %(course)s", course=statement.title))
    return f"mailto:?subject={subject}&body={quote(statement.url)}"
