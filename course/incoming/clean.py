"""A page of HTML with nothing left in it that Markdown cannot say; what went is marked where it stood."""

import re
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup, Tag

from course.content.markup.addresses import is_safe
from course.incoming.footnotes import footnotes_to_tags
from course.incoming.html_source import present
from course.incoming.lists import lists_to_lists
from course.incoming.losses import BACKSLASH, EMBEDDED, EQUATION, FRAME, MERGED, Losses
from course.incoming.styles import HEADINGS, classes_to_styles, join_words, style_of, styles_to_tags

SILENT = ("head", "style", "script", "meta", "link", "title", "template", "noscript", "xml", "colgroup", "wbr")
FRAMES = ("iframe", "form", "button", "select", "textarea", "video", "audio")
EMBEDS = ("object", "embed", "canvas", "svg", "v:shape", "o:oleobject")
AT_START = re.compile(
    r"^(\s*|\s*\d{3,9}(?=[.)]\s))(#{1,6}(?=\s)|>|={3,}\s*$|-{3,}\s*$|\+(?=\s)|(?<=\d)[.)](?=\s))"
)
NO_BREAK = re.compile(r"[ \u00a0\u202f]*\u00a0[ \u00a0\u202f]*")
COMMENT_PARTS = re.compile(r"mso-element\s*:\s*comment-list|mso-special-character\s*:\s*comment", flags=re.I)
BLOCKS = ("p", "div", "ul", "ol", "table", "pre", "blockquote", *HEADINGS)


def clean(soup: BeautifulSoup, losses: Losses) -> None:
    """Changes the page in place."""
    classes_to_styles(soup)
    for tag in present(soup.find_all(SILENT)):
        tag.decompose()
    _comments(soup, losses)
    _changes(soup, losses)
    for names, what in ((FRAMES, FRAME), (EMBEDS, EMBEDDED), (("math", "m:omath", "m:omathpara"), EQUATION)):
        for tag in present(soup.find_all(names)):
            if not tag.decomposed:
                tag.replace_with(losses.cannot_be_kept(what))
    _titles(soup)
    footnotes_to_tags(soup)
    lists_to_lists(soup)
    styles_to_tags(soup)
    _links(soup, losses)
    _pictures(soup, losses)
    _tables(soup, losses)
    for tag in present(soup.find_all(["p", *HEADINGS, "strong", "em", "li"])):
        if not tag.get_text(strip=True) and not tag.find(["img", "hr", "ul", "ol", "fnref"]):
            tag.decompose()
    _words(soup)


def _words(soup: BeautifulSoup) -> None:
    """No space that is not plain, and no beginning of a line that would be read as a sign."""
    for words in soup.find_all(string=True):
        if not any(parent.name in ("pre", "code") for parent in words.parents):
            plain = NO_BREAK.sub(" ", words)
            before = words.previous_sibling
            if before is None or (isinstance(before, Tag) and before.name == "br"):
                plain = AT_START.sub(rf"\1{BACKSLASH}\2", plain)
            if plain != words:
                words.replace_with(plain)


def _comments(soup: BeautifulSoup, losses: Losses) -> None:
    for tag in present(soup.find_all(["div", "span", "a"])):
        if tag.decomposed:
            continue
        classes = " ".join(tag.get("class") or [])
        if COMMENT_PARTS.search(style_of(tag)) or "msocom" in f"{tag.get('id')}{tag.get('href')}{classes}".lower():
            words = re.sub(r"\[\w+\]", "", tag.get_text(" ", strip=True)).strip()
            tag.replace_with(losses.comment(words) if words else "")


def _changes(soup: BeautifulSoup, losses: Losses) -> None:
    """Changes that Word keeps for somebody to agree to; a plain `del` is only struck."""
    for tag in present(soup.find_all(["del", "ins"])):
        if not tag.decomposed and (tag.has_attr("cite") or tag.has_attr("datetime")):
            if tag.name == "del":
                tag.replace_with(losses.deleted(tag.get_text()))
            else:
                tag.insert(0, losses.inserted())


