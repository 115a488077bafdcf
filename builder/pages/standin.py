"""Stand-ins: what the layout engine gets for a picture, until it is known how large it is printed.

A JPEG of a few hundred bytes with the picture's size in pixels and its name. So no photo is decoded or copied before
the book is bound, and then each once, at the resolution that the edition needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from builder.design.pdf_pages import is_pdf, page_size
from builder.design.pixels import large_pictures, opened, orientation

# What files are called that are asked for and are none.
_OTHERS = frozenset((".css", ".svg", ".ttf", ".otf", ".ttc", ".woff", ".woff2"))
# The name of a stand-in, in a comment of the JPEG (ITU-T T.81, B.2.4.5).
_MARK = b"stand-in:"
_COMMENT, _START_OF_FRAME, _START_OF_SCAN = 0xFE, 0xC0, 0xDA
# Where the picture that takes its place keeps the name, for the preflight's words.
SOURCE_FILE = "/SourceFile"


def stand_in(file: Path, name: str, page: str = "") -> bytes | None:
    """A JPEG with the size of the picture in `file`, upright, and its `name`; None where it is no picture of pixels.

    Of a PDF it stands for one `page`.
    """
    if file.suffix.lower() in _OTHERS:
        return None
    try:
        if is_pdf(file):
            number = int(page) if page.isdecimal() else 1
            return _jpeg(page_size(file, number), f"{name}#{number}")
        with large_pictures(), opened(file) as picture:
            width, height = picture.size
            if orientation(picture) >= 5:
                width, height = height, width
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    return _jpeg((width, height), name)


def _jpeg(size: tuple[int, int], name: str) -> bytes:
    width, height = size
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
