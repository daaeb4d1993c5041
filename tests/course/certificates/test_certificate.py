"""What a certificate and a badge state, and that others can check the badge."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as some
from openbadgeslib.ob3 import OB3VerificationError
from openbadgeslib.ob3.contexts import document_loader
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from pyld import jsonld
from pypdf import PdfReader

from course.certificates.letters import missing_letters, settable
from course.certificates.linked_data import canonical
from course.certificates.proof import key_from, multikey, signed
from course.certificates.statement import Certificate, Issuer, credential, issuer_profile, state
from course.language.catalogues import LANGUAGES, words_in
from course.language.words import ENGLISH, Words
from web.site.certificate_pdf import printed

ISSUED_AT = datetime(2026, 3, 27, 7, 4, tzinfo=UTC)
ISSUER = Issuer("Dayletter", "https://learn.example.org")
KEY = key_from("a-secret-for-tests-of-32-characters")
NAMES = (
    "Ada Lovelace", 'Ada "Countess" \\ Lovelace', "Ștefan Đorđević", "Ольга Ким", "محمد بن سلمان", "שרה כהן",
    "李小龍", "山田 太郎", "김민준", "Ada 😀💌", "<b>Ada</b>", "अमित", "A" * 80,
)  # fmt: skip


def certificate(name: str = "Ada Lovelace", title: str = "Bread at home") -> Certificate:
    return Certificate(
        serial="ABCD-EFGH-JKLM-NPQR",
        name=name,
        course="bread-at-home",
        course_title=title,
        lessons=3,
        minutes=51,
        began_on=date(2026, 3, 23),
        issued_on=date(2026, 3, 27),
        certified_at=ISSUED_AT,
    )


def badge(name: str = "Ada Lovelace", words: Words = ENGLISH) -> dict[str, Any]:
    return signed(credential(certificate(name), ISSUER, words), KEY, ISSUED_AT)


def paper(name: str = "Ada Lovelace", words: Words = ENGLISH, accent: str = "") -> bytes:
    return printed(state(certificate(name), ISSUER, words), words, ISSUED_AT, accent)


def check(signed_badge: dict[str, Any], key: Ed25519PublicKey) -> None:
    """By another implementation. Raises OB3VerificationError."""
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    OB3LdpVerifier(pubkey_pem=pem).verify(signed_badge)


def words_of(pdf: bytes) -> str:
    (page,) = PdfReader(BytesIO(pdf)).pages
    return " ".join(page.extract_text().split())


def drawing_of(pdf: bytes) -> str:
    (page,) = PdfReader(BytesIO(pdf)).pages
    drawing = page.get_contents()
    assert drawing is not None
    return drawing.get_data().decode("latin-1")


def test_a_course_taken_within_a_day_says_that_day_once() -> None:
    statement = state(replace(certificate(), issued_on=certificate().began_on), ISSUER, ENGLISH)
    assert statement.taken.replace("\u00a0", " ") == "on 23 March 2026"


def test_a_certificate_states_who_did_what_when_and_where_to_check_it() -> None:
    statement = state(certificate(), ISSUER, ENGLISH)
    assert statement.effort == "3 lessons, 51 minutes of reading, watching and doing"
    assert " ".join(statement.taken.split()) == "from 23 March 2026 to 27 March 2026"
    assert statement.url == "https://learn.example.org/certificates/ABCD-EFGH-JKLM-NPQR"


def test_a_badge_tells_the_name_and_no_address() -> None:
    subject = badge()["credentialSubject"]
    assert "id" not in subject
    (identity,) = subject["identifier"]
    assert (identity["identityType"], identity["identityHash"]) == ("name", "Ada Lovelace")


@pytest.mark.parametrize("name", NAMES)
def test_another_implementation_accepts_the_badge(name: str) -> None:
    check(badge(name), KEY.public_key())


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_paper_and_badge_speak_the_language_of_the_course(language: str) -> None:
    words = words_in(language)
    statement, made = state(certificate(), ISSUER, words), badge(words=words)
    check(made, KEY.public_key())
    assert made["credentialSubject"]["achievement"]["inLanguage"] == language
    assert statement.effort in made["credentialSubject"]["achievement"]["description"]
    pdf = paper(words=words)
    assert str(PdfReader(BytesIO(pdf)).root_object["/Lang"]) == language
    for said in (statement.claim, statement.effort, statement.taken, words.gettext("Certificate of completion")):
        assert " ".join(said.split()) in words_of(pdf)
        assert language == "en" or said not in words_of(paper())


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_fonts_have_every_sign_of_the_fixed_words(language: str) -> None:
    for said in words_in(language).forms.values():
        assert settable("".join(said).replace("\n", "")) != ""


def test_a_badge_that_was_altered_is_refused() -> None:
    whole = badge()
    subject, (proof,) = whole["credentialSubject"], whole["proof"]
    altered: list[dict[str, Any]] = [
        {**whole, "name": "Physics"},
        {**whole, "validFrom": "2025-03-27T07:04:00Z"},
        {**whole, "id": f"{whole['id']}x"},
        {**whole, "issuer": {**whole["issuer"], "id": "https://elsewhere.example.org"}},
        {**whole, "credentialSubject": {**subject, "achievement": {**subject["achievement"], "name": "Physics"}}},
        {
            **whole,
            "credentialSubject": {**subject, "identifier": [{**subject["identifier"][0], "identityHash": "Bob"}]},
        },
        {**whole, "proof": [{**proof, "created": "2025-03-27T07:04:00Z"}]},
    ]
    for other in altered:
        with pytest.raises(OB3VerificationError):
            check(other, KEY.public_key())


def test_a_badge_of_another_key_is_refused() -> None:
    with pytest.raises(OB3VerificationError):
        check(badge(), key_from("another-secret-of-more-than-32-characters").public_key())


TEXTS = some.text(some.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=40)


@given(TEXTS, TEXTS)
def test_what_is_signed_is_what_a_general_processor_makes_of_it(name: str, title: str) -> None:
    made = credential(certificate(name, title), ISSUER, ENGLISH)
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": document_loader()}
    assert canonical(made) == jsonld.normalize(made, options)


def test_a_term_that_would_go_unsigned_is_an_error() -> None:
    with pytest.raises(KeyError):
        canonical({**credential(certificate(), ISSUER, ENGLISH), "nonsense": "x"})


def test_the_issuers_profile_names_each_key_as_the_badges_do() -> None:
    keys = [multikey(key_from(secret).public_key()) for secret in ("old", "new")]
    profile = issuer_profile(ISSUER, keys)
    (proof,) = signed(credential(certificate(), ISSUER, ENGLISH), key_from("old"), ISSUED_AT)["proof"]
    assert proof["verificationMethod"] == profile["assertionMethod"][0]
    assert [method["controller"] for method in profile["verificationMethod"]] == [profile["id"]] * 2


def test_the_pdf_is_one_landscape_page_with_every_statement() -> None:
    statement = state(certificate(), ISSUER, ENGLISH)
    pdf = paper()
    (page,) = PdfReader(BytesIO(pdf)).pages
    assert page.mediabox.width > page.mediabox.height
    text = words_of(pdf)
    for words in (statement.name, statement.claim, statement.title, statement.effort, statement.serial):
        assert words in text
    assert len(pdf) < 100_000


def test_the_pdf_has_the_course_s_colour_or_the_house_s() -> None:
    green, world = "0.1804 0.4196 0.3098", "0.7059 0.2627 0.1216"
    assert green in drawing_of(paper(accent="#2e6b4f"))
    assert world not in drawing_of(paper(accent="#2e6b4f"))
    assert world in drawing_of(paper())


def test_the_pdf_is_the_same_each_time() -> None:
    assert paper("محمد 李小龍") == paper("محمد 李小龍")


@pytest.mark.parametrize("name", ["Ольга Ким", "Ștefan Đorđević", "李小龍", "山田 太郎", "김민준"])
def test_a_name_is_printed_in_its_own_letters(name: str) -> None:
    assert name in words_of(paper(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_name_gives_a_pdf(name: str) -> None:
    assert paper(name).startswith(b"%PDF")


def test_of_a_name_with_a_letter_we_cannot_set_no_part_is_printed() -> None:
    assert settable("Ada བོད") == ""
    assert missing_letters("Ada 𠀀བོད𠀀") == "𠀀བོད"
    assert "holder named at the address below" in words_of(paper("𠀀"))


SET = [
    ("한국어", "한국어"),
    ("ｱﾝﾄﾞｳ", "アンドウ"),
    ("Ａｄａ", "Ada"),
    ("e\u0301te\u0301", "été"),
    ("ภาษาไทย", "ภาษาไทย"),
    ("अमित क्‍ष", "अमित क्‍ष"),
    ("می‌خواهم", "می‌خواهم"),
]


@pytest.mark.parametrize(("name", "shown"), SET, ids=[ascii(case[0]) for case in SET])
def test_a_name_in_any_form_of_its_script_is_set_whole(name: str, shown: str) -> None:
    assert missing_letters(name) == ""
    assert settable(name) == shown
    (page,) = PdfReader(BytesIO(paper(name))).pages
    assert "holder named at the address below" not in page.extract_text()


def test_emoji_are_left_out_of_print() -> None:
    assert settable("Ada 🏆 Lovelace 💌") == "Ada Lovelace"
