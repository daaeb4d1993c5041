"""A file from elsewhere becomes a course: its lessons, its pictures, and what could not be kept."""

import struct
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.errors import Refused
from course.incoming.whole import Incoming, incoming_file, incoming_folder
from course.lint import lint
from course.lint.draft import MediaFile, draft_of
from tests.support.author.word_files import PNG, WORD, packed, paragraph, picture, word_file

ID = "0123456789abcdef0123456789abcdef"
MORE = {
    "word/footnotes.xml": f'<w:footnotes {WORD}><w:footnote w:id="2">{paragraph("The note.", "footnotetext")}'
    "</w:footnote></w:footnotes>",
    "word/comments.xml": f'<w:comments {WORD}><w:comment w:id="5">{paragraph("Is it?")}</w:comment></w:comments>',
}
RUN = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'


def text_of(incoming: Incoming, path: str) -> str:
    return incoming.files[path].decode().partition("\n---\n\n")[2]


def errors_of(incoming: Incoming) -> list[str]:
    texts = {path: data.decode() for path, data in incoming.files.items() if path.endswith(".md")}
    media = {
        path: MediaFile(len(data), "png") for path, data in incoming.files.items() if path.startswith("media/")
    }
    course = f"---\ntitle: T\n---\n{incoming.landing}\n"
    problems = lint(draft_of("c", {"course.md": course, **texts}, media))
    return [str(problem) for problem in problems if problem.level == "error"]


def test_a_word_file_becomes_a_lesson_for_each_first_heading() -> None:
    data = word_file(
        paragraph("Bread at home", "Title"),
        paragraph("Day 1: Begin", "heading1"),
        paragraph("Take flour &amp; water, 2 * 3, and a_b."),
        paragraph("One", level=0),
        paragraph("Within", level=1),
        paragraph("First", level=0, ordered=True),
        paragraph(picture("rId9", "A loaf")),
        paragraph("Day 2: Bake", "heading1"),
        paragraph("Too deep", "heading3"),
        paragraph(
            '<w:r><w:rPr><w:b/></w:rPr><w:t>Hot</w:t></w:r><w:r><w:t xml:space="preserve"> oven</w:t></w:r>'
        ),
    )
    incoming = incoming_file("Bread.docx", data)
    assert incoming.title == "Bread at home"
    assert list(incoming.files) == ["media/bread-1.png", "1-begin.md", "2-bake.md"]
    assert text_of(incoming, "1-begin.md") == (
        "Take flour & water, 2 \\* 3, and a_b.\n\n- One\n    - Within\n\n1. First\n\n"
        "![A loaf](media/bread-1.png)\n"
    )
    assert text_of(incoming, "2-bake.md") == "## Too deep\n\n**Hot** oven\n"
    assert incoming.files["2-bake.md"].startswith(b'---\ntitle: "Day 2: Bake"\n')
    assert incoming.files["media/bread-1.png"] == PNG
    assert incoming.findings == ()
    assert errors_of(incoming) == []


def test_what_a_word_file_has_and_markdown_has_not_is_said_at_its_line() -> None:
    gone = '<w:del w:id="1"><w:r><w:delText>old words</w:delText></w:r></w:del>'
    changed = gone + '<w:ins w:id="2"><w:r><w:t>new</w:t></w:r></w:ins>'
    box = "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    data = word_file(
        paragraph("Only one", "heading1"),
        paragraph(changed),
        paragraph("<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>" + RUN.format(" is it")),
        paragraph("<w:r><w:object><o:OLEObject/></w:object></w:r>" + RUN.format("A sheet")),
        paragraph(box.format(paragraph("Boxed words")) + RUN.format("Beside")),
        paragraph(
            '<w:r><w:t>Noted</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
            '<w:r><w:commentReference w:id="5"/></w:r>'
        ),
        paragraph(picture("rId8", "Drawn") + RUN.format("Old picture")),
        f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("a")}</w:tc></w:tr>'
        f"<w:tr><w:tc>{paragraph('b')}</w:tc><w:tc>{paragraph('c')}</w:tc></w:tr></w:tbl>",
        more=MORE,
    )
    incoming = incoming_file("one.docx", data)
    (path,) = incoming.files
    lines = incoming.files[path].decode().split("\n")
    said = {(problem.code, lines[problem.line - 1]) for problem in incoming.findings}
    assert said >= {
        ("DL601", "new"),
        ("DL603", "is it"),
        ("DL603", "A sheet"),
        ("DL603", "Beside"),
        ("DL602", "Noted[^1]"),
        ("DL604", "Old picture"),
    }
    assert "“old words”" in str([str(problem.message) for problem in incoming.findings])
    assert "Boxed words" in lines
    assert "[^1]: The note." in lines
    assert "| b | c |" in lines


