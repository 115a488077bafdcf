"""Sums that a table carries from page to page: filled in when it is known with which row each page ends.

The layout has a row for them in the head and in the foot of the table, which WeasyPrint repeats on every page. The
first page brings nothing forward, and the last one carries nothing: there the row is taken out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint.document import Page
from weasyprint.formatting_structure import boxes
from weasyprint.text.line_break import Layout, line_size

from builder.pages.paginate.heads import shift

_SUMS = "data-sums"


def carry_forward(document: Any) -> None:
    """Fills in the sums of all tables that carry them."""
    before: dict[int, str] = {}
    for number, page in enumerate(document.pages):
        found = list(_carrying(page._page_box))
        for holder, table, rows in found:
            table.collapsed_border_grid, table.skipped_rows = _grid(table), 0
            head, foot = _row(table, "brought"), _row(table, "forward")
            if (brought := before.get(id(table.element))) is None:
                _take_out(table, head)
            else:
                _fill(head, brought)
            sums = before[id(table.element)] = rows[-1].element.get(_SUMS)
            if rows[-1].element is list(table.element.find("tbody"))[-1]:
                _take_out(table, foot)
                _move_up(holder, table, foot.height)
            else:
                _fill(foot, sums)
        if found:
            document.pages[number] = Page(page._page_box)  # which knows where its boxes are


def _carrying(box: Any) -> Iterator[tuple[Any, Any, list[Any]]]:
    """The tables of a page that carry sums: what each stands in, itself, and those of its rows that stand there."""
    for child in getattr(box, "children", ()):
        child = getattr(child, "_box", child)
        if isinstance(child, boxes.TableBox):
            rows = [row for group in child.children for row in group.children if row.element.get(_SUMS) is not None]
            if rows:
                yield box, child, rows
        else:
            yield from _carrying(child)


def _row(table: Any, name: str) -> Any:
    rows = (row for group in table.children for row in group.children)
    return next(row for row in rows if name in row.element.get("class", "").split())


def _fill(row: Any, sums: str) -> None:
    """Puts sums in the places of those that were laid out, to the right, as numbers stand."""
    for cell, words in zip(row.children[1:], sums.split("|"), strict=True):
        for text in (one for one in cell.descendants() if isinstance(one, boxes.TextBox)):
            text.text, text.pango_layout = words, Layout(text.style)  # the layout before is that of all pages
            text.pango_layout.set_text(words)
            width, _ = line_size(text.pango_layout.get_first_line()[0], text.style)
            text.pango_layout.deactivate()
            text.position_x += text.width - width
            text.width = width


def _grid(table: Any) -> tuple[list[Any], list[Any]]:
    """The borders of the rows that stand on a page, as WeasyPrint's draw_collapsed_borders finds them."""
    upright, level = table.collapsed_border_grid
    count = sum(len(group.children) for group in table.children)
    heads, feet = len(table.children[0].children), len(table.children[-1].children)
    skipped = table.skipped_rows - heads if table.skipped_rows else 0

    def of(row: int, line: int) -> int:
        if row < heads + line:
            return row
        return row + (len(upright) - count if row >= count - feet else skipped)

    return [upright[of(row, 0)] for row in range(count)], [level[of(row, 1)] for row in range(count + 1)]


def _take_out(table: Any, row: Any) -> None:
    """Takes a row out of a table, with its lower border, and brings up what is below it."""
    at = [one for group in table.children for one in group.children].index(row)
    upright, level = table.collapsed_border_grid
    del upright[at], level[at + 1]
    for group in table.children:
        if row in group.children:
            group.children = [one for one in group.children if one is not row]
            group.height -= row.height
        elif group.position_y > row.position_y:
            shift(group, -row.height)
    table.children = [group for group in table.children if group.children]
    table.height -= row.height


def _move_up(holder: Any, table: Any, by: float) -> None:
    """Brings up what follows a table in what it stands in: its notes."""
    for one in holder.children:
        if getattr(one, "position_y", 0) > table.position_y:
            shift(one, -by)
