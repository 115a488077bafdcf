"""Sheets as offices keep them: what is a head, a code, a number, a table; what is lost is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from builder.content.rules.headed import headed
from builder.content.rules.sums import sum_findings
from builder.content.sheets.amounts import OtherWayError, amount
from builder.tools.sheet import Found, tables_in

Rows = Sequence[Any]


def sheet(folder: Path, rows: Rows, formats: dict[str, str] | None = None, hide: str = "") -> list[Found]:
    """The tables of a workbook with these rows; formats by cell; hidden rows and columns by name."""
    book = Workbook()
    made = book.worksheets[0]
    made.title = "Foglio"
    for row in rows:
        made.append(list(row))
    for cell, form in (formats or {}).items():
        made[cell].number_format = form
    for name in hide.split():
        (made.row_dimensions[int(name)] if name.isdigit() else made.column_dimensions[name]).hidden = True
    book.save(folder / "t.xlsx")
    return tables_in(folder / "t.xlsx", "it")


def read(found: Found) -> list[list[str]]:
    """The words and numbers of a table, row by row."""
    return [[one.words or str(one.value) for one in row.cells] for row in found.table.rows]


def keys(found: Found) -> tuple[list[str], list[str]]:
    return [one.key for one in found.table.columns], [one.key for one in found.table.rows]


@pytest.mark.parametrize("head", ["2023*", "2023 (*)", "2023¹", "2023 (1)"])
def test_a_year_with_a_mark_heads_its_column(tmp_path: Path, head: str) -> None:
    (found,) = sheet(tmp_path, [["Voce", 2021, 2022, head], ["Entrate", 1, 2, 3], ["Uscite", 4, 5, 6]])
    assert keys(found) == (["voce", "2021", "2022", "2023"], ["entrate", "uscite"])


@pytest.mark.parametrize(
    "row", [["", "€ '000", "€ 000", "%"], ["", "(1)", "(2)", "(3)"], [None, "£'000", "£'000", "%"]]
)
def test_units_and_counts_below_a_head_are_head(tmp_path: Path, row: list[str]) -> None:
    (found,) = sheet(tmp_path, [["Voce", "Previsto", "Speso", "Resto"], row, ["A", 5, 6, 7], ["B", 8, 9, 10]])
    assert keys(found)[1] == ["a", "b"]


@pytest.mark.parametrize(
    "first", [["Aiello", 1950], ["Aiello", "da definire"], ["Aiello", None], ["Aiello", "n.d."], ["Aiello", True]]
)
def test_the_first_row_below_a_complete_head_is_body(tmp_path: Path, first: list[Any]) -> None:
    (found,) = sheet(tmp_path, [["Comune", "Abitanti"], first, ["Bardi", 3000], ["Ceva", 4100]])
    assert [one.label for one in found.table.rows] == ["Aiello", "Bardi", "Ceva"]


def test_numbers_that_look_like_years_are_numbers(tmp_path: Path) -> None:
    (found,) = sheet(
        tmp_path, [["Comune", "Abitanti", "Anno"], ["A", 2150, 2001], ["B", 1950, 2002], ["C", 2020, 2003]]
    )
    assert [one.numbers for one in found.table.columns] == [False, True, False]


def test_a_title_in_two_cells_is_no_head(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["(migliaia di euro)", None, None, "Allegato 4"],
        ["Voce", 2021, 2022, 2023],
        ["A", 1, 2, 3],
        ["B", 4, 5, 6],
    ]
    (found,) = sheet(tmp_path, rows)
    assert keys(found)[0] == ["voce", "2021", "2022", "2023"]
    assert found.table.titles == ("(migliaia di euro) Allegato 4",)


def test_heads_that_say_number_are_heads(tmp_path: Path) -> None:
    (found,) = sheet(tmp_path, [["Comune", "Nr.", "N.D."], ["A", 5, 100], ["B", 6, 200]])
    assert keys(found)[0] == ["comune", "nr", "n-d"]


def test_codes_keep_their_zeros(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Sede", "CAP", "Telefono", "Posti", "Rif."],
        ["Roma", "00184", "06123456", 10, 184],
        ["Bari", "70121", "0805555", 12, 7],
    ]
    (found,) = sheet(tmp_path, rows, {"E2": "00000", "E3": "00000"})
    assert read(found) == [["Roma", "00184", "06123456", "10", "00184"], ["Bari", "70121", "0805555", "12", "00007"]]


def test_marks_of_notes_times_and_durations_are_words(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Sede", "Apre", "Ore", "Utenti", "Note"],
        ["A", time(8, 30), timedelta(hours=30, minutes=5), 120, "(1)"],
        ["B", time(9), timedelta(hours=7), 80, "(2)"],
    ]
    (found,) = sheet(tmp_path, rows, {"C2": "[h]:mm", "C3": "[h]:mm"})
    assert read(found) == [["A", "8:30", "30:05", "120", "(1)"], ["B", "9:00", "7:00", "80", "(2)"]]


@pytest.mark.parametrize("between", [[[]], [["Tabella 2 – Spese"]]])
def test_tables_one_below_the_other(tmp_path: Path, between: Rows) -> None:
    rows: list[list[Any]] = [
        ["Voce", 2022, 2023],
        ["A", 5, 6],
        ["B", 7, 8],
        *between,
        ["Spese", 2022, 2023],
        ["P", 3, 4],
        ["Q", 1, 2],
    ]
    first, second = sheet(tmp_path, rows)
    assert (keys(first)[1], keys(second)[1]) == (["a", "b"], ["p", "q"])


def test_tables_beside_each_other(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Voce", 2022, None, "Tributo", 2022], ["A", 1, None, "C", 3], ["B", 2, None, "D", 4]]
    first, second = sheet(tmp_path, rows)
    assert (first.block.range, second.block.range) == ("A1:B3", "D1:E3")


def test_an_empty_column_in_a_table_parts_nothing(tmp_path: Path) -> None:
    (found,) = sheet(tmp_path, [["Voce", 2022, None, 2023], ["A", 1, None, 3], ["B", 2, None, 4]])
    assert keys(found)[0] == ["voce", "2022", "2023"]


@pytest.mark.parametrize("form", ['#,##0;-#,##0;"-"', '_-* #,##0.00_-;\\-* #,##0.00_-;_-* "-"??_-'])
def test_a_zero_shown_as_a_dash_stays_a_zero(tmp_path: Path, form: str) -> None:
    (found,) = sheet(tmp_path, [["Voce", 2022, 2023], ["A", 0, 0], ["B", 2, 4]], {"B2": form, "C2": form})
    assert [(one.value, one.words) for one in found.table.rows[0].cells[1:]] == [(Decimal(0), "–")] * 2
    assert found.table.rows[0].kind == "row"


def test_hidden_rows_and_columns_at_the_edge_are_named(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Voce", 2021, 2022, 2023],
        ["Uno", 1, 2, 3],
        ["Due", 4, 5, 6],
        ["Tre", 7, 8, 9],
        ["Quattro", 1, 1, 1],
    ]
    (found,) = sheet(tmp_path, rows, hide="2 5 D")
    assert found.hidden == {"row": ["2 (Uno)", "5 (Quattro)"], "column": ["D"]}


def test_labels_and_years_that_stand_twice_have_names_of_their_own(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Voce", "Previsione 2024", "Consuntivo 2024"],
        ["Entrate"],
        ["Altre", 1, 2],
        ["Spese"],
        ["Altre", 3, 4],
    ]
    (found,) = sheet(tmp_path, rows)
    assert keys(found) == (
        ["voce", "previsione-2024", "consuntivo-2024"],
        ["entrate", "entrate-altre", "spese", "spese-altre"],
    )
    (found,) = sheet(tmp_path, [["Voce", 2023, 2024], ["Altro", 1, 2], ["Altro", 3, 4], ["Altro 2", 5, 6]])
    assert len(set(keys(found)[1])) == 3


def test_a_total_is_known_by_what_it_adds_up(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Grado", "Donne", "Uomini"],
        ["A", 12, 15],
        ["B", 20, 11],
        ["Tutti i gradi", 32, 26],
        ["di cui a termine", 3, 4],
    ]
    (found,) = sheet(tmp_path, rows)
    assert [one.kind for one in found.table.rows] == ["row", "row", "total", "row"]


def test_a_merged_head_begins_where_it_is_seen(tmp_path: Path) -> None:
    book = Workbook()
    made: Any = book.worksheets[0]
    for row in [
        ["Voce", "Entrate", None, None, "Spese"],
        [None, 2021, 2022, 2023, 2023],
        ["A", 1, 2, 3, 4],
        ["B", 5, 6, 7, 8],
    ]:
        made.append(row)
    made.merge_cells("B1:D1")
    made.column_dimensions["B"].hidden = True
    book.save(tmp_path / "t.xlsx")
    (found,) = tables_in(tmp_path / "t.xlsx", "it")
    assert [(one.words, one.at, one.across) for one in found.table.heads[0]] == [
        ("Voce", 0, 1),
        ("Entrate", 1, 2),
        ("Spese", 3, 1),
    ]


def test_a_date_shown_as_a_year_is_one(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Voce", date(2022, 1, 1), date(2023, 1, 1)], ["A", 1, 2], ["B", 3, 4]]
    (found,) = sheet(tmp_path, rows, {"B1": "yyyy", "C1": "yyyy"})
    assert keys(found)[0] == ["voce", "2022", "2023"]


def test_a_hidden_sheet_is_not_offered(tmp_path: Path) -> None:
    book = Workbook()
    made: Any
    for made, state in (
        (book.worksheets[0], "hidden"),
        (book.create_sheet("Aperto"), "visible"),
    ):
        made.append(["Voce", 2023])
        made.append(["A", 1])
        made.sheet_state = state
    book.save(tmp_path / "t.xlsx")
    assert [one.sheet for one in tables_in(tmp_path / "t.xlsx", "it")] == ["Aperto"]


def test_a_format_at_the_end_of_the_sheet_costs_nothing(tmp_path: Path) -> None:
    (found,) = sheet(tmp_path, [["Voce", 2023], ["A", 1]], {"J1048576": "0.00"})
    assert found.block.range == "A1:B2"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Item;2023;2024\nA;1,234,567;2,345,678\nB;1;2\n", ["A", "1234567", "2345678"]),
        ("Nome;2023;2024\nRossi, Mario;10;20\nVerdi, Ada;30;40\n", ["Rossi, Mario", "10", "20"]),
        ("Item\t2023\t2024\nA\t1,234,567\t2,345,678\n", ["A", "1234567", "2345678"]),
    ],
)
def test_a_text_table_is_parted_where_all_rows_are_alike(tmp_path: Path, text: str, first: list[str]) -> None:
    (tmp_path / "t.csv").write_text(text, "utf-8")
    (found,) = tables_in(tmp_path / "t.csv", "en")
    assert read(found)[0] == first


@pytest.mark.parametrize("words", ["31 12 2023", "2020 2021", "10 20", "12'34", "00184", "€ '000", "1 234 56"])
def test_what_is_no_number_is_none(words: str) -> None:
    assert amount(words, comma=True) is None


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("‑5", -5),
        ("—5", -5),
        ("3.100–", -3100),
        ("\u200b5", 5),
        ("\u200e-5", -5),
        ("1'234'567", 1234567),
        ("1 234,5", "1234.5"),
    ],
)
def test_pasted_numbers(words: str, value: object) -> None:
    found = amount(words, comma=True)
    assert found is not None
    assert found.value == Decimal(str(value))


def test_a_fraction_is_no_group_of_thousands() -> None:
    with pytest.raises(OtherWayError):
        amount("0.125", comma=True)


def test_rows_that_head_their_parts() -> None:
    rows: list[list[Any]] = [[60, 66, 72], [40, 44, 48], [33, 35, 37], [7, 9, 11], [20, 22, 24], [5, 5, 5]]
    found = headed([[Decimal(value) for value in row] for row in rows], [Decimal("0.5")] * 3)
    assert found == {0: (1, 4), 1: (2, 3)}


def test_opening_and_movements_head_nothing(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Voce", 2021, 2022, 2023, 2024],
        ["Debito al 1/1", 540, 510, 478, 479],
        ["Nuovi", 0, 0, 35, 20],
        ["Rimborsi", 30, 32, 34, 36],
        ["Debito al 31/12", 510, 478, 479, 463],
    ]
    (found,) = sheet(tmp_path, rows)
    assert not list(sum_findings(found.table, "debito", "it"))
    rows[-1][2] = 487
    (found,) = sheet(tmp_path, rows)
    assert any("487" in one.message for one in sum_findings(found.table, "debito", "it"))
