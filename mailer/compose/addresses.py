"""The addresses of web pages in a mail, counted as filters count them."""

import re
from html import unescape

IN_TEXT = re.compile(r"https?://[^\s<>()\[\]]+")
IN_HTML = re.compile(r"""<a\s[^>]*?href=["'](https?://[^"']+)""", re.IGNORECASE)
OF_PICTURES = re.compile(r"""<img\s[^>]*?src=["'](https?://[^"']+)""", re.IGNORECASE)


def has_odd_number(text: str, html: str) -> bool:
    """Whether the two parts hold an odd number of addresses, as no mail does that says the same twice.

    So thinks rspamd (`URI_COUNT_ODD`). It counts all of the text part, the pictures, and of the links in the HTML
    part those that are also in the text part: the others are without a mark of its own until version 3.14.
    """
    written, pictures = IN_TEXT.findall(text), list(map(unescape, OF_PICTURES.findall(html)))
    known = {*written, *pictures}
    linked = [link for link in map(unescape, IN_HTML.findall(html)) if link in known]
    return (len(written) + len(pictures) + len(linked)) % 2 == 1
