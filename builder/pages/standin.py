"""Stand-ins: what the layout engine gets for a picture, until it is known how large it is printed.

A JPEG of a few hundred bytes with the picture's size in pixels and its name. So no photo is decoded or copied before
the book is bound, and then each once, at the resolution that the edition needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from PIL import Image, UnidentifiedImageError

from builder.design.pdf_pages import is_pdf, page_size
from builder.design.pixels import large_pictures, opened, orientation

# What files are called that are asked for and are none.
_OTHERS = frozenset((".css", ".svg", ".ttf", ".otf", ".ttc", ".woff", ".woff2"))
# The name of a stand-in, in a comment of the JPEG (ITU-T T.81, B.2.4.5).
_MARK = b"stand-in:"
_COMMENT, _START_OF_FRAME, _START_OF_SCAN = 0xFE, 0xC0, 0xDA
# Between the name of a file and what its address says after the question mark: no name has one.
_BETWEEN = "\t"
# Where the picture that takes its place keeps the name, for the preflight's words.
SOURCE_FILE = "/SourceFile"


def stand_in(file: Path, name: str, query: str = "") -> bytes | None:
    """A JPEG with the size of the picture in `file`, upright, and its `name`; None where it is no picture of pixels.

    `query` is what the address says after its question mark: which page of a PDF, and for which place in the book.
    """
    if file.suffix.lower() in _OTHERS:
        return None
    try:
        if is_pdf(file):
            return _jpeg(page_size(file, page_of(query)), f"{name}{_BETWEEN}{query}")
        with large_pictures(), opened(file) as picture:
            width, height = picture.size
            if orientation(picture) >= 5:
                width, height = height, width
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    return _jpeg((width, height), f"{name}{_BETWEEN}{query}" if query else name)


def page_of(query: str) -> int:
    """The page of a PDF that an address asks for."""
    asked = parse_qs(query).get("page", ["1"])[0]
    return int(asked) if asked.isdecimal() else 1


def tone_of(query: str) -> str:
    """The colour in whose tones an address asks for a picture; empty for the picture's own."""
    return parse_qs(query).get("tone", [""])[0]


def apart(name: str) -> tuple[str, str]:
    """The file of a stand-in's name, and what its address said after the question mark."""
    file, _, query = name.partition(_BETWEEN)
    return file, query


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
