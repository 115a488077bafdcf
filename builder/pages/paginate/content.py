"""The marked content of one page: which of it is read, which is decoration, and the spaces that line ends swallow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydyf import Dictionary

_BEGIN = re.compile(rb"/([\w-]+) ([\d.]+) Tf")
_LAST_GLYPH = re.compile(rb"([0-9a-f]{4})>([^<>]*)\] TJ$")
_SOFT_HYPHEN = b"/Span <</ActualText <FEFF00AD>>> BDC"
_ENDS = 16  # letters on either side of a line end that tell whether the source has a space there


class Content:
    """One page's content stream, as WeasyPrint wrote it, and what is to become of its pieces.

    `spaces` gives for each font key the glyph of the space.
    """

    def __init__(self, stream: Any, spaces: dict[str, int]) -> None:
        self._stream, self._spaces = stream, spaces
        self._numbers: dict[int, int] = {}
        self._furniture: dict[int, bool] = {}
        self._spaced: set[int] = set()
        self._hyphened: set[int] = set()
        self._items = _items(stream.stream)
        self._painted = self._find()

    def _find(self) -> set[int]:
        painted: set[int] = set()
        current: int | None = None
        for item in self._items:
            if isinstance(item, int):
                current = item
            elif item == b"EMC":
                current = None
            elif current is not None and item.endswith((b"TJ", b"Tj", b"Do")):
                painted.add(current)
        return painted

    def _number(self, box: Any) -> int | None:
        entry = self._stream._tags.get(box)
        return None if entry is None or entry["mcid"] not in self._painted else entry["mcid"]

    def kept(self, box: Any) -> int | None:
        """The identifier of a box's content; None where nothing is painted."""
        old = self._number(box)
        return None if old is None else self._numbers.setdefault(old, len(self._numbers))

    def drop(self, box: Any, *, furniture: bool) -> None:
        """Its content is an artifact (ISO 32000-1, 14.8.2.2): `furniture` of the page, or decoration."""
        if (old := self._number(box)) is not None:
            self._furniture[old] = furniture

    def space_after(self, box: Any) -> None:
        if (old := self._number(box)) is not None:
            self._spaced.add(old)

    def soft_hyphen(self, box: Any) -> None:
        """The hyphen that ends a box is the layout's, not the word's."""
        if (old := self._number(box)) is not None:
            self._hyphened.add(old)

    def rewrite(self) -> None:
        """Puts into the stream what has been said of its pieces. What nobody claimed is decoration."""
        out: list[bytes] = []
        current: int | None = None
        start = 0
        for item in self._items:
            if isinstance(item, int):
                current, start = item, len(out)
                if item in self._numbers:
                    out.append(b"/Span <</MCID %d>> BDC" % self._numbers[item])
                elif self._furniture.get(item):
                    out.append(b"/Artifact <</Type /Pagination>> BDC")
                else:
                    out.append(b"/Artifact BMC")
            elif item == b"EMC" and current is not None:
                if out[start + 1 :] in ([], [b"BT", b"ET"]):
                    del out[start:]
                else:
                    self._end(out, start, current)
                    out.append(item)
                current = None
            else:
                out.append(item)
        self._stream.stream = out

    def _end(self, out: list[Any], start: int, number: int) -> None:
        if number not in self._spaced and number not in self._hyphened:
            return
        at = max(i for i in range(start, len(out)) if out[i].endswith(b"TJ"))
        if number in self._hyphened:
            last = _LAST_GLYPH.search(out[at])
            if last is not None:
                head = out[at][: last.start()] + b">] TJ"
                out[at : at + 1] = [head, _SOFT_HYPHEN, b"[<%s>] TJ" % last[1], b"EMC"]
            return
        fonts = [m[1] for i in range(start, at) if (m := _BEGIN.match(out[i]))]
        if fonts and (glyph := self._spaces.get(fonts[-1].decode())) is not None:
            out[at] = out[at].removesuffix(b"] TJ") + b"<%04x>] TJ" % glyph
            out[at] = out[at].replace(b"><", b"")


def _items(stream: list[Any]) -> list[Any]:
    """The stream as bytes, without idle kerning; where a piece begins, its identifier stands as an int."""
    items: list[Any] = []
    begun = False
    for item in stream:
        if isinstance(item, Dictionary) and set(item) == {"MCID"}:
            items[-1] = item["MCID"]  # in the place of its name; the operator follows
            begun = True
        elif begun:
            begun = False
        elif isinstance(item, bytes):
            items.append(item.replace(b">0<", b"").replace(b">0]", b">]") if item.endswith(b"TJ") else item)
        else:
            items.append(item.encode() if isinstance(item, str) else item.data)
    return items


class Glue:
    """Watches the boxes of a page go by in reading order, and puts spaces where the layout took them away."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._last: Any = None
        self._block: Any = None
        self._new_line = self._apart = False

    def line(self, block: Any) -> None:
        """A line of the block element `block` begins."""
        self._last = self._last if block is self._block else None
        self._block, self._new_line = block, True

    def apart(self) -> None:
        """A gap stands before the next text."""
        self._apart = True

    @property
    def block(self) -> Any:
        return self._block

    def resume(self, block: Any, *, apart: bool) -> None:
        """A box of its own within a line has ended; the line of `block` goes on, after a gap or without."""
        self._block, self._apart = block, apart
        if not apart:
            self._last = None

    def text(self, box: Any) -> None:
        before, self._last = self._last, box
        new_line, apart = self._new_line, self._apart
        self._new_line = self._apart = False
        if before is None or not (new_line or apart):
            return
        end, begin = before.text, box.text
        if new_line and end.endswith(str(before.style["hyphenate_character"])) and begin[:1].isalpha():
            self._content.soft_hyphen(before)
        elif not end[-1:].isspace() and not begin[:1].isspace() and not (new_line and self._one_word(end, begin)):
            self._content.space_after(before)

    def _one_word(self, end: str, begin: str) -> bool:
        """Whether the source has no space where the line was broken, as in an address."""
        if self._block is None:
            return False
        source = " ".join("".join(_words(self._block)).split())
        end, begin = end[-_ENDS:], begin[:_ENDS]
        return end + begin in source and f"{end} {begin}" not in source


def _words(element: Any) -> Iterator[str]:
    """The text of an element of the HTML; a line break counts as a space."""
    yield " " if element.tag == "br" else element.text or ""
    for child in element:
        yield from _words(child)
        yield child.tail or ""