def test_a_notion_export_becomes_lessons_articles_and_pictures() -> None:
    folder = f"Export/Bread {ID}"
    files: dict[str, bytes | str] = {
        f"Export/Bread {ID}.md": f"# Bread\n\nWelcome all.\n\n[Day 2](Bread%20{ID}/Day%202%20{ID}.md)\n",
        f"{folder}/Day 10 {ID}.md": "# Day 10\n\nTags: x\nDate: May\n\nText\n\n#### Deep\n\n$$\nx\n$$\n\n"
        "[Plan](Plan.csv)\n",
        f"{folder}/Day 2 {ID}.md": "# Day 2\n\n<aside>\n💡 Call\n\nmore\n</aside>\n\n- [ ] do it\n\n"
        f"![Untitled](Day%202%20{ID}/Untitled.png)\n\n[Long](Day%202%20{ID}/Long%20read%20{ID}.md)\n",
        f"{folder}/Day 2 {ID}/Untitled.png": PNG,
        f"{folder}/Day 2 {ID}/Long read {ID}.md": "# Long read\n\nIt is long.\n",
        f"{folder}/Plan.csv": "a,b\n",
    }
    for data in (packed(files), packed({"ExportBlock-Part-1.zip": packed(files)})):
        incoming = incoming_file("Export.zip", data)
        assert (incoming.title, incoming.landing) == ("Bread", "Welcome all.")
        texts, media = (
            {"1-day-2.md", "2-day-10.md", "articles/long-read.md"},
            {"media/untitled.png", "media/plan.csv"},
        )
        assert set(incoming.files) == texts | media
        assert text_of(incoming, "1-day-2.md") == (
            "> 💡 Call\n>\n> more\n\n- [ ] do it\n\n![Untitled](media/untitled.png)\n\n"
            "[Long](articles/long-read.md)\n"
        )
        assert text_of(incoming, "2-day-10.md") == "Text\n\n## Deep\n\n[Plan](media/plan.csv)\n"
        assert [problem.code for problem in incoming.findings] == ["DL603"]
        assert errors_of(incoming) == []


def test_a_page_that_google_docs_saved_brings_its_pictures_and_its_bold() -> None:
    html = (
        '<html><head><style type="text/css">.c1{color:#000;font-weight:700}.c2{font-weight:400}</style></head>'
        '<body class="c9"><h1 class="c3"><span class="c1">Begin</span></h1><p class="c4"><span class="c2">Take a '
        '</span><span class="c1">hot</span><span class="c2"> oven.</span></p><p><span style="width: 9px"><img'
        ' alt="A loaf" src="images/image 1.png" style="width: 9px"></span></p></body></html>'
    )
    incoming = incoming_file("Bread.zip", packed({"Bread.html": html, "images/image 1.png": PNG}))
    assert set(incoming.files) == {"1-begin.md", "media/image-1.png"}
    assert text_of(incoming, "1-begin.md") == "Take a **hot** oven.\n\n![A loaf](media/image-1.png)\n"
    assert incoming.findings == ()


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("# One\n\nA\n\n# Two\n\nB\n", ["1-one.md", "2-two.md"]),
        ("# The course\n\n## Day 1\n\nA\n\n## Day 2: Rest\n\nB\n", ["1-day-1.md", "2-rest.md"]),
        ("# The course\n\n**Tag 1 – Anfang**\n\nA\n\n**Tag 2**\n\nB\n", ["1-anfang.md", "2-tag-2.md"]),
        ("# Alone\n\n## Part\n\nA\n", ["1-alone.md"]),
        ("No heading at all\n", ["1-text.md"]),
        ("# Same\n\nA\n\n# Same\n\nB\n", ["1-same.md", "2-same-2.md"]),
        ("```\n# no heading\n# none\n```\n", ["1-text.md"]),
        ("---\nlayout: post\ntitle: From Jekyll\n---\nText\n", ["1-from-jekyll.md"]),
        ("# 急救\n\nText\n", ["1-lesson-1.md"]),
    ],
)
def test_a_text_is_split_where_its_lessons_begin(text: str, paths: list[str]) -> None:
    incoming = incoming_file("text.md", text.encode())
    assert list(incoming.files) == paths
    assert errors_of(incoming) == []


BAD: Mapping[str, tuple[str, bytes]] = {
    "an old Word file": ("a.doc", b"\xd0\xcf\x11\xe0"),
    "not zipped": ("a.docx", b"text"),
    "half of it": ("a.docx", word_file(paragraph("x"))[:900]),
    "not a Word file": ("a.docx", packed({"x.txt": "x"})),
    "no Markdown": ("a.zip", packed({"x.png": PNG})),
    "entities": (
        "a.docx",
        word_file(more={"word/document.xml": f"<!DOCTYPE x [<!ENTITY a 'b'>]><w:document {WORD}/>"}),
    ),
    "broken XML": ("a.docx", word_file(more={"word/document.xml": f"<w:document {WORD}><w:body>"})),
    "nested deep": ("a.docx", word_file("<w:smartTag>" * 3000 + "</w:smartTag>" * 3000)),
    "much of nothing": ("a.zip", packed({f"{number}.md": bytes(50_000_000) for number in range(9)})),
    "a big text": ("a.docx", word_file(more={"word/document.xml": bytes(21_000_000)})),
    "not UTF-8": ("a.md", b"\xff\xff\xff"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_refused_in_words(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        incoming_file(*BAD[name])
    assert str(refusal.value).endswith(".")


def test_a_size_that_is_a_lie_is_found_out() -> None:
    data = bytearray(packed({"a.md": b"x" * 100_000}))
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(Refused):
        incoming_file("a.zip", bytes(data))


def test_a_folder_is_read_as_its_export_is() -> None:
    incoming = incoming_folder(
        {"b.md": b"# Two\n\nB\n", "a.md": b"# One\n\n[two](b.md) [gone](c.md) ![p](p.png)\n"}
    )
    assert list(incoming.files) == ["1-one.md", "2-two.md"]
    assert text_of(incoming, "1-one.md") == "two gone\n"
    assert [problem.code for problem in incoming.findings] == ["DL604", "DL604"]


@settings(max_examples=120)
@given(st.sampled_from(["a.docx", "a.zip", "a.md", "a.html"]), st.binary(max_size=300), st.integers(0, 2000))
def test_whatever_a_file_holds_it_is_read_or_refused(name: str, junk: bytes, at: int) -> None:
    whole = word_file(paragraph("One", "heading1"), paragraph("Two", level=0), more=MORE)
    for data in (junk, whole[:at] + junk[:3] + whole[at + 3 :]):
        try:
            incoming = incoming_file(name, data)
        except Refused as refusal:
            assert str(refusal)
        else:
            assert incoming.files
