"""Stand-ins: what the layout engine gets for a picture, until it is known how large it is printed.

A JPEG of a few hundred bytes with the picture's size in pixels and its name. So no photo is decoded or copied before
the book is bound, and then each once, at the resolution that the edition needs.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageFile, UnidentifiedImageError

# The formats of files of pixels, by what is in them and not by their names. Nothing else is ever opened as a picture:
# for EPS, Pillow would run what is in the file (Pillow, "Image file formats": EPS is read with Ghostscript).
FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP", "AVIF")
# What files are called that are asked for and are none.
_OTHERS = frozenset((".css", ".svg", ".ttf", ".otf", ".ttc", ".woff", ".woff2"))
# The name of a stand-in, in a comment of the JPEG (ITU-T T.81, B.2.4.5).
_MARK = b"stand-in:"
_COMMENT, _START_OF_FRAME, _START_OF_SCAN = 0xFE, 0xC0, 0xDA
EXIF_ORIENTATION = 0x0112
# Where the picture that takes its place keeps the name, for the preflight's words.
SOURCE_FILE = "/SourceFile"


@contextmanager
def whole_pictures() -> Iterator[None]:
    """A file that breaks off is a fault: WeasyPrint has Pillow tolerate it in the whole process."""
    tolerant = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with _large_pictures():
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = tolerant


def opened(file: Path | BytesIO) -> Image.Image:
    """The picture in `file`, its pixels not yet read. Raises what Pillow raises where it is none of FORMATS."""
    return Image.open(file, formats=FORMATS)


@contextmanager
def _large_pictures() -> Iterator[None]:
    """Large pictures are none that attack, as long as Pillow opens them at all."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        yield


def orientation(picture: Image.Image) -> int:
    """How a camera was held (Exif 2.3, Orientation: 1 to 8); in a PNG it is not looked for behind the pixels."""
    if picture.format != "PNG":
        return int(picture.getexif().get(EXIF_ORIENTATION, 1))
    exif = Image.Exif()
    exif.load(picture.info.get("exif", b""))
    return int(exif.get(EXIF_ORIENTATION, 1))


def most_pixels() -> int:
    """How many pixels a picture may have, in millions."""
    return 2 * (Image.MAX_IMAGE_PIXELS or 0) // 1_000_000


def stand_in(file: Path, name: str) -> bytes | None:
    """A JPEG with the size of the picture in `file`, upright, and its `name`; None where it is no picture of pixels."""
    if file.suffix.lower() in _OTHERS:
        return None
    try:
        with _large_pictures(), opened(file) as picture:
            width, height = picture.size
            if orientation(picture) >= 5:
                width, height = height, width
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    small = BytesIO()
    Image.new("L", (8, 8), 128).save(small, "JPEG")
    jpeg = bytearray(small.getvalue())
    frame = next(at for marker, at in _segments(jpeg) if marker == _START_OF_FRAME)
    jpeg[frame + 5 : frame + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    comment = _MARK + name.encode()
    return bytes(jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:])


def _segments(jpeg: bytes | bytearray) -> Iterator[tuple[int, int]]:
    """The markers before the scan, and where they are."""
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != _START_OF_SCAN:
        yield jpeg[at + 1], at
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")


def has_stand_ins(pdf: bytes) -> bool:
    """Whether there are any in a PDF, which keeps JPEGs as they are."""
    return _MARK in pdf


def standing_for(image: Any) -> str | None:
    """Which picture an image of the PDF stands for."""
    from pikepdf import Name  # where pictures are laid out, nobody needs it

    if image.get(Name.Subtype) != Name.Image or image.get(Name.Filter) != Name.DCTDecode:
        return None
    raw = image.read_raw_bytes()
    for marker, at in _segments(raw):
        if marker == _COMMENT and raw[at + 4 :].startswith(_MARK):
            return bytes(raw[at + 4 + len(_MARK) : at + 2 + int.from_bytes(raw[at + 2 : at + 4], "big")]).decode()
    return None
