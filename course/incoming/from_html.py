"""HTML of any origin to our Markdown."""

import re
from dataclasses import dataclass

from bs4 import Tag
from markdownify import ATX, MarkdownConverter

from course.content.problems import Problem
from course.incoming.clean import clean
from course.incoming.html_source import read_html
from course.incoming.losses import BACKSLASH, Losses, placed, without_marks
from course.incoming.tidy import tidied

SPECIAL = re.compile(
    r"(?<!\w)_|_(?!\w)|[*`]|\\(?=[!-/:-@\[-`{-~])|<(?=[a-zA-Z/!?])|~~|\](?=[(\[:])|&(?=#?\w{1,30};)|\^(?=\w+\])"
)
RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
LANGUAGE = re.compile(r"(?:language|lang|brush|highlight)[-:]\s*([\w+#-]+)", flags=re.I)


@dataclass(frozen=True, slots=True)
class Converted:
    """`findings` say what could not be kept, and at which line of the Markdown it stood."""

    markdown: str
    findings: tuple[Problem, ...]


def markdown_of(html: str, path: str = "") -> Converted:
    """Convert a page or a piece of one. Raises Refused for what is too big."""
    losses = Losses()
    return Converted(*placed(path, marked_markdown(without_marks(html), losses), losses.found))


def marked_markdown(html: str, losses: Losses) -> str:
    """The Markdown with marks where something was lost, for `placed`. The page may have marks already."""
    soup = read_html(html, losses)
    clean(soup, losses)
    converter = _Ours(heading_style=ATX, bullets="-", table_infer_header=True)
    return tidied(converter.convert_soup(soup).replace(BACKSLASH, "\\"))


class _Ours(MarkdownConverter):
    """The Markdown that our own files have."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        text = SPECIAL.sub(lambda found: "&amp;" if found[0] == "&" else f"\\{found[0]}", text)
        return text.replace("|", "\\|") if parent_tags & {"td", "th"} else text

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        text = text.strip()
        parent = el.parent
        ordered = parent is not None and parent.name == "ol"
        sign = "1. " if ordered else "- "
        if ordered and parent is not None:
            number = int(str(parent.get("data-next") or _start(parent)))
            sign, parent["data-next"] = f"{number}. ", str(number + 1)
        if el.has_attr("data-box"):
            sign = f"- [{el['data-box']}] "
        lines = text.split("\n")
        rest = [f"    {line}" if line.strip() else "" for line in lines[1:]]
        # An item of several blocks has an empty line after it too: without one the next would belong to it.
        end = "\n\n" if "" in lines else "\n"
        return "\n".join([f"{sign}{lines[0]}".rstrip(), *rest]) + end if text else "\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        code = el.get_text().strip("\n")
        if not code.strip():
            return ""
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", code)), 3)
        return f"\n\n{fence}{_language(el)}\n{code}\n{fence}\n\n"

    def convert_fnref(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"[^{el['n']}]"

    def convert_fnote(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n[^{el['n']}]: {' '.join(text.split())}\n\n"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f" {' '.join(text.split())} |"

    convert_th = convert_td

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _small(text, RAISED)

    def convert_sub(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _small(text, LOWERED)

    def convert_q(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"“{text}”"

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"


def _small(text: str, letters: dict[int, int]) -> str:
    """`x²` and `H₂O`, since `x2` would be something else; words such as the `st` of `1st` stay as they are."""
    return text.translate(letters) if text.strip() and all(ord(sign) in letters for sign in text.strip()) else text


def _start(ordered: Tag) -> int:
    start = str(ordered.get("start") or "1")
    return int(start) if start.isdecimal() and len(start) < 7 else 1


def _language(pre: Tag) -> str:
    for tag in (pre, *pre.find_all("code")):
        found = LANGUAGE.search(f"{' '.join(tag.get('class') or [])} lang-{tag.get('data-language') or ''}")
        if found:
            return found[1].lower()
    return ""
