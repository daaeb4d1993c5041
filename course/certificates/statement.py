"""What a certificate says, and the same as an Open Badges 3.0 credential."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from course.language.words import Words

NAMELESS = "A learner"
"""As a row keeps it; said in the language of the certificate."""
CONTEXTS = ("https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")
CONTROLLER_CONTEXT = "https://www.w3.org/ns/cid/v1"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The facts. `certified_at` is the moment behind `issued_on`, the day on the learner's own calendar."""

    serial: str
    name: str
    course: str
    course_title: str
    lessons: int
    minutes: int
    began_on: date
    issued_on: date
    certified_at: datetime


@dataclass(frozen=True, slots=True)
class Issuer:
    name: str
    base_url: str

    @property
    def id(self) -> str:
        """Where the issuer's profile and keys are, for ever: badges that are out in the world point to it."""
        return f"{self.base_url}/badges/issuer"


@dataclass(frozen=True, slots=True)
class Statement:
    """A certificate in words, the same on the page and on paper. `taken` says from when to when."""

    language: str
    name: str
    claim: str
    title: str
    effort: str
    taken: str
    issued_on: str
    serial: str
    url: str
    issuer: str


def state(certificate: Certificate, issuer: Issuer, words: Words) -> Statement:
    return Statement(
        language=words.language,
        name=_name(certificate, words),
        # translators: below the name of the learner, and above the title of the course
        claim=words.gettext("has completed every lesson of the course"),
        title=certificate.course_title,
        effort=_effort(certificate, words),
        taken=_taken(certificate, words),
        issued_on=words.full_date(certificate.issued_on),
        serial=certificate.serial,
        url=_page(certificate, issuer),
        issuer=issuer.name,
    )


def credential(certificate: Certificate, issuer: Issuer, words: Words) -> dict[str, Any]:
    """The badge, yet unsigned.

    The holder is identified by name alone. A hash of the e-mail address would have to carry its salt, so that
    anybody with the badge could try the likely addresses of somebody whose name it tells; badges are made to be
    shown around. Who must be sure about a holder asks them for this page from their own mail.
    """
    title = _one_line(certificate.course_title)
    return {
        "@context": list(CONTEXTS),
        "id": f"{_page(certificate, issuer)}.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": title,
        "issuer": {
            "id": issuer.id,
            "type": ["Profile"],
            "name": _one_line(issuer.name),
            "url": issuer.base_url,
        },
        "validFrom": moment(certificate.certified_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": _one_line(_name(certificate, words)),
                    "identityType": "name",
                }
            ],
            "achievement": {
                "id": f"{issuer.base_url}/courses/{certificate.course}",
                "type": ["Achievement"],
                "achievementType": "Course",
                "name": title,
                "inLanguage": words.language,
                "description": words.gettext(
                    "Completion of the course %(title)s: %(effort)s.",
                    title=title,
                    effort=_effort(certificate, words),
                ),
                "criteria": {
                    "narrative": words.gettext("Every lesson of the course was marked complete by the learner.")
                },
            },
        },
    }


def issuer_profile(issuer: Issuer, keys: Collection[str]) -> dict[str, Any]:
    """Who issues, and with which keys: what a verifier fetches to trust a badge's signature."""
    methods = [f"{issuer.id}#{key}" for key in keys]
    return {
        "@context": [*CONTEXTS, CONTROLLER_CONTEXT],
        "id": issuer.id,
        "type": ["Profile"],
        "name": issuer.name,
        "url": issuer.base_url,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": issuer.id, "publicKeyMultibase": key}
            for method, key in zip(methods, keys, strict=True)
        ],
        "assertionMethod": methods,
    }


def moment(at: datetime) -> str:
    """`2026-03-27T07:04:00Z`"""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _page(certificate: Certificate, issuer: Issuer) -> str:
    return f"{issuer.base_url}/certificates/{certificate.serial}"


def _name(certificate: Certificate, words: Words) -> str:
    nameless = certificate.name in ("", NAMELESS)
    return words.gettext("A learner") if nameless else certificate.name


def _taken(certificate: Certificate, words: Words) -> str:
    # A column on paper is narrow, and a date does not break.
    began_on, issued_on = (
        words.full_date(day).replace(" ", "\u00a0") for day in (certificate.began_on, certificate.issued_on)
    )
    if began_on == issued_on:
        # translators: a date; it ends a sentence, or stands below `Course taken`
        return words.gettext("on %(issued_on)s", issued_on=issued_on)
    # translators: two dates
    return words.gettext("from %(began_on)s to %(issued_on)s", began_on=began_on, issued_on=issued_on)


def _effort(certificate: Certificate, words: Words) -> str:
    return words.gettext(
        # translators: `3 lessons` and `51 minutes`
        "%(lessons)s, %(minutes)s of reading, watching and doing",
        lessons=words.ngettext("%(num)s lesson", "%(num)s lessons", certificate.lessons),
        minutes=words.minutes(certificate.minutes),
    )


def _one_line(text: str) -> str:
    # Implementations differ in how they write line breaks and tabs before they hash them.
    return " ".join(text.split())
