"""Signed tokens: made with the first secret, checked with all. No clock, no database.

A token is base64url of a payload and its keyed BLAKE2b of 128 bits (RFC 7693, section 2.9): a fifth of the time
HMAC-SHA256 takes, four times a letter. The purpose is part of what is signed, so a token for one thing never opens
another.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, sha256
from hmac import compare_digest
from struct import Struct
from typing import Literal, get_args

Purpose = Literal[
    "confirm", "learn", "unsubscribe", "pixel", "click", "mail's link", "mark", "link", "calendar", "sign-in",
    "shared", "agree", "wish", "registered", "known", "asker", "fingerprint", "form",
]  # fmt: skip

SIGNATURE_BYTES = 16
MAIL_BYTES = 8
LEARN = Struct(">QI")
CONFIRM = Struct(">QII")
UNSUBSCRIBE = Struct(">Q")
SHARED = Struct(">Q")
PIXEL = Struct(">16s")
CLICK = Struct(f">16sQI{MAIL_BYTES}s")
MARK = Struct(">16sQI")
SIGN_IN = Struct(">16s")
AGREE = Struct(">16s")
WISH = Struct(">16sI")
FORM = Struct(">Q")


NOBODY = 0
"""In place of an enrolment: for a link that is tried out, and changes nothing."""


class BadToken(Exception):
    """Altered, foreign, or made for something else."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Which mail was clicked, and whose course page its links lead to.

    `mail` names its text: only links that were signed for the same text belong to it. It is empty in mails of
    versions before links were bound to their mail.
    """

    delivery: str
    enrolment: int
    generation: int
    mail: str


@lru_cache(maxsize=512)  # asked for once a letter, and the same for a whole batch
def mail_name(edition: int, kind: str, slug: str) -> str:
    """The name of a mail's text, by which its links and its marks know each other: 16 hex digits."""
    return blake2b(f"{edition}:{kind}:{slug}".encode(), digest_size=MAIL_BYTES).hexdigest()


