"""Text that runs out of its box, which WeasyPrint does not even log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes

from builder.model.diagnostics import Diagnostic, Span, warning
from builder.model.units import MM_PER_PT

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


def _row_is_lost(box: Any, page: Any) -> bool:
    """Whether a cell of a row begins above the page's type area, or ends below the page."""
    if box.element is None or "cell" not in (box.element.get("class") or "").split():
        return False
    sheet = page._page_box
    above = box.position_y < sheet.content_box_y() - TOLERANCE
    return bool(above or box.position_y + box.height > sheet.position_y + sheet.margin_height() + TOLERANCE)


def overflows(document: Any, name: str, span: Span | None) -> Iterator[Diagnostic]:
    """Text outside the box that should hold it: beside its column, below a box of fixed height, off the page.

    A table that is wider than its measure is said once, and not each of the words that it pushes out.
    """
    tables: set[Any] = set()
    for number, page in enumerate(document.pages, 1):
        for child in page._page_box.children:
            if not isinstance(child, boxes.MarginBox):
                yield from _walk(child, page, number, name, span, None, tables)


def _walk(
    box: Any, page: Any, number: int, name: str, span: Span | None, frame: Any, tables: set[Any]
) -> Iterator[Diagnostic]:
    """`frame` is the block that holds the box, `tables` the elements of those tables that are too wide."""
    box = getattr(box, "_box", box)
    if box.style["transform"]:
        return  # it is turned: where its lines end is not where they were laid out
    place = _place(box, span)
    if _row_is_lost(box, page):
        yield Diagnostic(
            "overflow",
            f"a row of blocks is higher than a page, and some of it is lost (page {number} of {name})",
            "take the long texts out of the row: blocks side by side stay on one page",
            place,
        )
        return
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
    if isinstance(box, boxes.TableBox) and frame is not None:
        beyond = box.position_x + box.margin_width() - frame.content_box_x() - frame.width
        if beyond > TOLERANCE:
            if box.element not in tables:
                tables.add(box.element)
                yield _too_wide(box, beyond, frame.width, number, name, place)
            return
    wrapper = getattr(box, "is_table_wrapper", False)  # it is as wide as its table
    if isinstance(box, boxes.BlockBox | boxes.TableCellBox) and not wrapper and not isinstance(box, boxes.MarginBox):
        frame = box
        if box.element_tag == "h1":
            yield from _straggler(box, name, place)
    for child in getattr(box, "children", ()):
        yield from _walk(child, page, number, name, place, frame, tables)


def _too_wide(table: Any, beyond: float, measure: float, number: int, name: str, span: Span | None) -> Diagnostic:
    """One error for a table, at the row with the longest line of its widest column."""
    cells = [(cell, row) for group in table.children for row in group.children for cell in row.children]
    widest = max(range(len(table.column_widths)), key=lambda column: table.column_widths[column])
    column = [(cell, row) for cell, row in cells if cell.grid_x == widest and cell.colspan == 1]
    first = " ".join(_words(column[0][0])) if column else ""
    lines = [(box, row) for cell, row in column for box in cell.descendants() if isinstance(box, boxes.TextBox)]
    line, row = max(lines, key=lambda found: found[0].width, default=(None, table))
    longest = max(line.text.split(), key=len, default="") if line is not None else ""
    said = f"the table is {_mm(beyond)} mm wider than its measure of {_mm(measure)} mm (page {number} of {name}); "
    said += f'its widest column is "{first[:40]}"' + (f', with the word "{longest[:60]}"' if longest else "")
    hint = "shorten the longest words, take columns out, or make two tables of it"
    return Diagnostic("wide-table", said, hint, _place(row, span))


def _words(cell: Any) -> list[str]:
    texts = (box.text for box in cell.descendants() if isinstance(box, boxes.TextBox))
    return "".join(f"{text} " for text in texts).replace("\u00ad", "").split()


def _mm(pixels: float) -> str:
    return f"{pixels / PX_PER_PT * MM_PER_PT:.0f}"


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
