"""The cells of one sheet, as its file has them, whatever kind of file that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from builder.content.number_format import Shown

# What a spreadsheet shows where a formula fails, in English, Italian and German; Err:502 as LibreOffice does.
_ERRORS = re.compile(
    r"#(?:DIV/0|N/A|NAME|NULL|NUM|REF|VALUE|N/D|RIF|VALORE|NOME|NV|WERT|BEZUG|ZAHL|DIV/0)[!?]?|Err:\d{3}"
)
AS_IT_IS = Shown()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value as the file has it, what is shown of it, and what makes it unreadable."""

    value: Any
    shown: Shown = AS_IT_IS
    fault: str = ""
    bold: bool = False
    indent: int = 0
    covered: bool = False  # by a merged cell that begins above or at the left


EMPTY = Cell(None)


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a sheet, named `title` in a workbook, and the rows and columns (from 0) that are hidden in it."""

    title: str
    cells: list[list[Cell]]
    hidden: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


class UnreadableError(Exception):
    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def named_sheet(path: Path, names: Sequence[str], title: str | None) -> str:
    """The sheet that is asked for, the first where none is. Raises UnreadableError where it is not there."""
    title = title if title is not None else next(iter(names), "")
    if title not in names:
        raise UnreadableError(f'{path.name} has no sheet "{title}"', f"there are: {', '.join(names)}")
    return title


def time_in_words(value: Any) -> Any:
    """A time of day or a duration as it is read, 8:30; any other value as it is."""
    if isinstance(value, time):
        return f"{value.hour}:{value.minute:02d}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{'-' * (minutes < 0)}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"
    return value


def error_in(value: object) -> str:
    """What is wrong with a cell in which a formula has failed; empty for all others."""
    return f"holds the error {value}" if isinstance(value, str) and _ERRORS.fullmatch(value) else ""
