"""Workbooks as four offices keep them, each with its habits. All data are examples, drawn from a fixed seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

_MONEY, _RED, _PARENTHESES = "#,##0.00", "#,##0.00;[Red]-#,##0.00", "#,##0.00_);(#,##0.00)"
_BOLD = Font(bold=True)
Results = dict[tuple[str, str], float | str]


def treasurer(file: Path) -> Path:
    """The accounts of a town: three sheets, heads over two rows, numbers typed as text, formulas and their results."""
    random, book = Random(1), Workbook()
    results: Results = {}
    _statement(_first(book, "3.1 Revenue"), random, ("taxes", "transfers", "fees", "capital", "loans"), results)
    _statement(book.create_sheet("3.2 Spending"), random, ("staff", "goods", "interest", "works"), results)
    balance = book.create_sheet("3.3 Balance")
    balance.append(["3.3 Balance of the current account (amounts in euro)"])
    balance.append([])
    balance.append(["Current account", *(str(year) for year in range(2020, 2025))])
    for label, low, high, form in (
        ("Carried over (+)", 150_000, 220_000, _RED),
        ("Revenue, titles I to III", 12_000_000, 13_000_000, _RED),
        ("Spending, title I (-)", -11_900_000, -11_700_000, _PARENTHESES),
    ):
        balance.append([label, *(round(random.uniform(low, high), 2) for _ in range(5))])
        for cell in balance[balance.max_row][1:]:
            cell.number_format = form
    balance.append(["Loans paid back (-)", "(410,220.15)", "(398,114.02)", "(377,019.88)", -355210.4, -340118.66])
    for column in "BCDEF":
        balance[f"{column}8"] = f"=SUM({column}4:{column}7)"
        balance[f"{column}8"].number_format = _RED
        results["3.3 Balance", f"{column}8"] = _sum(balance, column, 4, 7)
    balance["A8"] = "TOTAL"
    return _saved(book, file, results)


def _statement(sheet: Worksheet, random: Random, titles: tuple[str, ...], results: Results) -> None:
    sheet["A1"] = "TOWN OF EXAMPLE – Finance office (EXAMPLE DATA)"
    sheet.merge_cells("A1:G1")
    sheet["A4"], sheet["B4"], sheet["G4"] = sheet.title[4:].upper(), "Final accounts", "% change on the first year"
    for cells in ("A4:A5", "B4:F4", "G4:G5"):
        sheet.merge_cells(cells)
    for at, year in enumerate(range(2020, 2025)):
        sheet.cell(5, 2 + at, year)
    first, last = 6, 5 + len(titles)
    for number, title in enumerate(titles):
        row = first + number
        sheet.cell(row, 1, f"Title {number + 1} – {title.capitalize()}")
        about = random.uniform(400_000, 9_000_000)
        for at in range(5):
            value: Any = round(about * random.uniform(0.85, 1.15), 2)
            if number == len(titles) - 1 and at != 3:
                value = "-" if at % 2 else None
            elif number == 2 and at < 2:
                value = f"{value:,.2f}"
            sheet.cell(row, 2 + at, value).number_format = _MONEY
        sheet.cell(row, 7, f"=F{row}/B{row}-1").number_format = "0.00%"
        base, end = _number(sheet.cell(row, 2).value), _number(sheet.cell(row, 6).value)
        # Of a number that is typed as text the program makes an error.
        results[sheet.title, f"G{row}"] = (
            float(end / base) - 1 if base and not isinstance(sheet.cell(row, 2).value, str) else "#DIV/0!"
        )
    sheet.cell(last + 1, 1, "TOTAL").font = _BOLD
    for column in "BCDEF":
        sheet[f"{column}{last + 1}"] = f"=SUM({column}{first}:{column}{last})"
        sheet[f"{column}{last + 1}"].number_format = _MONEY
        results[sheet.title, f"{column}{last + 1}"] = _sum(sheet, column, first, last)
    sheet.cell(last + 3, 1, "(*) The figures of 2024 are provisional.")


def personnel(file: Path) -> Path:
    """Staff: a sheet a year, of one shape, each with two tables; a hidden column, shares, no data, days."""
    random, book = Random(2), Workbook()
    for year in (2022, 2023, 2024):
        sheet = _first(book, str(year)) if year == 2022 else book.create_sheet(str(year))
        sheet.append([f"Staff on 31 December {year}"])
        sheet.append([])
        sheet.append(["Grade", "Payroll code", "Women", "Men", "Total", "of which part-time", "% women"])
        rows = ["Managers", "Officers", "Clerks", "Workers"]
        start, women, men = sheet.max_row + 1, 0, 0
        for label in rows:
            w, m = random.randint(3, 40), random.randint(3, 40)
            women, men = women + w, men + m
            part: int | str = random.randint(0, 3) if label != "Managers" else "n.d."
            sheet.append([label, f"P{random.randint(100, 999)}", w, m, w + m, part, w / (w + m)])
        sheet.append(["All grades", None, women, men, women + men, None, women / (women + men)])
        for at in range(start, sheet.max_row + 1):
            sheet.cell(at, 7).number_format = "0.0%"
        sheet.column_dimensions["B"].hidden = True
        sheet.append([])
        sheet.append([])
        sheet.append(["Competitions", "Published", "Places", "Applicants"])
        for at in range(3):
            day = date(year, 2, 3) + timedelta(days=61 * at)
            sheet.append([f"Competition {at + 1}", day, random.randint(1, 4), random.randint(20, 400)])
            sheet.cell(sheet.max_row, 2).number_format = "dd/mm/yyyy"
    return _saved(book, file, {})


def donors(file: Path, count: int = 1200) -> Path:
    """An NGO's list of donors, one after the other, with the currency in the format and a total below."""
    random, book = Random(3), Workbook()
    sheet = _first(book, "Donors")
    sheet.append(["Donor", "Town", "Day", "Amount"])
    for at in range(1, count + 1):
        town = random.choice(("Northfield", "Eastbourne", "Little Wexcombe-on-the-Marsh", "Hill"))
        day = date(2024, 1, 1) + timedelta(days=at * 365 // (count + 1))
        sheet.append([f"Donor {at}", town, day, round(random.uniform(5, 5000), 2)])
        sheet.cell(sheet.max_row, 3).number_format = "dd/mm/yyyy"
    sheet.append(["Total", None, None, float(_sum(sheet, "D", 2, count + 1))])
    for at in range(2, sheet.max_row + 1):
        sheet.cell(at, 4).number_format = '#,##0.00" €"'
    return _saved(book, file, {})


def university(file: Path) -> Path:
    """Students by course: 60 rows in six schools, with sums of each, nine columns, heads over three rows."""
    random, book = Random(4), Workbook()
    sheet = _first(book, "Students")
    sheet.append(["Students by course of study and origin"])
    sheet.append([])
    sheet.append(["Course", "Enrolled", None, None, None, None, None, "Graduates", None])
    sheet.append([None, "Women", None, None, "Men", None, None, None, None])
    sheet.append([None, 2022, 2023, 2024, 2022, 2023, 2024, 2023, 2024])
    for cells in ("A3:A5", "B3:G3", "H3:I4", "B4:D4", "E4:G4"):
        sheet.merge_cells(cells)
    for school in ("Engineering", "Economics", "Law", "Medicine", "Languages", "Agriculture"):
        sheet.append([f"School of {school}"])
        sheet.cell(sheet.max_row, 1).font = _BOLD
        first = sheet.max_row + 1
        for at in range(9):
            sheet.append([f"{school}, course {at + 1}", *(random.randint(8, 1900) for _ in range(8))])
            sheet.cell(sheet.max_row, 1).alignment = Alignment(indent=1)
        last = sheet.max_row
        sheet.append([f"Total {school}", *(int(_sum(sheet, column, first, last)) for column in "BCDEFGHI")])
        for cell in sheet[sheet.max_row]:
            cell.font = _BOLD
    for row in sheet.iter_rows(min_row=6, min_col=2):
        for cell in row:
            cell.number_format = "#,##0"
    return _saved(book, file, {})


OFFICES: Mapping[str, Callable[[Path], Path]] = {
    "treasurer": treasurer,
    "personnel": personnel,
    "donors": donors,
    "university": university,
}


def _first(book: Workbook, title: str) -> Worksheet:
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    return sheet


def _number(value: object) -> Decimal:
    """The number of a cell, also where it is typed as text."""
    if isinstance(value, str):
        plain = value.strip("()").replace(",", "")
        return Decimal(0) if value == "-" else Decimal(plain) * (-1 if value.startswith("(") else 1)
    return Decimal(str(value or 0))


def _sum(sheet: Worksheet, column: str, first: int, last: int) -> float:
    return float(sum((_number(sheet[f"{column}{row}"].value) for row in range(first, last + 1)), Decimal(0)))


def _saved(book: Workbook, file: Path, results: Results) -> Path:
    """The workbook as a program saves it that has worked out its formulas."""
    plain = BytesIO()
    book.save(plain)
    names = {f"xl/worksheets/sheet{number}.xml": name for number, name in enumerate(book.sheetnames, 1)}
    with ZipFile(plain) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for item in old.infolist():
            text = old.read(item.filename).decode("utf-8") if item.filename in names else ""
            for (sheet, cell), result in results.items():
                if sheet == names.get(item.filename):
                    kind = ' t="e"' if isinstance(result, str) else ""
                    wanted = rf'<c r="{cell}"([^>]*)><f>(.*?)</f><v ?/?>(?:</v>)?'
                    value = rf'<c r="{cell}"\1{kind}><f>\2</f><v>{result}</v>'
                    text, count = re.subn(wanted, value, text)
                    assert count == 1, (sheet, cell)
            new.writestr(item, text or old.read(item.filename))
    return file
