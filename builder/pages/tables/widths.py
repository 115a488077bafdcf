"""How wide the columns of a table are in a measure, and how high its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from builder.design.fonts import Face
from builder.model.table import SheetTable
from builder.model.units import MM_PER_PT
from builder.pages.tables.cells import SetCell, SetRow

# Between columns at most, in mm, where there is room.
_WIDE = 9.0
# A column of labels has at least so much, in mm, where labels are longer, others of words so much; and none more than
# this part of the table.
_LABELS, _WORDS, _MOST_LABELS = 38.0, 22.0, 0.5
# A head stands on one line where that takes no more than this, in mm, and there is room.
_HEAD = 26.0
# No table is narrower, in mm.
_NARROW = 84.0
# Signs before which no line is broken, not even after a space (Unicode Standard Annex 14, LB13).
_BOUND = frozenset("/!?)]}»")
# Each level of rows is indented by so much, in mm.
_INDENT = 3.0
# Marks of notes are set in this size, in pt: no printer wants less than 6.
_RAISED = 6.4
# Behind the last column there is so much, in mm, where it has tones.
_TONED = 1.2
# A hundredth is kept back: rounding must not break a number.
_SLACK = 1.01
# As the stylesheet has it, in pt: from line to line, above and below a row, closer in a long table, and its rule.
_LEADING, _ABOVE, _CLOSER, _RULE = 10.5, 3.5, 1.75, 0.5


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths of columns in mm, with the space `apart` behind each but the last."""

    apart: float
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """For each column the least width and that in which nothing is broken, in mm, without the space between."""

    table: SheetTable
    least: tuple[float, ...]
    best: tuple[float, ...]

    def shared(self, measure: float, apart: float, *, tight: bool = False) -> Columns | None:
        """The columns in a measure, in mm; None where that is too narrow.

        Columns of words are as wide as they would be, those of labels first of all. Where it is `tight` they give way
        to numbers, down to their longest words.
        """
        numeric = [one.numbers for one in self.table.columns]
        widths = [
            least if numeric[at] else min(best, max(least, _WORDS if at else _LABELS))
            for at, (least, best) in enumerate(zip(self.least, self.best, strict=True))
        ]
        room = measure - sum(widths) - apart * (len(widths) - 1)
        if room < -0.01 and not tight:
            return None
        if room < 0:
            words = [at for at, number in enumerate(numeric) if not number]
            for at in sorted(words, key=lambda at: self.least[at] - widths[at]):
                given = min(-room, widths[at] - self.least[at])
                widths[at], room = widths[at] - given, room + given
            if room < -0.01:
                return None
        wanted = [min(best, max(_LABELS, measure * _MOST_LABELS)) for best in self.best]
        for words_first in (False, True):  # what is left goes to words that would be broken, then to heads of numbers
            needs = {
                at: max(0.0, (self.best if number else wanted)[at] - widths[at])
                for at, number in enumerate(numeric)
                if number == words_first
            }
            given = min(1.0, room / (sum(needs.values()) or 1.0))  # alike, so that alike columns stay so
            for at, need in needs.items():
                widths[at], room = widths[at] + need * given, room - need * given
        gaps = len(widths) - 1
        apart = min(_WIDE, apart + room / gaps) if gaps and room > 0 else apart
        widths[0] += max(0.0, min(_NARROW, measure) - sum(widths) - apart * gaps)  # the caption stands above it
        return Columns(apart, tuple(wide + apart * (at < gaps) for at, wide in enumerate(widths)))


def measured(
    table: SheetTable, heads: Sequence[SetRow], rows: Sequence[SetRow], size: float, plain: Face, bold: Face
) -> Measured:
    """How much room the columns need at a type size, in pt."""
    count = len(table.columns)
    least, best = [0.0] * count, [0.0] * count
    room = tails(table, rows, size, plain, bold)
    for row in rows:
        face, indent, behind = bold if row.strong else plain, row.level * _INDENT, 0
        for cell in row.cells:
            at, behind = behind, behind + cell.across
            if cell.across > 1:
                continue
            words = " ".join(filter(None, (cell.text, cell.unit)))
            shift = _marked(cell, face) + (0.0 if at else indent)
            if cell.number:
                shift += room[at] - _ending(cell, size, face)
            pieces = [words] if _is_figure(cell.text) else _pieces(words)
            if cell.spark is not None:
                least[at] = best[at] = max(least[at], cell.spark.width)
            widest = max((_mm(face.tabular_width(piece, size)) for piece in pieces), default=0.0)
            least[at] = max(least[at], widest + shift)
            best[at] = max(best[at], _mm(face.tabular_width(words, size)) + shift)
    for above, shown in zip(table.heads, heads, strict=True):
        for head, cell in zip(above, shown.cells, strict=True):
            pieces = [*_pieces(head.words), *_pieces(cell.unit)]
            longest = max((_mm(bold.tabular_width(word, size)) for word in pieces), default=0.0)
            whole = _mm(bold.tabular_width(f"{head.words} {cell.unit}".strip(), size))
            tail = room[head.at] if head.across == 1 else 0.0
            for at in range(head.at, head.at + head.across):
                least[at] = max(least[at], (longest + tail) / head.across)
                best[at] = max(best[at], least[at], (min(whole, _HEAD) + tail) / head.across)
    return Measured(table, tuple(least), tuple(best))


