"""GitHub's notes in quotes, `> [!NOTE]`, by what stands above their words."""

import re

from course.content.markup.nodes import Node

MARK = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*$", flags=re.I)
NAMES = {
    "en": ("Note", "Tip", "Important", "Warning", "Caution"),
    "de": ("Hinweis", "Tipp", "Wichtig", "Warnung", "Vorsicht"),
    "es": ("Nota", "Consejo", "Importante", "Advertencia", "Cuidado"),
    "fr": ("Remarque", "Astuce", "Important", "Avertissement", "Attention"),
    "pt": ("Nota", "Dica", "Importante", "Aviso", "Cuidado"),
}
KINDS = ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")


def name_of(quote: Node, language: str) -> str:
    """What the quote is called in that language, or in English; empty if it is a quote and no more."""
    first = quote.children[0] if quote.children else quote
    found = MARK.match(first.lines[0]) if first.kind == "paragraph" else None
    if found is None:
        return ""
    names = NAMES.get(language.partition("-")[0].lower(), NAMES["en"])
    return names[KINDS.index(found[1].upper())]
