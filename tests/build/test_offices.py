"""Workbooks of four offices, printed with the lines that `builder table` writes, held against another library."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from builder.build import build
from builder.build.run import Built
from builder.design.edition import EMAIL, Edition
from builder.model.project import Project
from builder.tools.sheet import as_block, tables_in
from tests import verapdf
from tests.aloud import Reader
from tests.build import golden_pages as golden
from tests.conftest import PRINT
from tests.offices import OFFICES

# How each office shows a number; shares are in per cent.
_SHOWN: dict[str, Callable[[float], str]] = {
    "treasurer": lambda value: f"{value:,.2f}",
    "personnel": lambda value: f"{value:,.0f}",
    "donors": lambda value: f"{value:,.2f}",
    "university": lambda value: f"{value:,.0f}",
}
# What tables are there of beside those of offices: one row, words that cannot be parted, very many columns and rows.
_VARIANTS = """
  - table: single
    title: One row
    columns: [2023, 2024]
    rows: {Visitors: [1200, 1310]}
  - table: words
    title: Words that cannot be parted
    note: These are examples.
    highlight: Treibhausgasemissionsberechnungsmethode
    columns: [2022, 2023, 2024, Change %]
    rows:
      Umwelt: []
      Treibhausgasemissionsberechnungsmethode: [812400.5, 836210, 851305.25, 4.8]
      Grundstücksverkehrsgenehmigungszuständigkeitsübertragung: ["-240115 (1)", -198300.4, "-201440.1*", n.d.]
      Total: [572285.5, 637909.6, 649865.15, 13.6]
  - table: broad
    title: Twenty-four columns
    heat: true
    columns: [COLUMNS]
    rows:
      North: [NORTH]
      South: [SOUTH]
"""


def _variants() -> str:
    months = ", ".join(f"{date(year, month, 1):%b %Y}" for year in (2023, 2024) for month in range(1, 13))
    north, south = (", ".join(str(at * step % 9973 + 1000) for at in range(24)) for step in (811, 577))
    return _VARIANTS.replace("COLUMNS", months).replace("NORTH", north).replace("SOUTH", south)


@pytest.fixture(scope="module")
def place(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose report is the tables of the four offices, and those variants."""
    root = tmp_path_factory.mktemp("offices") / "project"
    shutil.copytree(planted, root)
    topics = root / "content" / "topics"
    shutil.rmtree(topics)
    (root / "content" / "dati").mkdir()
    topics.mkdir()
    for name, save in OFFICES.items():
        file = save(root / "content" / "dati" / f"{name}.xlsx")
        (topics / f"{name}-office.yaml").write_text(_topic(name, _lines(file)), "utf-8")
    (topics / "variants.yaml").write_text(_topic("variants", _variants()), "utf-8")
    rows = "".join(f"Item {at};{at * 7919 % 9973 - 4000};{at * 104729 % 99991}\n" for at in range(1, 2001))
    (root / "content" / "dati" / "long.csv").write_text(f"Item;2023;2024\n{rows}", "utf-8")
    long = "  - table: long\n    title: Two thousand rows\n    file: dati/long.csv\n    unit: euro\n"
    (topics / "long-list.yaml").write_text(_topic("long", long), "utf-8")
    (root / "content" / "indicators.yaml").write_text("{}\n", "utf-8")
    report = root / "content" / "report.yaml"
    order = [f"{name}-office" for name in OFFICES] + ["variants", "long-list"]
    front = re.sub(r"(?s)^order:.*?(?=^colophon:)", "", report.read_text("utf-8"), flags=re.M)
    front += "order:\n  - page: tables\n" + "".join(f"  - topic: {name}\n" for name in order)
    report.write_text(front, "utf-8")
    return Project.at(root)


def _topic(name: str, lines: str) -> str:
    return f"page: text\ntitle: {name.capitalize()}\nbody:\n{lines}"


def _lines(file: Path) -> str:
    """What `builder table` writes for all tables of a file; bars for accounts, sums carried for donors."""
    found, lines = tables_in(file, "en"), list[str]()
    for one in found:
        assert one.problems == ()
        lines += as_block(one, file, file.parent.parent, alone=sum(other.sheet == one.sheet for other in found) == 1)
        lines += {"treasurer": ["    spark: true"], "donors": ["    carry: true"]}.get(file.stem, [])
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def mailed(place: Project) -> Built:
    return build(place, EMAIL)


@pytest.fixture(scope="module")
def words(mailed: Built) -> list[str]:
    """The words of each page, on one line."""
    with pypdfium2.PdfDocument(mailed.path) as pdf:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf]


