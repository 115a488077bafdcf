"""What takes the place of WeasyPrint's own fonts and tags while it writes a PDF.

A fragment's fonts and tags are handed over as data, so that the bound book has each font once and one structure.
WeasyPrint has no hook for that: see `patch` for the functions whose places they take.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pydyf
from fontTools.ttLib import TTFont

from builder.model.fragment import Glyphs, Tag, Typeface
from builder.pages.paginate.content import Content
from builder.pages.paginate.patch import replaced
from builder.pages.paginate.stamps import Stamps
from builder.pages.paginate.tags import Tagger

# The colour spaces of CSS that WeasyPrint writes into every file.
_LAB = {"lab-d50", "lab-d65"}


class FontFiles:
    """The font programs of a press, each held once, with the glyph of its space."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[bytes, int, int]] = {}

    def of(self, font: Any) -> tuple[bytes, int, int]:
        """Program, glyph of the space and its width in thousandths of an em. `font` is WeasyPrint's."""
        if font.hash not in self._known:
            with TTFont(BytesIO(font.file_content), fontNumber=font.index, lazy=True) as program:
                name = program.getBestCmap().get(ord(" "), ".notdef")
                width = round(program["hmtx"][name][0] * 1000 / font.upem)
                self._known[font.hash] = font.file_content, program.getGlyphID(name), width
        return self._known[font.hash]


class HandedOver:
    """The tags and fonts of one document while WeasyPrint writes it, and its page numbers."""

    def __init__(self, programs: FontFiles, language: str, stamps: Stamps) -> None:
        self._programs, self._language, self._stamps = programs, language, stamps
        self.tags: tuple[Tag, ...] = ()
        self.typefaces: tuple[Typeface, ...] = ()

    @contextmanager
    def in_place(self) -> Iterator[None]:
        with (
            replaced("weasyprint.pdf", "build_fonts_dictionary", self._fonts),
            replaced("weasyprint.pdf", "add_tags", self._structure),
            self._stamps.in_place(),
        ):
            yield

    def _fonts(self, pdf: Any, fonts: Mapping[str, Any], *_: Any) -> Any:
        """Names the fonts on the pages, and leaves their programs out. It is called once the pages are painted."""
        _lean(pdf)
        self._used = [font for font in fonts.values() if not font.bitmap]
        named = pydyf.Dictionary()
        for key in sorted({font.hash for font in self._used}):
            stub = pydyf.Dictionary({"Type": "/Font"})
            pdf.add_object(stub)
            named[key] = stub.reference
        self._gather()
        return named

    def _gather(self) -> None:
        found: dict[str, Typeface] = {}
        used: dict[str, tuple[dict[int, int], dict[int, str]]] = {}
        for font in self._used:
            program, space, width = self._programs.of(font)
            widths, characters = used.setdefault(font.hash, ({}, {}))
            widths |= {**font.widths, space: width}
            characters |= {**font.to_unicode, space: " "}
            found[font.hash] = Typeface(
                font.hash,
                font.name.decode().partition("+")[2].rstrip(","),
                font.family.rstrip(","),
                program,
                font.index,
                _variations(font),
                font.flags,
                font.ascent,
                font.descent,
                Glyphs.of(widths, characters),
            )
        self.typefaces = tuple(found[key] for key in sorted(found))

    def _structure(self, pdf: Any, document: Any, _version: Any, streams: list[Any]) -> None:
        spaces = {font.hash: self._programs.of(font)[1] for font in self._used}
        pages = [one for one in pdf.objects if isinstance(one, dict) and one.get("Type") == "/Page"]
        tagger = Tagger(self._language)
        for number, (page, stream, written) in enumerate(zip(document.pages, streams, pages, strict=True)):
            content = Content(stream, spaces)
            tagger.page(page, number, content, list(written.get("Annots", ())))
            content.rewrite()
        self.tags = tagger.tags


def _lean(pdf: Any) -> None:
    """Takes out what says nothing: boxes that are the media box (ISO 32000-1, 14.11.2), colour spaces not in use."""
    for one in pdf.objects:
        if isinstance(one, pydyf.Dictionary) and one.get("Type") == "/Page":
            for box in ("BleedBox", "TrimBox"):
                if one.get(box) == one["MediaBox"]:
                    del one[box]
        elif isinstance(one, pydyf.Dictionary) and one.keys() & _LAB:
            painted = [part for stream in pdf.objects if isinstance(stream, pydyf.Stream) for part in stream.stream]
            for space in sorted(one.keys() & _LAB):
                if not any(space.encode() in part for part in painted if isinstance(part, bytes)):
                    del one[space]


def _variations(font: Any) -> dict[str, float]:
    """Where a variable font stands on its axes, as its face asks for."""
    if "fvar" not in font.tables:
        return {}
    with TTFont(BytesIO(font.file_content), fontNumber=font.index, lazy=True) as program:
        axes = {axis.axisTag: axis for axis in program["fvar"].axes}
    asked = {"wght": float(font.weight), "opsz": float(font.font_size), "ital": float(font.style == 2)}
    if "slnt" in axes and font.style == 1:
        slanted = axes["slnt"]
        asked["slnt"] = slanted.minValue if slanted.maxValue == 0 else slanted.maxValue
    asked |= font.variations
    return {
        tag: min(max(asked.get(tag, axis.defaultValue), axis.minValue), axis.maxValue) for tag, axis in axes.items()
    }
