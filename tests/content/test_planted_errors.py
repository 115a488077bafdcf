"""Eighteen wrong numbers of the kinds that officers make, one at a time, in accounts that are right.

Nothing is set up but the tables themselves. Sums stand as they were published, also where a number changes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from builder.build import check
from builder.model.diagnostics import Diagnostic
from builder.model.project import Project
from tests.conftest import Change

_REVENUE = {
    "Title 1 – Taxes": [8214310.55, 8301922.10, 8455010.87, 8612440.02, 8790115.63],
    "Title 2 – Transfers": [2911402.18, 2844210.00, 2512033.41, 2398770.26, 2287654.30],
    "Title 3 – Fees": [1982114.20, 2204330.75, 2311870.66, 2398411.09, 2455020.14],
}
_BALANCE = {
    "Revenue (+)": [13107826.93, 13350462.85, 13278914.94, 13409621.37, 13532790.07],
    "Spending (-)": [-11900120.33, -11780990.1, -11850440.9, -12010233.8, -12104880.55],
    "Loans paid back (-)": [-410220.15, -398114.02, -377019.88, -355210.4, -340118.66],
}
_TOPIC = """page: text
title: Accounts
body:
  - text: |
      Taxes brought in {{ revenue.title-1.2022 }} in [2022]{as=year}. Fees rose to {{ revenue.title-3.2022 }}.
  - table: revenue
    title: Revenue
    file: accounts.xlsx
    sheet: Revenue
    unit: euro
    source: example
  - table: balance
    title: Balance
    file: accounts.xlsx
    sheet: Balance
  - table: staff
    title: Staff
    columns: [2022, 2023, 2024, Share %]
    rows:
      Officers: [41, 42, 44, 44.0]
      Clerks: [33, 34, 36, 36.0]
      Workers: [22, 21, 20, 20.0]
      Total: [96, 97, 100, 100.0]
  - text: |
      | Company | 2022 | 2023 | 2024 |
      |---|---|---|---|
      | Water | 12,100 | 12,400 | 12,900 |
      | Waste | -8,110 | -7,950 | -8,020 |
      | Total | 3,990 | 4,450 | 4,880 |
"""


def _workbook(path: Path) -> None:
    book = Workbook()
    for name, rows in (("Revenue", _REVENUE), ("Balance", _BALANCE)):
        sheet = book.create_sheet(name)
        sheet.append([name, *range(2020, 2025), "% change"] if name == "Revenue" else [name, *range(2020, 2025)])
        sums = [round(sum(column), 2) for column in zip(*rows.values(), strict=True)]
        for label, values in {**rows, "TOTAL": sums}.items():
            sheet.append([label, *values, *([values[-1] / values[0] - 1] if name == "Revenue" else [])])
        for row in sheet.iter_rows(min_row=2, min_col=2):
            for cell in row:
                cell.number_format = "0.00%" if cell.column == 7 else "#,##0.00"
    del book["Sheet"]
    book.save(path)


@pytest.fixture
def accounts(project: Change) -> Project:
    place = project(
        {
            "content/topics/meals.yaml": _TOPIC,
            "content/sources.yaml": "example: {title: Accounts}\n",
        }
    )
    _workbook(place.content / "accounts.xlsx")
    return place


def _cell(sheet: str, cell: str, change: Callable[[float], object], found: str = "") -> Callable[[Project], str]:
    """A change in the workbook, and the cell at which it is to be found; that of a head is the one below it."""

    def plant(place: Project) -> str:
        book = load_workbook(place.content / "accounts.xlsx")
        book[sheet][cell].value = change(book[sheet][cell].value)
        book.save(place.content / "accounts.xlsx")
        return f"{sheet}!{found or cell}"

    return plant


def _text(was: str, now: str) -> Callable[[Project], str]:
    def plant(place: Project) -> str:
        topic = place.content / "topics" / "meals.yaml"
        said = topic.read_text("utf-8")
        assert said.count(was) == 1
        topic.write_text(said.replace(was, now), "utf-8")
        return f"meals.yaml:{said[: said.index(was)].count(chr(10)) + 1}"

    return plant


ERRORS: dict[str, Callable[[Project], str]] = {
    "two digits swapped": _cell("Revenue", "D2", lambda _value: 8545010.87),
    "thousands for units": _cell("Revenue", "E4", lambda value: round(value / 1000, 2)),
    "a sign lost": _cell("Balance", "E3", lambda value: -value),
    "decimals the other way": _cell("Revenue", "F2", lambda _value: "8.790.115,63"),
    "only the first figures": _cell("Revenue", "F2", lambda _value: "8,790"),
    "ten times too much": _cell("Balance", "D2", lambda value: value * 10),
    "a total that does not add up": _cell("Revenue", "D5", lambda value: value + 1000000),
    "a total without a row": _cell("Revenue", "D5", lambda value: round(value - 2512033.41, 2)),
    "a change on another base": _cell("Revenue", "G2", lambda _value: 8790115.63 / 8301922.10 - 1),
    "a year twice": _cell("Revenue", "F1", lambda _value: 2023, "F2"),
    "the number of another year": _cell("Revenue", "C3", lambda _value: 2911402.18),
    "the number of another row": _cell("Revenue", "C3", lambda _value: 2204330.75),
    "a typed total": _text("Total: [96, 97,", "Total: [96, 79,"),
    "a typed share, ten times too small": _text("44, 44.0]", "44, 4.4]"),
    "a typed share, digits swapped": _text("36, 36.0]", "36, 63.0]"),
    "a sign lost in a typed row": _text("-7,950", "7,950"),
    "a quote of another year": _text("{{ revenue.title-1.2022 }}", "{{ revenue.title-1.2021 }}"),
    "words against the numbers": _text("Fees rose to", "Fees fell to"),
}


def _found(place: Project) -> list[Diagnostic]:
    """What is found; numbers that no check holds against others tell nobody that they are wrong."""
    return [one for one in check(place) if one.code not in ("unused", "unverified", "loose-number")]


def test_accounts_that_are_right_raise_no_finding(accounts: Project) -> None:
    assert [str(one) for one in _found(accounts)] == []


@pytest.mark.parametrize("error", ERRORS)
def test_each_is_found_where_it_is(error: str, accounts: Project) -> None:
    where = ERRORS[error](accounts)
    found = [str(one.span) for one in _found(accounts)]
    assert any(where in span for span in found), f"{where} not among {found}"
