"""Fonts of a finished PDF: how wide their glyphs are and which letters they stand for (ISO 32000-1, 9.6 to 9.10)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


@dataclass(frozen=True, slots=True)
class Font:
    """A font as text is set in it. Widths are parts of the type size; codes are one or two bytes."""

    name: str
    kind: str
    embedded: bool
    width_of_code: int
    widths: Mapping[int, float]
    missing: float
    letters: Mapping[int, str]
    dictionary: Any = None

    def glyphs(self, raw: bytes) -> Iterator[tuple[int, float, str]]:
        """Code, width and letters of each glyph in a shown string."""
        step = self.width_of_code
        for at in range(0, len(raw) - step + 1, step):
            code = int.from_bytes(raw[at : at + step], "big")
            text = self.letters.get(code, chr(code) if step == 1 and code >= 32 else "")
            yield code, self.widths.get(code, self.missing), text or "\ufffd"


def read_font(font: Any) -> Font:
    """Raises nothing: what a broken font lacks is taken as usual values."""
    kind = str(font.get(Name.Subtype, "/?"))[1:]
    inner = font.DescendantFonts[0] if kind == "Type0" and Name.DescendantFonts in font else font
    descriptor = inner.get(Name.FontDescriptor, Dictionary())
    embedded = kind == "Type3" or bool({"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()))
    scale = 0.001
    widths: dict[int, float] = {}
    missing = 0.5
    if kind == "Type0":
        missing = float(inner.get(Name.DW, 1000)) * scale
        widths = dict(_composite(inner.get(Name.W, Array()), scale))
    else:
        if kind == "Type3" and isinstance(font.get(Name.FontMatrix), Array):
            scale = abs(float(font.FontMatrix[0]))
        if isinstance(font.get(Name.Widths), Array):
            first = int(font.get(Name.FirstChar, 0))
            widths = {first + n: float(w) * scale for n, w in enumerate(font.Widths)}
            missing = float(descriptor.get(Name.MissingWidth, 0)) * scale
    letters: dict[int, str] = {}
    if isinstance(font.get(Name.ToUnicode), pikepdf.Stream):
        letters = dict(_letters(font.ToUnicode.read_bytes()))
    name = str(font.get(Name.BaseFont, font.get(Name.Name, "/unnamed")))[1:]
    return Font(name, kind, embedded, 2 if kind == "Type0" else 1, widths, missing, letters, font)


def _composite(entries: Any, scale: float) -> Iterator[tuple[int, float]]:
    """The /W array: `c [w1 w2 …]` or `first last w` (9.7.4.3)."""
    at = 0
    while at + 1 < len(entries):
        first = int(entries[at])
        if isinstance(entries[at + 1], Array):
            yield from ((first + n, float(w) * scale) for n, w in enumerate(entries[at + 1]))
            at += 2
        else:
            if at + 2 >= len(entries):
                return
            last = min(int(entries[at + 1]), first + 65535)
            yield from ((code, float(entries[at + 2]) * scale) for code in range(first, last + 1))
            at += 3


def _text(raw: bytes) -> str:
    digits = re.sub(rb"\s", b"", raw)
    return bytes.fromhex(digits.decode() + "0" * (len(digits) % 2)).decode("utf-16-be", "replace")


def _letters(cmap: bytes) -> Iterator[tuple[int, str]]:
    """Codes and letters of a ToUnicode map (9.10.3)."""
    for block in _BLOCK.finditer(cmap):
        tokens = [(m[1], bool(m[2]), bool(m[3])) for m in _HEX.finditer(block[2])]
        if block[1] == b"bfchar":
            codes = [t[0] for t in tokens if t[0] is not None]
            yield from ((int(c, 16), _text(t)) for c, t in zip(codes[::2], codes[1::2], strict=False) if c.strip())
            continue
        at = 0
        while at + 2 < len(tokens):
            low, high = int(tokens[at][0] or b"0", 16), int(tokens[at + 1][0] or b"0", 16)
            high = min(high, low + 65535)
            if tokens[at + 2][1]:
                at += 3
                code = low
                while at < len(tokens) and not tokens[at][2]:
                    yield code, _text(tokens[at][0] or b"")
                    code, at = code + 1, at + 1
                at += 1
            else:
                start = _text(tokens[at + 2][0] or b"")
                for code in range(low, high + 1):
                    if start:
                        yield code, start[:-1] + chr(min(ord(start[-1]) + code - low, 0x10FFFF))
                at += 3
