"""Sheets as offices keep them, as `builder table` reads them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from builder.cli.app import app
from builder.model.diagnostics import ReportError
from builder.tools.sheet import Found, tables_in


def _sheet(tmp_path: Path, *rows: list[object], heads: tuple[str, ...] = ("Entrate", "2023", "2024", "% var.")) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Comune di esempio"])
    sheet.append([])
    sheet.append(list(heads))
    for row in rows:
        sheet.append(row)
    for number in range(4, 4 + len(rows)):
        sheet.cell(number, 4).number_format = "0.0%"
    file = tmp_path / "ufficio.xlsx"
    book.save(file)
    return file


def _read(file: Path) -> Found:
    (found,) = tables_in(file, "it")
    return found


def test_a_table_is_found_below_its_title_and_read(tmp_path: Path) -> None:
    file = _sheet(
        tmp_path, ["Titolo 1 – Tributi", 100, "1.250,50", None], ["Titolo 2", "-", "(3,10)", None], ["TOTALE"]
    )
    found = _read(file)
    assert found.table.titles == ("Comune di esempio",)
    assert [row.key for row in found.table.rows][:2] == ["titolo-1", "titolo-2"]
    assert [one.year for one in found.table.columns[:3]] == [None, 2023, 2024]
    values = [[cell.value for cell in row.cells[1:3]] for row in found.table.rows[:2]]
    assert values == [[Decimal(100), Decimal("1250.50")], [None, Decimal("-3.10")]]
    assert found.table.rows[1].cells[1].words == "–"


def test_changes_are_worked_out_where_the_sheet_has_an_error(tmp_path: Path) -> None:
    file = _sheet(
        tmp_path,
        ["Tributi", 100, 110, 0.1],
        ["Tariffe", "200,00", 250, "#DIV/0!"],
        ["Mutui", "-", 5, "#DIV/0!"],
        ["Saldo", -100, 50, -1.5],
    )
    found = _read(file)
    changes = [row.cells[3] for row in found.table.rows]
    assert found.problems == ()
    assert [one.value for one in changes[:3]] == [Decimal(10), Decimal(25), None]
    assert changes[2].words == "–"
    assert (changes[3].value, changes[3].change) == (None, (Decimal(-100), Decimal(50))), "never -150 per cent"


@pytest.mark.parametrize("wrong", ["#RIF!", "1.23O", "8,790,115.63", "1.2.3"])
def test_what_is_no_number_is_an_error_at_its_cell(wrong: str, tmp_path: Path) -> None:
    file = _sheet(tmp_path, ["Tributi", 100, wrong, 0.1], ["Tariffe", 200, 250, 0.25], ["Altro", 4, 5, 0.25])
    assert [one.span.cell for one in _read(file).problems if one.span is not None] == ["Sheet!C4"]


def test_a_head_in_per_cent_is_one_without_a_sign_at_its_numbers(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Voce;2023;2024;Var %\nA;200;210;5,0\nB;0;5;#DIV/0!\nC;200;250;#DIV/0!\n", "utf-8")
    changes = [row.cells[3] for row in _read(file).table.rows]
    assert [one.value for one in changes] == [Decimal("5.0"), None, Decimal("25.0")]
    assert changes[1].change == (Decimal(0), Decimal(5))


def test_nothing_is_worked_out_where_no_number_shows_how(tmp_path: Path) -> None:
    """Numbers that are no change of the years beside them; and a change of ten from a hundred, which may be either."""
    file = tmp_path / "a.csv"
    file.write_text("Voce;2023;2024;Var.\nA;100;110;10\nC;200;250;#DIV/0!\nD;1;2;#DIV/0!\n", "utf-8")
    assert len(_read(file).problems) == 2
    file.write_text("Voce;2022;2023;2024;Var %\nA;100;50;110;3,3\nB;10;20;25;4,4\nC;200;100;250;#DIV/0!\n", "utf-8")
    found = _read(file)
    assert [one.message for one in found.problems] == ["E4 holds the error #DIV/0!"]
    assert found.table.rows[0].cells[4].value == Decimal("3.3")


def test_a_column_of_errors_is_said_cell_by_cell(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Voce;2023;2024;Var\nA;200;210;10\nB;0;5;#DIV/0!\nC;200;250;#DIV/0!\n", "utf-8")
    found = _read(file)
    assert [cell.value for cell in (row.cells[3] for row in found.table.rows)] == [Decimal(10), Decimal(5), Decimal(50)]
    file.write_text("Voce;2023;2024;Var\nA;100;110;99\nB;0;5;#DIV/0!\nC;200;250;#DIV/0!\n", "utf-8")
    assert [one.span.cell for one in _read(file).problems if one.span is not None] == ["D3", "D4"]


@pytest.mark.parametrize(
    ("language", "sheet", "area", "said"),
    [
        ("it", None, "Z90:Z99", "no table in Z90:Z99"),
        ("it", None, "here", "no range of cells"),
        ("xx", None, None, "no language"),
        ("it", "Nowhere", None, "no sheet"),
    ],
)
def test_what_is_not_there_is_said(
    language: str, sheet: str | None, area: str | None, said: str, tmp_path: Path
) -> None:
    with pytest.raises(ReportError, match=said):
        tables_in(_sheet(tmp_path, ["Tributi", 100, 110, 0.1]), language, sheet, area)


def test_the_command_shows_the_table_and_every_bad_cell(tmp_path: Path) -> None:
    file = _sheet(tmp_path, ["Tributi", 1234.5, "1.23O", 0.1], ["Tariffe", 200, 250, 0.25], ["Altro", 4, 5, 0.25])
    said = CliRunner().invoke(app, ["table", str(file), "-l", "it"])
    assert said.exit_code == 1
    assert "1.234,5" in said.output
    assert "C4" in said.output