def _titles(soup: BeautifulSoup) -> None:
    for paragraph in present(soup.find_all("p", class_=re.compile("^MsoTitle"))):
        paragraph.name = "h1"
    for paragraph in present(soup.find_all(["p", "div"], attrs={"role": "heading"})):
        level = str(paragraph.get("aria-level") or "2")
        paragraph.name = f"h{level}" if level in "123456" else "h2"
    for summary in present(soup.find_all("summary")):
        summary.name = "p"
        summary.attrs = {}
        words = summary.wrap(soup.new_tag("p"))
        summary.name = "strong"
        words.attrs = {}
    for aside in present(soup.find_all(["aside", "details"])):
        aside.name = "blockquote" if aside.name == "aside" else "div"


def _links(soup: BeautifulSoup, losses: Losses) -> None:
    for tag in present(soup.find_all("a")):
        address = true_address(str(tag.get("href") or ""))
        if not address or not is_safe(address) or address.startswith(("#", "about:", "file:")):
            tag.unwrap()
        elif not tag.get_text(strip=True) and not tag.find("img"):
            tag.decompose()
        elif ":" not in address and not address.startswith(("media/", "articles/")):
            tag.insert_after(losses.file(address))
            tag.unwrap()
        else:
            tag.attrs = {"href": address.replace(" ", "%20").replace("(", "%28").replace(")", "%29")}
    join_words(soup)


def true_address(address: str) -> str:
    """Where a link leads that goes by way of Google, Facebook or Outlook."""
    parts = (
        urlsplit(address) if address.startswith("http") and len(address) < 4000 and "[" not in address else None
    )
    if parts is None:
        return address
    host, fields = parts.netloc.lower(), parse_qs(parts.query)
    if host in ("www.google.com", "google.com") and parts.path == "/url":
        return (fields.get("q") or fields.get("url") or [address])[0]
    if host.endswith("safelinks.protection.outlook.com"):
        return (fields.get("url") or [address])[0]
    return (fields.get("u") or [address])[0] if host == "l.facebook.com" else address


def _pictures(soup: BeautifulSoup, losses: Losses) -> None:
    """Only what is at an address of the web, or was laid into `media/`, can be shown."""
    for img in present(soup.find_all("img")):
        source, words = str(img.get("src") or ""), str(img.get("alt") or "").replace("\n", " ").strip()
        if source.startswith("media/") or (
            source.startswith("https://") and "googleusercontent.com" not in source
        ):
            img.attrs = {"src": source.replace(" ", "%20"), "alt": words.replace("[", "(").replace("]", ")")}
        elif str(img.get("width")) == "1" or str(img.get("height")) == "1":
            img.decompose()
        else:
            img.replace_with(losses.picture(words or _file_name(source)))


def _file_name(source: str) -> str:
    return "" if source.startswith(("data:", "blob:")) else source.split("?")[0].rsplit("/", 1)[-1]


def _tables(soup: BeautifulSoup, losses: Losses) -> None:
    for table in present(soup.find_all("table")):
        cells = table.find_all(["td", "th"])
        if len(cells) == 1 or table.find_parent("table"):
            for part in [*table.find_all(["tbody", "thead", "tfoot", "tr", "td", "th"]), table]:
                part.name = "div"
            continue
        merged = [cell for cell in cells if _span(cell, "colspan") > 1 or _span(cell, "rowspan") > 1]
        if merged:
            table.insert_before(losses.cannot_be_kept(MERGED))
            _unmerge(soup, table)
        for cell in cells:
            for item in cell.find_all("li"):
                item.insert(0, "• ")
                item.name = "p"
            for part in cell.find_all(["ul", "ol"]):
                part.unwrap()


def _unmerge(soup: BeautifulSoup, table: Tag) -> None:
    below: dict[int, int] = {}
    for row in table.find_all("tr"):
        column, taken = 0, dict(below)
        for cell in row.find_all(["td", "th"], recursive=False):
            while taken.get(column, 0) > 0:
                below[column] -= 1
                cell.insert_before(soup.new_tag("td"))
                column += 1
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for more in range(wide):
                below[column + more] = high - 1
                if more:
                    cell.insert_after(soup.new_tag("td"))
            cell.attrs = {}
            column += wide
        while taken.get(column, 0) > 0:
            below[column] -= 1
            row.append(soup.new_tag("td"))
            column += 1


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1")
    return max(1, min(int(value), 50)) if value.isdecimal() and len(value) < 4 else 1
