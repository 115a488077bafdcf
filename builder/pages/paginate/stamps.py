"""Page numbers as holes: what stands on the page are zeros, and with them how each digit would be set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from weasyprint.css.counters import CounterStyle
from weasyprint.draw.text import draw_text
from weasyprint.formatting_structure import boxes

from builder.model.diagnostics import Diagnostic, Span
from builder.model.folios import ATTRIBUTE, within
from builder.model.fragment import Stamp
from builder.pages.paginate.patch import replaced

# What the page counter has been raised by, so that no other counter is taken for it.
BASE = 10**9
_DIGITS = "0123456789"
_FACE = re.compile(rb"/([\w-]+) [\d.]+ Tf")
_PIECE = re.compile(rb"<([0-9a-f]*)>|(-?[\d.]+)")


class Folios(CounterStyle):  # type: ignore[misc]
    """Prints zeros for the page counter: as many as the folio has digits."""

    def render_value(self, counter_value: int, *about: Any, **more: Any) -> str:
        if counter_value >= BASE:
            return "0" * len(str(counter_value - BASE))
        return str(super().render_value(counter_value, *about, **more))


class Stamps:
    """Finds the page numbers of a document that is laid out, and makes holes of them while it is written."""

    def __init__(self, pages: Any, name: str, span: Span | None) -> None:
        self._name, self._span = name, span
        self._waiting: dict[int, tuple[str, int]] = {}
        self._texts: list[Any] = []
        self.made: list[Stamp] = []
        self.diagnostics: list[Diagnostic] = []
        for number, page in enumerate(pages):
            self._walk(page._page_box, number, None)

    def in_place(self) -> Any:
        return replaced("weasyprint.draw", "draw_text", self._draw)

    def _walk(self, box: Any, page: int, place: str | None) -> None:
        box = getattr(box, "_box", box)
        if isinstance(box, boxes.MarginBox) or "::" in str(box.element_tag or ""):
            place = within(self._name, page) if self._counts(box.style["content"]) else None
        elif box.element is not None:
            place = box.element.get(ATTRIBUTE) or place
        if isinstance(box, boxes.TextBox) and place is not None:
            self._waiting[id(box)] = place, page
        for child in getattr(box, "children", ()):
            self._walk(child, page, place)

    def _counts(self, content: Any) -> bool:
        """Whether content of the stylesheet is the folio. What a section alone cannot know is refused."""
        if not isinstance(content, tuple | list):
            return False
        folio = False
        for kind, value in content:
            named = str(value)
            if kind.startswith("target-counter") and "'page'" in named:
                self._refuse("target-counter(…, page) sees its own section alone", "use page() in the layout")
            elif kind in ("counter()", "counters()") and value[0] == "pages":
                self._refuse("counter(pages) would count the pages of one section", "leave it out")
            elif kind in ("counter()", "counters()") and value[0] == "page":
                if value[-1] != "decimal":
                    self._refuse("folios are set in Arabic figures", "write counter(page) alone")
                folio = True
        return folio

    def _refuse(self, what: str, remedy: str) -> None:
        found = Diagnostic("folio", f"{what} ({self._name})", remedy, self._span)
        if found not in self.diagnostics:
            self.diagnostics.append(found)

    def _draw(self, stream: Any, textbox: Any, *how: Any) -> None:
        before = len(stream.stream)
        draw_text(stream, textbox, *how)
        if (waiting := self._waiting.get(id(textbox))) is None:
            return
        place, page = waiting
        runs = [at for at in range(max(0, before - 1), len(stream.stream)) if stream.stream[at].endswith(b"] TJ")]
        zero = list(re.finditer(r"(?<!\d)0+(?!\d)", textbox.text))
        if not runs or not zero:  # nothing is painted, or it is the text beside the folio
            return
        glyphs = self._digits(stream, textbox, *how)
        if len(zero) > 1 or glyphs is None or len(runs) > 1:
            self._refuse("the folio cannot be told apart from what stands beside it", "give it a margin box of its own")
            return
        stamp = Stamp(place, page, len(zero[0][0]), glyphs)
        if (holes := _holes(stream.stream[runs[0]], glyphs[0], len(self.made), stamp.digits)) is None:
            self._refuse("the folio cannot be told apart from what stands beside it", "give it a margin box of its own")
            return
        stream.stream[runs[0]] = holes
        self.made.append(stamp)

    @staticmethod
    def _digits(stream: Any, textbox: Any, *how: Any) -> tuple[str, ...] | None:
        """How each digit is set in the cell of a zero: its glyph, in the middle; and last, a cell that stays empty."""
        scratch = stream.clone(tags=None)
        text = textbox.pango_layout.text
        textbox.pango_layout.text = _DIGITS
        try:
            draw_text(scratch, textbox, *how)
        finally:
            textbox.pango_layout.text = text
        painted = [item for item in scratch.stream if item.endswith(b"] TJ")]
        if len(painted) != 1:
            return None
        glyphs = [glyph for glyph, _ in _pieces(painted[0]) if isinstance(glyph, bytes)]
        if len(glyphs) != len(_DIGITS):
            return None
        face = next(found[1].decode() for item in scratch.stream if (found := _FACE.match(item)))
        widths = {k: v for font in stream._fonts.values() if font.hash == face for k, v in font.widths.items()}
        wide = widths.get(int(glyphs[0], 16), 0)
        cells = []
        for glyph in glyphs:
            spare = wide - widths.get(int(glyph, 16), wide)
            lead = spare // 2
            cell = glyph.decode()
            cells.append(f">{-lead}<{cell}>{lead - spare}<" if spare else cell)
        return *cells, f">{-wide}<"


def _pieces(item: bytes) -> Iterator[tuple[bytes | None, bytes]]:
    """The glyphs and shifts of a TJ operator in their order, each with how it is written."""
    for match in _PIECE.finditer(item[1 : -len(b"] TJ")]):
        if match[2] is not None:
            yield None, match[2]
        else:
            for at in range(0, len(match[1]), 4):
                yield match[1][at : at + 4], match[1][at : at + 4]


def _holes(item: bytes, zero: str, number: int, digits: int) -> bytes | None:
    """The operator with a hole for each of the zeros that stand for the page number; None where it has others."""
    pieces = list(_pieces(item))
    places = [at for at, (glyph, _) in enumerate(pieces) if glyph == zero.encode()]
    if len(places) != digits:
        return None
    filled = {at: f"{{{number}.{digit}}}".encode() for digit, at in enumerate(places)}
    out = b"".join(
        b"<" + filled.get(at, glyph) + b">" if glyph is not None else b" " + shift  # one shift may follow another
        for at, (glyph, shift) in enumerate(pieces)
    )
    return b"[" + out.replace(b"><", b"") + b"] TJ"
