"""Copies of pictures as JPEG, made when a course is published, for mail programs that show no WebP and no AVIF."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

WIDEST = 1068
"""Pixels: twice what a letter is wide, for screens with fine dots."""

MOST_PIXELS = 36_000_000
QUALITY = 82


def jpeg_of(file: Path) -> bytes | None:
    """Return a picture as JPEG, on white where it is transparent, of a moving one the first frame. The same
    picture gives the same bytes. None for what cannot be read, or has too many pixels to be held in memory."""
    try:
        with Image.open(file) as picture:
            return _jpeg(picture) if picture.width * picture.height <= MOST_PIXELS else None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _jpeg(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((WIDEST, WIDEST * 4))
    clear = upright.convert("RGBA")
    flat = Image.new("RGB", clear.size, "white")
    flat.paste(clear, mask=clear.getchannel("A"))
    made = BytesIO()
    flat.save(made, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return made.getvalue()
