"""Tables and constraints. Moments end in `_at` (aware, UTC), dates in `_on`."""

from course.models.allowance import Asked, SignUp
from course.models.base import Base
from course.models.learning import (
    AddressChange,
    BadgeKey,
    CertificateRow,
    Completion,
    Enrolment,
    Feedback,
    Learner,
    Note,
    Tick,
    Visit,
    Watch,
)
from course.models.privacy import Chore, Consent, LeftAlone, Pepper, SiteText, Wording
from course.models.publishing import CourseRow, Document, Edition, FormerSlug, Media, Publication, Revision
from course.models.sending import Attempt, Delivery, Deployment, Event, Hold, Probe, SetAside, Suppression
from course.models.studio import Deed, SignIn, StudioSession

__all__ = [
    "AddressChange",
    "Asked",
    "Attempt",
    "BadgeKey",
    "Base",
    "CertificateRow",
    "Chore",
    "Completion",
    "Consent",
    "CourseRow",
    "Deed",
    "Delivery",
    "Deployment",
    "Document",
    "Edition",
    "Enrolment",
    "Event",
    "Feedback",
    "FormerSlug",
    "Hold",
    "Learner",
    "LeftAlone",
    "Media",
    "Note",
    "Pepper",
    "Probe",
    "Publication",
    "Revision",
    "SetAside",
    "SignIn",
    "SignUp",
    "SiteText",
    "StudioSession",
    "Suppression",
    "Tick",
    "Visit",
    "Watch",
    "Wording",
]
