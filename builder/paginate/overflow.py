"""Text that runs out of its box, which WeasyPrint does not even log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes

from builder.diagnostics import Diagnostic, Span, warning

# CSS px in a pt (CSS 2.1, 4.3.2).
PX_PER_PT = 96 / 72
# A box may stick out this much before it counts as overflow: rounding, and the side bearings of large letters.
TOLERANCE = 1.5 * PX_PER_PT
_SOURCE = re.compile(r"(.+):(\d+):(\d+)")


def _place(box: Any, fallback: Span | None) -> Span | None:
    """The YAML line that an element names in its data-src."""
    source = box.element.get("data-src") if box.element is not None else None
    place = _SOURCE.fullmatch(source or "")
    return Span(place[1], int(place[2]), int(place[3])) if place else fallback


def overflows(document: Any, name: str, span: Span | None) -> Iterator[Diagnostic]:
    """Text outside the box that should hold it: beside its column, below a box of fixed height, off the page."""
    for number, page in enumerate(document.pages, 1):
        for child in page._page_box.children:
            if not isinstance(child, boxes.MarginBox):
                yield from _walk(child, page, number, name, span, None)


def _walk(box: Any, page: Any, number: int, name: str, span: Span | None, frame: Any) -> Iterator[Diagnostic]:
    box = getattr(box, "_box", box)
    if box.style["transform"]:
        return  # it is turned: where its lines end is not where they were laid out
    place = _place(box, span)
    if isinstance(box, boxes.TextBox):
        if not box.text.strip():
            return
        right, bottom = box.position_x + box.width, box.position_y + box.height
        trim = page._page_box
        outside = right > trim.position_x + trim.margin_width() + TOLERANCE or box.position_x < -TOLERANCE
        # By the baseline: large figures are set in lines lower than their type, and stick out of them unseen.
        outside |= box.position_y + (box.baseline or 0) > trim.position_y + trim.margin_height() + TOLERANCE
        if frame is not None:
            outside |= right > frame.content_box_x() + frame.width + TOLERANCE
            if frame.style["height"] != "auto" and frame.element_tag != "html":
                outside |= bottom > frame.content_box_y() + frame.height + TOLERANCE
        if outside:
            words = " ".join(box.text.split())[:40]
            yield Diagnostic(
                "overflow",
                f'the text "{words}" runs out of its box (page {number} of {name})',
                "shorten the text, or let the layout give it more room",
                place,
            )
        return
    if isinstance(box, boxes.BlockBox | boxes.TableCellBox) and not isinstance(box, boxes.MarginBox):
        frame = box
        if box.element_tag == "h1":
            yield from _straggler(box, name, place)
    for child in getattr(box, "children", ()):
        yield from _walk(child, page, number, name, place, frame)


def _straggler(box: Any, name: str, span: Span | None) -> Iterator[Diagnostic]:
    lines = [child for child in box.children if isinstance(child, boxes.LineBox)]
    texts = ["".join(b.text for b in line.descendants() if isinstance(b, boxes.TextBox)).strip() for line in lines]
    if len(texts) > 1 and " " not in texts[-1] and len(texts[-1]) < 8:
        yield warning(
            "straggler",
            f'the heading of {name} ends with "{texts[-1]}" alone on a line',
            "put a line break before the words that belong together",
            span,
        )
