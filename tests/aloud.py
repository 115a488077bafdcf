"""What a screen reader says of a PDF: its tags in order, with the words of the content they name.

Reads the finished file alone: structure tree, content streams, the fonts' character maps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

_BLOCKS = {"P", "LI", "LBody", "Caption", "TR", "TOCI", "Note", "Figure", "Sect", "Table"}
_BLOCKS |= {f"H{n}" for n in range(1, 7)}


@dataclass
class Heard:
    """One thing said: the role of the innermost block, and its words."""

    role: str
    words: str
    page: int


class Reader:
    def __init__(self, path: Path) -> None:
        self.pdf = pikepdf.open(path)
        self._pages = {page.obj.objgen: n for n, page in enumerate(self.pdf.pages)}
        self._words = [_marked(page) for page in self.pdf.pages]

    def heard(self) -> list[Heard]:
        """Every block in the order in which it is read, its words on one line."""
        found: list[Heard] = []
        root = self.pdf.Root.StructTreeRoot.K
        self._read(root[0] if isinstance(root, Array) else root, found, -1)
        for one in found:
            one.words = " ".join(one.words.replace("\u00ad", "").split())
        return [one for one in found if one.words]

    def roles(self) -> Iterator[tuple[str, Any]]:
        waiting = [self.pdf.Root.StructTreeRoot.K[0]]
        while waiting:
            one = waiting.pop(0)
            yield str(one.S)[1:], one
            kids = one.get(Name.K, Array())
            below = list(kids) if isinstance(kids, Array) else [kids]
            waiting[:0] = [k for k in below if isinstance(k, Dictionary) and Name.S in k]

    def _read(self, element: Any, found: list[Heard], page: int) -> None:
        role = str(element.S)[1:]
        page = self._pages[element.Pg.objgen] if Name.Pg in element else page
        if role in _BLOCKS or not found:
            found.append(Heard(role, "", page))
        instead = next((str(element[k]) for k in ("/ActualText", "/Alt", "/E") if k in element), None)
        if instead is not None:
            found[-1].words += instead
            return
        kids = element.get(Name.K, Array())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary):
                if Name.S in kid:
                    self._read(kid, found, page)
                    if str(kid.S)[1:] in _BLOCKS:
                        found.append(Heard(role, "", page))
                    elif str(kid.S) in ("/Lbl", "/TH", "/TD"):
                        found[-1].words += " "
                elif kid.get(Name.Type) == Name.MCR:
                    at = self._pages[kid.Pg.objgen] if Name.Pg in kid else page
                    found[-1].words += self._words[at][int(kid.MCID)]
            else:
                found[-1].words += self._words[page][int(kid)]


def _marked(page: pikepdf.Page) -> dict[int, str]:
    """The words of each piece of marked content of a page."""
    maps = {str(k): _characters(f) for k, f in page.obj.Resources.get(Name.Font, Dictionary()).items()}
    words: dict[int, str] = {}
    open_: list[int | str | None] = []
    font: dict[int, str] = {}
    for one in pikepdf.parse_content_stream(page):
        operator = str(one.operator)
        if operator == "Tf":
            font = maps[str(one.operands[0])]
        elif operator in ("BDC", "BMC"):
            about = one.operands[1] if operator == "BDC" else Dictionary()
            if Name.MCID in about:
                open_.append(int(about.MCID))
                words[int(about.MCID)] = ""
            else:
                open_.append(str(about.ActualText) if Name.ActualText in about else None)
        elif operator == "EMC":
            ended = open_.pop()
            piece = next((o for o in reversed(open_) if isinstance(o, int)), None)
            if isinstance(ended, str) and piece is not None:
                words[piece] += ended
        elif operator in ("TJ", "Tj") and open_ and isinstance(open_[-1], int):
            shown = one.operands[0] if operator == "TJ" else one.operands
            for string in shown:
                if isinstance(string, pikepdf.String):
                    glyphs = bytes(string)
                    numbers = [int.from_bytes(glyphs[i : i + 2], "big") for i in range(0, len(glyphs), 2)]
                    words[open_[-1]] += "".join(font[n] for n in numbers)
    return words


def _characters(font: Any) -> dict[int, str]:
    cmap = font.ToUnicode.read_bytes().decode()
    pairs = re.findall(r"<([0-9a-f]{4})> <([0-9a-f]+)>", cmap)
    return {int(g, 16): bytes.fromhex(u).decode("utf-16-be") for g, u in pairs if (g, u) != ("0000", "ffff")}