def tails(table: SheetTable, rows: Sequence[SetRow], size: float, plain: Face, bold: Face) -> list[float]:
    """How much stands behind the figures of a column at most, in mm: a parenthesis, the mark of a note."""
    found = [0.0] * len(table.columns)
    for row in rows:
        at = 0
        for cell in row.cells:
            if cell.number:
                found[at] = max(found[at], _ending(cell, size, bold if row.strong else plain))
            at += cell.across
    toned = any(cell.tone for row in rows for cell in row.cells[-1:])
    return [*found[:-1], found[-1] + _TONED * toned]


def aligned(
    table: SheetTable, heads: Sequence[SetRow], rows: Sequence[SetRow], size: float, plain: Face, bold: Face
) -> tuple[tuple[SetRow, ...], tuple[SetRow, ...]]:
    """The heads and rows with space behind their numbers, so that figures stand below figures."""
    behind = tails(table, rows, size, plain, bold)

    def moved(row: SetRow, face: Face, places: Sequence[int]) -> SetRow:
        cells = [
            replace(cell, tail=behind[at] - _ending(cell, size, face)) if cell.number and cell.across == 1 else cell
            for cell, at in zip(row.cells, places, strict=True)
        ]
        return replace(row, cells=tuple(cells))

    if not any(behind):
        return tuple(heads), tuple(rows)
    above = [moved(row, bold, [cell.at for cell in cells]) for row, cells in zip(heads, table.heads, strict=True)]
    return tuple(above), tuple(
        moved(row, bold if row.strong else plain, [0, *accumulate(cell.across for cell in row.cells[:-1])])
        for row in rows
    )


def _ending(cell: SetCell, size: float, face: Face) -> float:
    """How wide what stands behind the figures of a number is, in mm."""
    return _marked(cell, face) + (_mm(face.tabular_width(")", size)) if cell.text.endswith(")") else 0.0)


def _marked(cell: SetCell, face: Face) -> float:
    return _mm(face.tabular_width(cell.mark, _RAISED)) if cell.mark else 0.0


def heights(
    rows: Sequence[SetRow], columns: Columns, size: float, plain: Face, bold: Face, *, close: bool
) -> list[float]:
    """How high each row is, in pt."""
    found = []
    for row in rows:
        face, lines, at = bold if row.strong else plain, 1, 0
        for cell in row.cells:
            wide = sum(columns.widths[at : at + cell.across]) - (0 if cell.last else columns.apart)
            words = " ".join(filter(None, (cell.text, cell.unit)))
            if cell.down == 1 and not _is_figure(words):
                lines = max(lines, _lines(words, size, wide - row.level * _INDENT, face))
            at += cell.across
        extra = 7.0 if "group" in row.look else 0.0
        found.append(lines * _LEADING + 2 * (_CLOSER if close else _ABOVE) + _RULE + extra)
    return found


def head_height(heads: Sequence[SetRow], columns: Columns, table: SheetTable, size: float, face: Face) -> float:
    """How high the header is, in pt."""
    tallest = [1] * len(heads)
    over = 1
    for number, (row, shown) in enumerate(zip(table.heads, heads, strict=True)):
        for head, cell in zip(row, shown.cells, strict=True):
            wide = sum(columns.widths[head.at : head.at + head.across]) - (0 if cell.last else columns.apart)
            lines = _lines(f"{head.words} {cell.unit}".strip(), size, wide, face)
            if head.down == 1:
                tallest[number] = max(tallest[number], lines)
            else:
                over = max(over, lines)
    return max(sum(tallest), over) * _LEADING + len(heads) * (2 * _ABOVE + _RULE)


def _lines(words: str, size: float, measure: float, face: Face) -> int:
    """How many lines words take in `measure` mm; what was measured for one line is one."""
    if _mm(face.tabular_width(words, size)) <= measure + 0.01:
        return 1
    return face.lines(words, size, measure / MM_PER_PT)


def _mm(points: float) -> float:
    return points * MM_PER_PT * _SLACK


def _pieces(text: str) -> list[str]:
    """What is not broken over lines: words, with the signs that stay on the line before even after a space."""
    pieces: list[str] = []
    for word in text.split():
        if pieces and word[0] in _BOUND:
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    return pieces


def _is_figure(text: str) -> bool:
    """Whether a text is a number, which is never broken."""
    return bool(text) and not any(char.isalpha() for char in text)
