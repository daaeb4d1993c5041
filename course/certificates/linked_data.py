"""A badge as canonical N-Quads (RDF Dataset Canonicalization 1.0), which is what its signature covers.

A general JSON-LD processor would bring four packages and the contexts' files along. A badge has few terms and a
shape that is ours, so they stand here as its contexts define them; the tests compare with a general processor.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

SECURITY = "https://w3id.org/security#"
CREDENTIALS = "https://www.w3.org/2018/credentials#"
BADGES = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
SCHEMA = "https://schema.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

TEXT, REFERENCE, WORD = "text", "reference", "word"
TERMS = {
    "name": (f"{SCHEMA}name", TEXT),
    "description": (f"{SCHEMA}description", TEXT),
    # The context of Open Badges writes these two datatypes with https, unlike everybody else.
    "url": (f"{SCHEMA}url", "https://www.w3.org/2001/XMLSchema#anyURI"),
    "hashed": (f"{BADGES}hashed", "https://www.w3.org/2001/XMLSchema#boolean"),
    "issuer": (f"{CREDENTIALS}issuer", REFERENCE),
    "validFrom": (f"{CREDENTIALS}validFrom", f"{XSD}dateTime"),
    "credentialSubject": (f"{CREDENTIALS}credentialSubject", REFERENCE),
    "identifier": (f"{BADGES}identifier", REFERENCE),
    "identityHash": (f"{BADGES}identityHash", TEXT),
    "identityType": (f"{BADGES}identityType", TEXT),
    "achievement": (f"{BADGES}achievement", REFERENCE),
    "achievementType": (f"{BADGES}achievementType", TEXT),
    "criteria": (f"{BADGES}Criteria", REFERENCE),
    "inLanguage": (f"{SCHEMA}inLanguage", TEXT),
    "narrative": (f"{BADGES}narrative", TEXT),
    "created": ("http://purl.org/dc/terms/created", f"{XSD}dateTime"),
    "cryptosuite": (f"{SECURITY}cryptosuite", f"{SECURITY}cryptosuiteString"),
    "proofPurpose": (f"{SECURITY}proofPurpose", WORD),
    "verificationMethod": (f"{SECURITY}verificationMethod", REFERENCE),
}
TYPES = {
    "VerifiableCredential": CREDENTIALS,
    "DataIntegrityProof": SECURITY,
    **dict.fromkeys(
        ("OpenBadgeCredential", "Profile", "AchievementSubject", "IdentityObject", "Achievement"), BADGES
    ),
}

Quad = tuple[str, str, str]


def canonical(document: Mapping[str, Any]) -> str:
    """Raises KeyError for a term that is not known here: what is not in the quads would go unsigned."""
    quads = list(_quads(document, _node(document, "_:root")))
    blanks = {end for start, _, other in quads for end in (start, other) if end.startswith("_:")}
    # Enough as long as no two nameless nodes say the same, which a badge's do not.
    order = sorted(blanks, key=lambda blank: _fingerprint(blank, quads))
    labels = {blank: f"_:c14n{number}" for number, blank in enumerate(order)}
    return _lines((labels.get(start, start), term, labels.get(other, other)) for start, term, other in quads)


def _quads(node: Mapping[str, Any], me: str) -> Iterator[Quad]:
    for term, values in node.items():
        if term in ("@context", "id"):
            continue
        for value in values if isinstance(values, list) else [values]:
            if term == "type":
                yield me, TYPE, f"<{TYPES[value]}{value}>"
                continue
            predicate, kind = TERMS[term]
            there = _node(value, f"_:{me}/{term}") if isinstance(value, dict) else _object(value, kind)
            yield me, f"<{predicate}>", there
            if isinstance(value, dict):
                yield from _quads(value, there)


def _node(node: Mapping[str, Any], place: str) -> str:
    return f"<{node['id']}>" if "id" in node else place


def _object(value: str | bool, kind: str) -> str:
    text = str(value).lower() if isinstance(value, bool) else value
    match kind:
        case "reference":
            return f"<{text}>"
        case "word":
            return f"<{SECURITY}{text}>"
        case "text":
            return _literal(text)
        case datatype:
            return f"{_literal(text)}^^<{datatype}>"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _fingerprint(blank: str, quads: list[Quad]) -> str:
    def seen(end: str) -> str:
        return end if not end.startswith("_:") else "_:a" if end == blank else "_:z"

    mine = ((seen(start), term, seen(other)) for start, term, other in quads if blank in (start, other))
    return sha256(_lines(mine).encode()).hexdigest()


def _lines(quads: Iterator[Quad]) -> str:
    return "".join(sorted(f"{start} {term} {other} .\n" for start, term, other in quads))
