"""Under which licences others' packages may be run beside ours (MIT). Pure."""

import re
from collections.abc import Mapping, Sequence

ALLOWED = frozenset(
    {
        *("MIT", "MIT-0", "MIT-CMU", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Unlicense", "Zlib"),
        *("Apache-2.0", "PSF-2.0", "MPL-2.0", "HPND"),
        # Used as libraries, unaltered and replaceable: which is what they ask for.
        *("LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"),
    }
)
"""By their SPDX names (https://spdx.org/licenses/)."""

CLASSIFIED: Mapping[str, str] = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "zlib/libpng License": "Zlib",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
}
"""What packages say that know nothing of SPDX yet, after `License :: OSI Approved :: `."""

OR, AND = re.compile(r"\s+OR\s+", re.I), re.compile(r"\s+AND\s+", re.I)
SPELT: Mapping[str, str] = {"apache license 2.0": "Apache-2.0", "mit license": "MIT", "psfl": "PSF-2.0"}


def licence_of(expression: str, said: str, classifiers: Sequence[str]) -> str:
    """The SPDX expression of a package, by the three fields of its metadata; empty if none of them tells."""
    if expression:
        return expression
    for classifier in classifiers:
        if (name := classifier.rpartition(" :: ")[2]) in CLASSIFIED:
            return CLASSIFIED[name]
    first = said.strip().splitlines()[0].strip() if said.strip() else ""
    return SPELT.get(first.lower(), first if re.fullmatch(r"[A-Za-z0-9.+-]{2,40}", first) else "")


def is_allowed(expression: str) -> bool:
    """One of several that may be chosen is enough (OR); of those that hold together each must do (AND). With
    parentheses, each that is named must do."""
    nested = "(" in expression
    choices = [expression.replace("(", " ").replace(")", " ")] if nested else OR.split(expression)
    names = re.compile(r"\s+(?:AND|OR)\s+", re.I) if nested else AND
    return any(all(name.strip() in ALLOWED for name in names.split(choice)) for choice in choices)
