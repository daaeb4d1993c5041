"""Pasting into the studio's editor in a real browser."""

from playwright.sync_api import Browser, Locator, expect

from tests.browser.test_studio import COURSE, begin_a_lesson, come_in
from tests.support.browser.chromium import fresh_context
from tests.support.browser.served import WIDE, served
from tests.support.world.world import World

DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"><span'
    ' style="font-weight:700;">Steam</span><span style="font-weight:400;"> first</span></p><ul><li><p>Bake</p>'
    "</li></ul><p>x<svg></svg></p></b>"
)
CODE = '<div style="font-family: Menlo, monospace; white-space: pre;"><div>a = 1</div><div># b</div></div>'
TEXT = "---\ntitle: The crust\n---\n\nAbove.\n\nBelow.\n"
PASTE = """(field, [html, plain]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  clipboardData.setData("text/plain", plain);
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  return field.dispatchEvent(event);
}"""


def caret_after(area: Locator, words: str) -> None:
    area.evaluate(
        "(field, words) => { const at = field.value.indexOf(words) + words.length;"
        " field.focus(); field.setSelectionRange(at, at); }",
        words,
    )


def test_a_paste_becomes_markdown_in_one_edit_and_code_stays_as_it_is(studio: World, browser: Browser) -> None:
    with served(studio) as site:
        page = come_in(studio, site, fresh_context(browser, viewport=WIDE))
        begin_a_lesson(page, site)
        area, state = page.get_by_label("Markdown of"), page.locator("#state")
        area.fill(TEXT)
        caret_after(area, "Above.\n\n")
        area.evaluate(PASTE, [DOCS, "Steam first\nBake"])
        expect(area).to_have_value(TEXT.replace("Below.", "**Steam** first\n\n- Bake\n\nx\n\nBelow."))
        expect(state).to_contain_text("Pasted as Markdown. One thing could not be kept. Line 11:")
        area.press("Control+z")
        expect(area).to_have_value(TEXT)

        caret_after(area, "Above.")
        area.evaluate(PASTE, [CODE, "a = 1\n# b"])
        expect(area).to_have_value(TEXT.replace("Above.", "Above.a = 1\n# b"))
        area.press("Control+z")

        caret_after(area, "title: ")
        assert area.evaluate(PASTE, [DOCS, "Steam"]), "in the front matter the browser pastes plain text itself"
        area.press("Control+Shift+v")
        caret_after(area, "Above.")
        assert area.evaluate(PASTE, [DOCS, "Steam"]), "with Shift as well"
        assert page.url.startswith(f"{site}{COURSE}")
