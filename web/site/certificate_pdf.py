"""A certificate as a PDF: one landscape A4 page that one would print."""

from datetime import datetime

import segno
from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue

from course.certificates.letters import FALLBACKS, FONTS, SERIF, composed, settable, signs_of
from course.certificates.statement import Statement
from course.content.colour import palette
from course.language.words import Words

Ink = tuple[int, int, int]
INK, QUIET, LINE = (29, 35, 48), (91, 100, 116), (205, 197, 184)
WIDTH, HEIGHT, MARGIN = 297, 210, 30
QR_SIZE = 24
LEADING = 0.45  # millimetres between lines for each point of size


def printed(statement: Statement, words: Words, issued_at: datetime, accent: str = "") -> bytes:
    """Return the certificate as the bytes of a PDF, always the same for the same certificate. `accent` is its
    course's colour."""
    red, green, blue = bytes.fromhex(palette(accent).light.accent[1:])
    tone = red, green, blue
    pdf = FPDF(orientation="landscape", format="A4")
    pdf.set_margin(0)
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(issued_at)
    pdf.set_title(words.gettext("Certificate of completion: %(course)s", course=statement.title))
    pdf.set_author(statement.issuer)
    pdf.set_lang(words.language)
    pdf.add_page()
    _frame(pdf, tone)
    name = settable(statement.name)
    _fonts(pdf, composed(name + statement.title + statement.issuer))
    _line(pdf, 42, 16, tone, words.gettext("Certificate of completion"))
    _line(pdf, 65, 40 if name else 22, INK, name or words.gettext("The holder named at the address below"))
    _line(pdf, 95, 14, QUIET, statement.claim)
    _line(pdf, 107, 24, INK, settable(statement.title) or words.gettext("named at the address below"))
    _line(pdf, pdf.get_y() + 5, 12, QUIET, statement.effort)
    _foot(pdf, statement, words)
    return bytes(pdf.output())


def _fonts(pdf: FPDF, text: str) -> None:
    pdf.add_font(SERIF, fname=FONTS / f"{SERIF}.ttf")
    # Reading a large font takes longer than all the rest.
    needed = [font for font in FALLBACKS if any(_belongs(sign, font) for sign in text)]
    for font in needed:
        pdf.add_font(font, fname=FONTS / f"{font}.ttf")
    pdf.set_fallback_fonts(needed)
    pdf.set_font(SERIF)
    pdf.set_text_shaping(True)  # joins Arabic letters, and sets Hebrew from the right


def _belongs(sign: str, font: str) -> bool:
    return ord(sign) not in signs_of(SERIF) and ord(sign) in signs_of(font)


def _frame(pdf: FPDF, colour: Ink) -> None:
    pdf.set_draw_color(*colour)
    pdf.set_line_width(0.35)
    pdf.rect(12, 12, WIDTH - 24, HEIGHT - 24)
    pdf.set_line_width(0.1)
    pdf.rect(13.6, 13.6, WIDTH - 27.2, HEIGHT - 27.2)
    pdf.set_line_width(0.5)
    pdf.line(WIDTH / 2 - 9, 54, WIDTH / 2 + 9, 54)


def _line(pdf: FPDF, top: float, size: float, colour: Ink, text: str) -> None:
    """Centred, and made smaller until it takes two lines at most."""
    pdf.set_text_color(*colour)
    for points in range(int(size), 9, -1):
        pdf.set_font(SERIF, size=points)
        if _lines(pdf, points, text) <= (1 if points > size * 0.7 else 2):
            break
    pdf.set_xy(MARGIN, top)
    pdf.multi_cell(WIDTH - 2 * MARGIN, points * LEADING, text, align=Align.C)


def _lines(pdf: FPDF, points: int, text: str) -> int:
    width, lines = WIDTH - 2 * MARGIN, MethodReturnValue.LINES
    laid = pdf.multi_cell(width, points * LEADING, text, dry_run=True, output=lines)
    return len(laid) if isinstance(laid, list) else 1


def _foot(pdf: FPDF, statement: Statement, words: Words) -> None:
    top = HEIGHT - 12 - QR_SIZE - 12
    pdf.set_draw_color(*LINE)
    pdf.set_line_width(0.2)
    pdf.line(MARGIN, top - 6, WIDTH - MARGIN, top - 6)
    pdf.set_font(SERIF, size=9)
    serial = words.gettext("Serial %(serial)s", serial=statement.serial)
    columns = (
        (0, 54, words.gettext("Course taken"), statement.taken),
        (58, 38, words.gettext("Issued by"), settable(statement.issuer) or statement.url),
        (98, 108, words.gettext("To check it"), f"{statement.url}\n{serial}"),
    )
    for left, width, label, text in columns:
        pdf.set_xy(MARGIN + left, top)
        pdf.set_text_color(*QUIET)
        pdf.multi_cell(width, 5, label, align=Align.L)
        pdf.set_xy(MARGIN + left, top + 6)
        pdf.set_text_color(*INK)
        pdf.multi_cell(width, 5, text, align=Align.L)
    _square(pdf, WIDTH - MARGIN - QR_SIZE, top - 1, statement.url)


def _square(pdf: FPDF, left: float, top: float, url: str) -> None:
    """The QR code, drawn as squares: sharp at any size."""
    code = segno.make(url, error="m", micro=False)
    side = QR_SIZE / code.symbol_size(border=0)[0]
    pdf.set_fill_color(*INK)
    for row, signs in enumerate(code.matrix):
        for column, dark in enumerate(signs):
            if dark:
                # A little wider than a module, so that no hairlines show between two.
                pdf.rect(left + column * side, top + row * side, side * 1.02, side * 1.02, style="F")
    pdf.link(left, top, QR_SIZE, QR_SIZE, url)
