"""Why SendGrid drops a mail or says that it came back, and whom that is about. Pure.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event (reasons of drops)
https://www.twilio.com/docs/sendgrid/api-reference/bounces-api (classifications of bounces)
"""

from collections.abc import Mapping
from typing import Literal

About = Literal["address", "account", "mail"]
"""address: it will never do. account: no mail of ours would go now. mail: another time it may go."""

DROPS: Mapping[str, About] = {
    "Bounced Address": "address",
    "Invalid": "address",
    "Spam Reporting Address": "address",
    "Unsubscribed Address": "address",
    "Recipient List over Package Quota": "account",
    "Duplicate message": "mail",
    "Invalid SMTPAPI header": "mail",
    "Spam Content": "mail",
}
"""By `reason`. SendGrid sends nothing to the first four, however often it is asked."""

BOUNCES: Mapping[str, About] = {
    "Invalid Address": "address",
    "Mailbox Unavailable": "address",
    "Unclassified": "address",
    "Content": "mail",
    "Frequency or Volume Too High": "mail",
    "Reputation": "mail",
    "Technical Failure": "mail",
}
"""By `bounce_classification`, of those of the type `bounce`: the others, `blocked`, are about no address."""

_DROPS = {reason.casefold(): about for reason, about in DROPS.items()}
_BOUNCES = {name.casefold(): about for name, about in BOUNCES.items()}


def drop_is_about(reason: str) -> About:
    """Unknown reasons are about the mail: that strikes nobody off."""
    return _DROPS.get(reason.strip().casefold(), "mail")


def bounce_is_about(kind: str, classification: str) -> About:
    """`kind` is the event's `type`; where it has no classification, or one we do not know, the type decides."""
    if kind != "bounce":
        return "mail"
    return _BOUNCES.get(classification.strip().casefold(), "address")