def _expected(file: Path) -> Iterator[str]:
    """Each row with numbers as it should print, by another library's reading of the file."""
    book = CalamineWorkbook.from_path(str(file))
    for name in book.sheet_names:
        heads: list[Any] = []
        for row in book.get_sheet_by_name(name).to_python():
            numbers = [cell for cell in row[1:] if isinstance(cell, float)]
            if not numbers or all(2019 < one < 2030 for one in numbers):
                heads = [a or b for a, b in zip(row, heads, strict=True)] if numbers and heads else row
                continue
            yield " ".join(filter(None, (_cell(file.stem, row, heads, at) for at in range(len(row)))))


def _cell(office: str, row: list[Any], heads: list[Any], at: int) -> str:
    """One cell as it should print; empty where nothing does."""
    value = row[at]
    if office == "personnel" and at == 1:
        return ""  # which is hidden
    if "%" in str(heads[at]) and isinstance(value, float):
        return f"{value * 100:.2f}" if office == "treasurer" else f"{value * 100:.1f}"
    if at == len(row) - 1 and office == "treasurer" and "%" in str(heads[at]) and row[0] != "TOTAL":
        base, end = (_number(row[column]) for column in (1, 5))  # the sheet has an error here
        return f"{(end / base - 1) * 100:.2f}" if base and end else "–"
    if isinstance(value, float):
        return _SHOWN[office](value)
    if isinstance(value, str) and at and (number := _number(value)):
        return _SHOWN[office](number)
    return {"-": "–"}.get(value, value) if isinstance(value, str) else f"{value:%b} {value.day}, {value.year}"


def _number(value: Any) -> float:
    if isinstance(value, float):
        return value
    plain = str(value).replace(",", "").strip("()")
    return float(plain) * (-1 if "(" in value else 1) if re.fullmatch(r"[\d.]+", plain) else 0.0


@pytest.mark.parametrize("office", OFFICES)
def test_every_row_is_printed_to_the_last_digit(office: str, place: Project, words: list[str]) -> None:
    printed = " ".join(words).replace("\u2212", "-")
    rows = list(_expected(place.content / "dati" / f"{office}.xlsx"))
    assert len(rows) > 10
    assert [row for row in rows if row not in printed] == []


def test_nothing_is_found_wrong(mailed: Built, place: Project) -> None:
    """The numbers are right: no check says otherwise; and the file is what it says it is, on screens and in print."""
    assert {one.code for one in mailed.diagnostics} == {"hidden-rows", "loose-number"}
    assert verapdf.failures(mailed.path, "2a") == []
    assert verapdf.failures(mailed.path, "ua1") == []
    assert PRINT.printer is not None
    build(place, Edition("print", PRINT.printer.model_copy(update={"binding": "perfect"})))  # too many to be stitched


def test_the_pages_look_as_they_did(mailed: Built, words: list[str], request: pytest.FixtureRequest) -> None:
    """All pages of tables but those in the midst of long ones."""
    numbers = [
        at
        for at, page in enumerate(words, 1)
        if not re.search(r"\b(?:Donor|Item) \d+\b", page) or re.search(r"\b(?:Donor|Item) (?:1|1200|2000) ", page)
    ]
    renew = bool(request.config.getoption("--renew-golden"))
    assert golden.compare("offices", mailed.path, renew=renew, only=numbers) == []


def test_bands_and_parentheses(place: Project, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    shutil.copytree(place.root, tmp_path / "project")
    other = Project.at(tmp_path / "project")
    theme = other.layouts / "theme.yaml"
    style = "\ntables: {rows: bands, negative: parentheses}\n"
    theme.write_text(theme.read_text("utf-8") + style, "utf-8")
    report = other.content / "report.yaml"
    kept = re.sub(r"  - topic: (?!treasurer|variants).*\n", "", report.read_text("utf-8"))
    report.write_text(kept, "utf-8")
    book = build(other, EMAIL)
    renew = bool(request.config.getoption("--renew-golden"))
    assert golden.compare("offices-bands", book.path, renew=renew) == []


def test_a_table_is_read_aloud_with_its_heads(mailed: Built) -> None:
    """Merged heads are read once; sums that are carried are furniture of the page."""
    heard = Reader(mailed.path).heard()
    said = [one.words for one in heard]
    assert "Course Enrolled Graduates" in said
    assert "Women Men" in said
    assert "2022 2023 2024 2022 2023 2024 2023 2024" in said
    assert not [one for one in said if "forward" in one]
