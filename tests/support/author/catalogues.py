"""The texts of code and templates, and the catalogues that translate them. `make words` runs this file."""

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

from tests.support.project import ROOT

CATALOGUES = ROOT / "course/language/catalogues"
KEYWORDS = {**DEFAULT_KEYWORDS, "Phrase": None}
TEMPLATE_OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true"}


@cache
def texts() -> Catalog:
    """Every text that is said through gettext, without a translation; as the files are when first asked for."""
    found = Catalog()
    for method, path in _sources():
        options = TEMPLATE_OPTIONS if method == "jinja2" else {}
        for _, message, comments, _ in extract_from_file(
            method, path, KEYWORDS, ("translators:",), options, strip_comment_tags=True
        ):
            found.add(message, auto_comments=comments)
    return found


def _sources() -> Iterable[tuple[str, Path]]:
    for room in ("course", "mailer", "web"):
        yield from (("python", path) for path in (ROOT / room).rglob("*.py"))
    for room in ("mailer", "web"):
        yield from (("jinja2", path) for path in (ROOT / room / "templates").rglob("*.*") if path.suffix != ".css")


def paths() -> list[Path]:
    return sorted(CATALOGUES.glob("*.po"))


def read(path: Path) -> Catalog:
    return read_po(BytesIO(path.read_bytes()), path.stem)


def renewed(path: Path) -> str:
    """The file with all texts of today and no others, in order; what is new has no translation yet."""
    catalogue, header = read(path), path.read_text().partition("\n\n")[0]
    catalogue.update(texts(), no_fuzzy_matching=True)
    written = BytesIO()
    write_po(written, catalogue, 110, omit_header=True, sort_output=True, ignore_obsolete=True)
    return f"{header}\n\n{written.getvalue().decode()}"


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts that lack a translation, or one of its plural forms."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and not (message.string and all(message.string))
    ]


if __name__ == "__main__":
    for path in paths():
        path.write_text(renewed(path))
        missing = untranslated(read(path))
        print(f"{path.relative_to(ROOT)}: {f'{len(missing)} texts to translate' if missing else 'complete'}")
