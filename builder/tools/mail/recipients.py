"""Who gets the report: a CSV as offices write it, read row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, Span, warning
from builder.model.spelling import composed

# What the columns may be called; others are at the templates' disposal under their own names.
_NAMES = {
    "email": ("email", "e-mail", "mail", "posta", "indirizzo", "address", "pec"),
    "name": ("name", "nome", "nominativo", "destinatario", "recipient"),
    "salutation": ("salutation", "saluto", "greeting", "appellativo"),
}
_DELIMITERS = ",;\t|"
# No list of recipients comes near (bytes), and no cell (characters).
LARGEST, LONGEST = 50_000_000, 500


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person, and the line of the CSV where they stand. `fields` are the other columns."""

    address: str
    name: str
    salutation: str
    line: int
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipients:
    """Those who can be written to, and what is wrong with the other rows."""

    people: tuple[Recipient, ...]
    diagnostics: tuple[Diagnostic, ...]


def recipients(file: Path) -> Recipients:
    """Read `file`. A bad row is said and left out. Raises ReportError where the file as a whole cannot be read."""
    problems: list[Diagnostic] = []
    text = _text(file, problems)
    rows = list(_rows(text, file.name, problems))
    if not rows:
        raise _unreadable(file, "nobody is in it", "the first line names the columns: email, name, salutation")
    columns, first = _columns(rows[0][1], file, problems)
    people: list[Recipient] = []
    seen: dict[str, int] = {}
    for line, cells in rows[first:]:
        if not any(cell.strip() for cell in cells):
            continue
        one = _recipient(columns, cells, line, file.name)
        if isinstance(one, Diagnostic):
            problems.append(one)
        elif one.address.casefold() in seen:
            said = f'"{one.address}" is there twice, first in line {seen[one.address.casefold()]}'
            problems.append(warning("twice", said, "the first one is kept", Span(file.name, line)))
        else:
            seen[one.address.casefold()] = line
            people.append(one)
    return Recipients(tuple(people), tuple(problems))


def _text(file: Path, problems: list[Diagnostic]) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise _unreadable(file, str(error.strerror), "check the name") from error
    if len(data) > LARGEST:
        raise _unreadable(file, "it is far too large for a list of people", "is it the right file?")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return composed(data.decode("utf-16", "replace"))
    if b"\0" in data:
        raise _unreadable(file, "it is no text", "save the table as CSV")
    try:
        return composed(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        said = "the file is not in UTF-8 and was read as Windows-1252"
        problems.append(warning("encoding", said, 'look at the accents, or save it as "CSV UTF-8"', Span(file.name, 1)))
        return data.decode("cp1252", "replace")


def _rows(text: str, name: str, problems: list[Diagnostic]) -> Iterator[tuple[int, list[str]]]:
    head = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count) if any(d in head for d in _DELIMITERS) else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip(" \t\u00a0") for cell in cells]
    except csv.Error as error:
        problems.append(
            Diagnostic("bad-row", f"the rest cannot be read: {error}", "mend this line", Span(name, before))
        )


def _columns(cells: Sequence[str], file: Path, problems: list[Diagnostic]) -> tuple[list[str], int]:
    """The names of the columns, and the row with which the people begin."""
    if any("@" in cell for cell in cells):
        at = next(i for i, cell in enumerate(cells) if "@" in cell)
        columns = ["email" if i == at else f"column-{i + 1}" for i in range(len(cells))]
        others = [i for i in range(len(cells)) if i != at]
        if others:
            columns[others[0]] = "name"
        said = "the first line names no columns: people begin there" + (
            ", their names before or after" if others else ""
        )
        problems.append(warning("no-header", said, "add a line such as: email,name,salutation", Span(file.name, 1)))
        return columns, 0
    known = {written: column for column, words in _NAMES.items() for written in words}
    columns = [
        known.get(cell.strip().lower(), cell.strip().lower() or f"column-{i + 1}") for i, cell in enumerate(cells)
    ]
    if "email" not in columns:
        raise _unreadable(
            file, "no column holds addresses", 'call the column of the addresses "email", in the first line'
        )
    for column in sorted({c for c in columns if columns.count(c) > 1}):
        raise _unreadable(file, f'two columns are called "{column}"', "give one of them another name")
    return columns, 1


def _recipient(columns: Sequence[str], cells: Sequence[str], line: int, file: str) -> Recipient | Diagnostic:
    where = Span(file, line)
    if len(cells) != len(columns) and any(cells[len(columns) :]):
        said = f"the row has {len(cells)} cells, and the table {len(columns)} columns"
        return Diagnostic("bad-row", said, "put a cell that holds the separator in quotes", where)
    row = dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))
    for column, cell in row.items():
        if any(ord(char) < 32 or char in "\u2028\u2029\x7f" for char in cell):
            said = f'the cell "{column}" holds a line break or another character that no letter has'
            return Diagnostic("bad-cell", said, "write it on one line", where)
        if len(cell) > LONGEST:
            return Diagnostic("bad-cell", f'the cell "{column}" has {len(cell)} characters', "shorten it", where)
    try:
        address = validate_email(row["email"], check_deliverability=False).ascii_email
    except EmailNotValidError as error:
        return Diagnostic("bad-address", f'"{row["email"][:60]}": {error}', "correct the address", where)
    if address is None:
        said = f'"{row["email"]}" has letters before the @ that few mail servers take'
        return Diagnostic("bad-address", said, "ask for an address in plain letters", where)
    fields = {column: cell for column, cell in row.items() if column not in _NAMES}
    return Recipient(address, row.get("name", ""), row.get("salutation", ""), line, fields)


def _unreadable(file: Path, what: str, hint: str) -> ReportError:
    return ReportError([Diagnostic("no-recipients", f"{file.name}: {what}", hint, Span(file.name))], ExitCode.CONTENT)