class Signer:
    """Makes and checks every token of the site. Checks raise BadToken."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        keys = [sha256(b"dayletter" + secret.encode()).digest() for secret in secrets]
        self.fingerprints = tuple(_mac(_begin(key, "fingerprint"), b"").hex() for key in keys)
        """Of each secret, in their order: they tell whether it is the same as before, and nothing else."""
        self._begun = {purpose: [_begin(key, purpose) for key in keys] for purpose in get_args(Purpose)}

    def learn(self, enrolment: int, generation: int) -> str:
        """The learner's course page. Renewing their links raises the generation."""
        return self._sign("learn", LEARN.pack(enrolment, generation))

    def read_learn(self, token: str) -> tuple[int, int]:
        enrolment, generation = LEARN.unpack(self._check("learn", token, LEARN.size))
        return enrolment, generation

    def calendar(self, enrolment: int, generation: int) -> str:
        """The learner's calendar, to read only."""
        return self._sign("calendar", LEARN.pack(enrolment, generation))

    def read_calendar(self, token: str) -> tuple[int, int]:
        enrolment, generation = LEARN.unpack(self._check("calendar", token, LEARN.size))
        return enrolment, generation

    def confirm(self, enrolment: int, generation: int, issued: int) -> str:
        """`issued` is the course time of the mail in seconds since 1970."""
        return self._sign("confirm", CONFIRM.pack(enrolment, generation, issued))

    def read_confirm(self, token: str) -> tuple[int, int, int]:
        enrolment, generation, issued = CONFIRM.unpack(self._check("confirm", token, CONFIRM.size))
        return enrolment, generation, issued

    def unsubscribe(self, enrolment: int) -> str:
        return self._sign("unsubscribe", UNSUBSCRIBE.pack(enrolment))

    def read_unsubscribe(self, token: str) -> int:
        (enrolment,) = UNSUBSCRIBE.unpack(self._check("unsubscribe", token, UNSUBSCRIBE.size))
        return int(enrolment)

    def shared(self, course: int, lesson: str) -> str:
        """A lesson for whoever it is forwarded to. It holds nobody's enrolment, so it gives nobody away."""
        return self._sign("shared", SHARED.pack(course) + lesson.encode())

    def read_shared(self, token: str) -> tuple[int, str]:
        payload = self._check("shared", token, None)
        return SHARED.unpack_from(payload)[0], payload[SHARED.size :].decode()

    def pixel(self, delivery: str) -> str:
        """The address of one mail's pixel, which is no key to its links; `delivery` is 32 hex digits."""
        return self._sign("pixel", PIXEL.pack(bytes.fromhex(delivery)))

    def read_pixel(self, token: str) -> str:
        """The delivery, also of a mail from when pixel and links shared one token."""
        try:
            (delivery,) = PIXEL.unpack(self._check("pixel", token, PIXEL.size))
        except BadToken:
            delivery = MARK.unpack(self._check("mark", token, MARK.size))[0]
        return str(delivery.hex())

    def click(self, mark: Mark) -> str:
        """Sign the mark in each link of one mail; `mark.delivery` is 32 hex digits."""
        mail = bytes.fromhex(mark.mail)
        return self._sign("click", CLICK.pack(bytes.fromhex(mark.delivery), mark.enrolment, mark.generation, mail))

    def read_click(self, token: str) -> Mark:
        delivery, enrolment, generation, mail = CLICK.unpack(self._check("click", token, CLICK.size))
        return Mark(delivery.hex(), enrolment, generation, mail.hex())

    def read_former_mark(self, token: str) -> Mark:
        """The mark of a mail from when pixel and links shared one, which anybody may have seen in a pixel."""
        delivery, enrolment, generation = MARK.unpack(self._check("mark", token, MARK.size))
        return Mark(delivery.hex(), enrolment, generation, "")

    def agree(self, delivery: str) -> str:
        """The answer to what a mail asked; `delivery` is 32 hex digits."""
        return self._sign("agree", AGREE.pack(bytes.fromhex(delivery)))

    def read_agree(self, token: str) -> str:
        (delivery,) = AGREE.unpack(self._check("agree", token, AGREE.size))
        return str(delivery.hex())

    def wish(self, delivery: str, generation: int) -> str:
        """The button of a mail that asks whether a deed was meant; `delivery`, 32 hex digits, is that mail's."""
        return self._sign("wish", WISH.pack(bytes.fromhex(delivery), generation))

    def read_wish(self, token: str) -> tuple[str, int]:
        delivery, generation = WISH.unpack(self._check("wish", token, WISH.size))
        return delivery.hex(), generation

    def known(self, words: str) -> str:
        """Sign, for a cookie of its own, that somebody has signed in to the studio with this browser."""
        return self._sign("known", words.encode())

    def read_known(self, cookie: str) -> str:
        return self._check("known", cookie, None).decode()

    def asker(self, words: str) -> str:
        """Who asks, as a keyed hash of 32 hex digits: known again, and by nobody without the secret found out."""
        return _mac(self._begun["asker"][0], words.encode(errors="replace")).hex()

    def form(self, shown_at: int) -> str:
        """Sign when a form was shown, in real seconds since 1970."""
        return self._sign("form", FORM.pack(shown_at))

    def read_form(self, token: str) -> int:
        (shown_at,) = FORM.unpack(self._check("form", token, FORM.size))
        return int(shown_at)

    def registered(self, words: str) -> str:
        """Sign what a browser registered, for a cookie of its own."""
        return self._sign("registered", words.encode())

    def read_registered(self, cookie: str) -> str:
        return self._check("registered", cookie, None).decode()

    def link(self, mail: str, target: str) -> str:
        """A published address as a path segment that needs no look-up to be followed, and no trust; good in the
        mail of this `mail_name` only."""
        return self._sign("mail's link", bytes.fromhex(mail) + target.encode())

    def read_link(self, segment: str) -> tuple[str, str]:
        """The name of the mail a link belongs to, and its target."""
        payload = self._check("mail's link", segment, None)
        return payload[:MAIL_BYTES].hex(), payload[MAIL_BYTES:].decode()

    def read_former_link(self, segment: str) -> str:
        """The target of a link from before links were bound to their mail."""
        return self._check("link", segment, None).decode()

    def sign_in(self, secret: str) -> str:
        """Sign the studio's one-time link; `secret` is 32 hex digits, worth nothing without our signature."""
        return self._sign("sign-in", SIGN_IN.pack(bytes.fromhex(secret)))

    def read_sign_in(self, token: str) -> str:
        (secret,) = SIGN_IN.unpack(self._check("sign-in", token, SIGN_IN.size))
        return bytes(secret).hex()

    def _sign(self, purpose: Purpose, payload: bytes) -> str:
        return urlsafe_b64encode(payload + _mac(self._begun[purpose][0], payload)).rstrip(b"=").decode()

    def _check(self, purpose: Purpose, token: str, size: int | None) -> bytes:
        try:
            data = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (ValueError, UnicodeError) as problem:
            raise BadToken from problem
        payload, mac = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
        # base64 has several spellings of the same bytes; only ours counts.
        if urlsafe_b64encode(data).rstrip(b"=").decode() != token or (size is not None and len(payload) != size):
            raise BadToken
        if not any(compare_digest(mac, _mac(begun, payload)) for begun in self._begun[purpose]):
            raise BadToken
        return payload


def _begin(key: bytes, purpose: Purpose) -> blake2b:
    return blake2b(key=key, person=purpose.encode(), digest_size=SIGNATURE_BYTES)


def _mac(begun: blake2b, payload: bytes) -> bytes:
    mac = begun.copy()
    mac.update(payload)
    return mac.digest()
