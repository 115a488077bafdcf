"""One font of each face for the whole book: the union of the glyphs that its sections use (ISO 32000-1, 9.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import pikepdf
import uharfbuzz
from pikepdf import Array, Dictionary, Name, String

from builder.model.fragment import Typeface

# Tables that serve layout and hinting: pages have placed their glyphs, and a page is not set by a grid of pixels.
_IDLE = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "STAT", "SVG ", "VDMX", "hdmx", "kern", "name")


def font_objects(book: pikepdf.Pdf, typefaces: Iterable[Sequence[Typeface]]) -> dict[str, pikepdf.Object]:
    """A Type 0 font for each face, by the key under which pages name it."""
    same: dict[str, list[Typeface]] = {}
    for used in typefaces:
        for face in used:
            same.setdefault(face.key, []).append(face)
    return {key: _font(book, same[key]) for key in sorted(same)}


def _font(book: pikepdf.Pdf, faces: Sequence[Typeface]) -> pikepdf.Object:
    first = faces[0]
    widths: dict[int, int] = {}
    characters: dict[int, str] = {}
    for face in faces:
        own, said = face.glyphs()
        widths |= own
        for glyph, text in said.items():
            # One glyph may be a hyphen and a minus to its font: the plainer character is what is meant.
            characters[glyph] = min(text, characters.get(glyph, text))
    program = _subset(first, characters)
    digest = sha256(program).digest()
    tag = "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
    name = Name(f"/{tag}+{first.name}")
    outlines = program[:4] == b"OTTO"
    stream = book.make_stream(program)
    if outlines:
        stream.Subtype = Name.OpenType
    else:
        stream.Length1 = len(program)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        FontFamily=String(first.family),
        Flags=first.flags,
        FontBBox=Array([0, first.descent, max(widths.values(), default=0), first.ascent]),
        ItalicAngle=0,
        Ascent=first.ascent,
        Descent=first.descent,
        CapHeight=first.ascent,
        StemV=80,
    )
    descriptor[Name.FontFile3 if outlines else Name.FontFile2] = stream
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0 if outlines else Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        W=_widths(widths),
        FontDescriptor=book.make_indirect(descriptor),
    )
    if not outlines:
        descendant.CIDToGIDMap = Name.Identity
    return book.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([book.make_indirect(descendant)]),
            ToUnicode=book.make_stream(_to_unicode(characters)),
        )
    )


def _subset(face: Typeface, glyphs: Iterable[int]) -> bytes:
    """The program with the outlines of `glyphs` alone, which keep their numbers."""
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.drop_table_tag_set.update(int.from_bytes(table.encode(), "big") for table in _IDLE)
    flags = uharfbuzz.SubsetFlags
    wanted.flags = flags.RETAIN_GIDS | flags.NO_HINTING | flags.DESUBROUTINIZE | flags.NO_LAYOUT_CLOSURE
    whole = uharfbuzz.Face(face.program, face.number)
    for axis, place in face.variations.items():
        wanted.pin_axis_location(whole, axis, place)
    return bytes(uharfbuzz.subset(whole, wanted).blob.data)


def _widths(widths: Mapping[int, int]) -> Array:
    """Runs of glyphs with their widths (ISO 32000-1, 9.7.4.3)."""
    out: list[Any] = []
    run: list[int] = []
    for glyph in sorted(widths):
        if glyph - 1 not in widths:
            run = []
            out += [glyph, run]
        run.append(widths[glyph])
    return Array([Array(one) if isinstance(one, list) else one for one in out])


def _to_unicode(characters: Mapping[int, str]) -> bytes:
    """The CMap that gives each glyph its characters (ISO 32000-1, 9.10.3)."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    entries = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(characters.items())]
    for at in range(0, len(entries), 100):
        some = entries[at : at + 100]
        lines += [f"{len(some)} beginbfchar", *some, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode()
