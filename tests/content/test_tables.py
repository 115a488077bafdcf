"""Indicators from CSV and XLSX, as offices write them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from builder.content.check import check
from builder.content.load import load
from builder.content.numbers import in_form
from builder.model.diagnostics import Diagnostic, ReportError
from builder.model.indicator import Indicator
from tests.conftest import Change

TABLE = """title: R
organisation: O
period: {from: 2019, to: 2023}
language: it
order: [{page: cover}]
tables:
  - file: dati/FILE
    columns: {id: Codice, label: Indicatore, value: Valore, unit: Unità, from: Anno}
    all: {kind: count, source: s}
"""
HEAD = ["Codice", "Indicatore", "Valore", "Unità", "Anno"]
Read = Callable[..., tuple[dict[str, Indicator], tuple[Diagnostic, ...]]]


@pytest.fixture
def read(project: Change) -> Read:
    """Reads one table through `load`; returns the indicators and what was refused."""

    def run(name: str, data: bytes, report: str = TABLE) -> tuple[dict[str, Indicator], tuple[Diagnostic, ...]]:
        files: dict[str, str | bytes | None] = {
            "content/report.yaml": report.replace("FILE", name),
            f"content/dati/{name}": data,
            "content/indicators.yaml": "{}\n",
            "content/sources.yaml": "s: {title: S}\n",
        }
        place = project(files)
        try:
            found = load(place).indicators.data
        except ReportError as error:
            return {}, error.diagnostics
        assert isinstance(found, dict)
        return {str(key): Indicator.model_validate(value) for key, value in found.items()}, ()

    return run


def workbook(*rows: Any, make: Callable[[Worksheet], None] = lambda _sheet: None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Dati 2023"
    for row in rows:
        sheet.append(list(row))
    make(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cached(data: bytes, cell: str, value: str) -> bytes:
    """The workbook as a program saves it that has worked out the formula in `cell`."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for item in old.infolist():
            text = old.read(item.filename)
            if item.filename.endswith("sheet1.xml"):
                wanted = rf'(<c r="{cell}"[^>]*>)<f>(.*?)</f><v ?/?>(?:</v>)?'.encode()
                text, count = re.subn(wanted, rb"\1<f>\2</f><v>" + value.encode() + b"</v>", text)
                assert count == 1
            new.writestr(item, text)
    return out.getvalue()


def places(problems: tuple[Diagnostic, ...]) -> list[tuple[str, str]]:
    return [(one.code, str(one.span)) for one in problems]


def test_a_workbook_comes_in_as_it_is_shown(read: Read) -> None:
    def shown(sheet: Worksheet) -> None:
        sheet["C3"].number_format = "0%"

    rows = [
        HEAD,
        [" utenti ", "Utenti  della\u00a0biblioteca ", 4300, None, 2023],
        ["quota", "Quota", 0.66, "%", 2023.0],
    ]
    found, problems = read("x.xlsx", workbook(*rows, make=shown))
    assert not problems
    assert found["utenti"].label == "Utenti della biblioteca"
    assert found["utenti"].value == Decimal(4300)
    assert found["quota"].value == Decimal(66)
    assert found["quota"].unit == "percent", "units by the way they print"
    assert found["utenti"].period is not None
    assert found["utenti"].period.from_ == 2023


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_csv_in_the_ways_of_offices(read: Read, encoding: str, delimiter: str) -> None:
    lines = [
        "Elenco 2023",
        "",
        "Codice;Indicatore;Valore;Unità;Anno",
        'spesa;"Spesa; più mensa";1.234,5;Mln di €; 2023 ',
        "",
    ]
    text = "\r\n".join(line.replace(";", delimiter) for line in lines)
    found, problems = read("x.csv", text.encode(encoding))
    assert not problems
    assert found["spesa"].value == Decimal("1234.5")
    assert found["spesa"].unit == "million-euro"
    assert str(found["spesa"].label).startswith("Spesa")
    assert "più" in str(found["spesa"].label)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.234", "1234"),
        ("12,50", "12.50"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("+14", "14"),
        (" 1 234,5 ", "1234.5"),
        ("66%", "66"),
    ],
)
def test_numbers_typed_as_text(read: Read, written: str, value: str) -> None:
    found, problems = read("x.xlsx", workbook(HEAD, ["a", "A", written, None, 2023]))
    assert not problems
    assert found["a"].value == Decimal(value)


@pytest.mark.parametrize(
    "written",
    ["1234.5", "1.23", "circa 30", "12,3,4", "1.2345", "n.d.", True, datetime(2023, 5, 1), date(2023, 5, 1), "1e5"],
)
def test_what_is_no_number_is_refused_by_its_cell(read: Read, written: object) -> None:
    found, problems = read("x.xlsx", workbook(HEAD, ["a", "A", written, None, 2023]))
    assert not found
    assert places(problems) == [("bad-cell", "content/dati/x.xlsx:Dati 2023!C2")]
    assert problems[0].hint


def test_floats_have_the_digits_that_a_sheet_keeps(read: Read) -> None:
    found, _ = read("x.xlsx", workbook(HEAD, ["a", "A", 0.1 + 0.2, None, 2023], ["b", "B", 1e6, None, 2023]))
    assert found["a"].value == Decimal("0.3")
    assert str(found["b"].value) == "1000000"


def test_formulas_give_what_was_worked_out_or_are_refused(read: Read) -> None:
    data = workbook(HEAD, ["a", "A", '=VLOOKUP("a",A1:C3,3)', None, 2023])
    _, problems = read("x.xlsx", data)
    assert places(problems) == [("bad-cell", "content/dati/x.xlsx:Dati 2023!C2")]
    assert "VLOOKUP" in problems[0].message
    found, problems = read("x.xlsx", cached(data, "C2", "5"))
    assert not problems
    assert found["a"].value == 5
    found, problems = read("x.xlsx", workbook(HEAD, ["a", "A", "=2+C3", None, 2023], ["b", "B", 3, None, 2023]))
    assert not problems
    assert found["a"].value == 5, "where no program has worked it out, it is reckoned"
    _, problems = read("x.xlsx", workbook(HEAD, ["a", "A", "#DIV/0!", None, 2023]))
    assert "error" in problems[0].message


def test_years_and_days(read: Read) -> None:
    found, problems = read(
        "x.xlsx", workbook(HEAD, ["a", "A", 1, None, datetime(2023, 12, 31)], ["b", "B", 1, None, "2022"])
    )
    assert not problems
    assert found["a"].period is not None
    assert found["a"].period.from_ == 2023
    _, problems = read("x.xlsx", workbook(HEAD, ["a", "A", 1, None, 45291]))
    assert places(problems) == [("bad-cell", "content/dati/x.xlsx:Dati 2023!E2")]
    assert "2023-12-31" in problems[0].hint


def test_merged_headings_are_joined(read: Read) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:B2")
        sheet.merge_cells("C1:D1")

    rows = [["Codice", "Indicatore", "Valore", None, "Anno"], [None, None, 2022, 2023, None], ["a", "A", 1, 2, 2023]]
    report = TABLE.replace("value: Valore, unit: Unità", "value: Valore / 2023").replace(", from: Anno", "")
    found, problems = read("x.xlsx", workbook(*rows, make=merge), report)
    assert not problems
    assert found["a"].value == 2


def test_merged_data_are_refused(read: Read) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("E2:E3")

    _, problems = read("x.xlsx", workbook(HEAD, ["a", "A", 1, None, 2023], ["b", "B", 2, None, None], make=merge))
    assert places(problems) == [("bad-cell", "content/dati/x.xlsx:Dati 2023!E3")]


def test_totals_doubles_and_missing_columns(read: Read) -> None:
    rows: list[Sequence[Any]] = [
        HEAD,
        ["a", "A", 1, None, 2023],
        ["a", "A", 2, None, 2023],
        [None, "Totale", 3, None, None],
    ]
    _, problems = read("x.xlsx", workbook(*rows))
    assert places(problems) == [
        ("bad-cell", "content/dati/x.xlsx:Dati 2023!A3"),
        ("bad-cell", "content/dati/x.xlsx:Dati 2023!A4"),
    ]
    _, problems = read("x.xlsx", workbook([*HEAD[:3], "Unita", "Anno"], ["a", "A", 1, None, 2023]))
    assert [one.code for one in problems] == ["bad-table"]
    assert "unità" in problems[0].message.casefold()
    assert "unita" in problems[0].hint


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut off", b"\x00\x01\x02", b'Codice;Ind"icatore'])
@pytest.mark.parametrize("name", ["x.xlsx", "x.csv"])
def test_files_that_are_no_tables(read: Read, name: str, data: bytes) -> None:
    found, problems = read(name, data)
    assert not found
    assert {one.code for one in problems} == {"bad-table"}


def test_no_such_sheet_and_no_such_file(read: Read, project: Change) -> None:
    _, problems = read("x.xlsx", workbook(HEAD), TABLE.replace("    columns", "    sheet: Foglio9\n    columns"))
    assert [one.code for one in problems] == ["bad-table"]
    assert "Dati 2023" in problems[0].hint
    (project().root / "content" / "dati" / "x.xlsx").unlink()
    with pytest.raises(ReportError) as caught:
        load(project({"content/report.yaml": TABLE.replace("FILE", "../../../x.xlsx")}))
    assert [one.code for one in caught.value.diagnostics] == ["outside-project"]


def test_a_name_in_the_table_and_in_the_yaml(project: Change) -> None:
    csv = b"Codice;Indicatore;Valore;Unit\xe0;Anno\na;A;1;;2023\n"
    files: dict[str, str | bytes | None] = {
        "content/report.yaml": TABLE.replace("FILE", "x.csv"),
        "content/dati/x.csv": csv,
        "content/indicators.yaml": "a: {label: A, kind: count, value: 1, source: s}\n",
    }
    with pytest.raises(ReportError) as caught:
        load(project(files))
    assert [(one.code, str(one.span)) for one in caught.value.diagnostics] == [
        ("duplicate-key", "content/dati/x.csv:A2")
    ]


def test_what_checks_say_of_a_table_names_its_cell(project: Change) -> None:
    report = (
        TABLE.replace("FILE", "x.csv").replace("kind: count", "kind: share").replace("[{page: cover}]", "[{topic: t}]")
    )
    files: dict[str, str | bytes | None] = {
        "content/report.yaml": report,
        "content/dati/x.csv": "Codice;Indicatore;Valore;Unità;Anno\nquota;Quota;172;%;2031\n".encode(),
        "content/indicators.yaml": "{}\n",
        "content/sources.yaml": "s: {title: S}\n",
        "content/topics/t.yaml": "title: T\npage: text\ntext: '{{ quota }}'\n",
    }
    place = project(files)
    for name in ("donations", "meals", "satisfaction", "volunteers"):
        (place.content / "topics" / f"{name}.yaml").unlink()
    found = {one.code: str(one.span) for one in check(load(place), place).diagnostics}
    assert found["share-range"] == "content/dati/x.csv:C2"
    assert found["period-outside"] == "content/dati/x.csv:E2"


@pytest.mark.parametrize("form", ['0.0"%"', r"0.0\%"])
def test_a_per_cent_sign_that_is_only_written_multiplies_nothing(read: Read, form: str) -> None:
    def shown(sheet: Worksheet) -> None:
        sheet["C2"].number_format = form

    found, _ = read("x.xlsx", workbook(HEAD, ["quota", "Quota", 66.5, "%", 2023], make=shown))
    assert found["quota"].value == Decimal("66.5")


def test_two_columns_of_one_heading_are_refused(read: Read) -> None:
    rows = [["Codice", "Indicatore", "Valore", "Valore", "Anno"], ["utenti", "Utenti", 1, 2, 2023]]
    _, problems = read("x.xlsx", workbook(*rows), TABLE.replace("unit: Unità, ", ""))
    assert [one.code for one in problems] == ["bad-table"]
    assert 'two columns of "content/dati/x.xlsx" are headed "valore"' in problems[0].message


def test_a_table_with_every_field_in_quotation_marks(read: Read) -> None:
    text = '"Codice";"Indicatore";"Valore";"Unità";"Anno"\r\n"utenti";"Utenti, con tessera";"4.300";"";"2023"\r\n'
    found, problems = read("x.csv", text.encode())
    assert not problems
    assert found["utenti"].value == Decimal(4300)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_that_is_cut_off_is_refused(read: Read, part: str) -> None:
    out = io.BytesIO()
    with ZipFile(io.BytesIO(workbook(HEAD, ["utenti", "Utenti", 1, "", 2023]))) as old, ZipFile(out, "w") as new:
        for item in old.infolist():
            data = old.read(item.filename)
            new.writestr(item.filename, data[: len(data) // 2] if item.filename == part else data)
    _, problems = read("x.xlsx", out.getvalue())
    assert [one.code for one in problems] == ["bad-table"]


@pytest.mark.parametrize(
    ("value", "form", "unit", "printed"),
    [
        (4.333333333333333, "0.0", None, "4.3"),
        (4.333333333333333, "General", None, "4.333333333"),
        (8042263.9, "#,##0.00", "euro", "8,042,263.90\u00a0euro"),
        (12_400_000, "0.0,,", "million euro", "12.4\u00a0million euro"),
        (0.6631578947, "0.0%", "%", "66.3%"),
        (2, "0.00", None, "2.00"),
        (0.125, "0.00%", None, "12.50%"),
        (-410220.15, "#,##0.00;[Red](#,##0.00)", "euro", "−410,220.15\u00a0euro"),
    ],
)
def test_a_number_prints_as_the_sheet_shows_it(
    value: float, form: str, unit: str | None, printed: str, project: Change
) -> None:
    def make(sheet: Worksheet) -> None:
        sheet["C2"].number_format = form

    kind = "share" if "%" in form else "total"
    columns = "{id: Code, label: Label, value: Value, unit: Unit, kind: Kind, source: Source}"
    place = project({"content/data.xlsx": workbook(
        ["Code", "Label", "Value", "Unit", "Kind", "Source"], ["one", "One", value, unit, kind, "example"], make=make
    )})  # fmt: skip
    report = place.content / "report.yaml"
    table = f"tables:\n  - {{file: data.xlsx, columns: {columns}}}\n"
    report.write_text(report.read_text("utf-8") + table, encoding="utf-8")
    found = check(load(place), place)
    assert found.report is not None, found.diagnostics
    assert in_form(found.report.indicators["one"], "", found.report.labels, "en") == printed


def test_a_scale_that_the_unit_does_not_count_in_is_refused_by_its_cell(project: Change) -> None:
    def make(sheet: Worksheet) -> None:
        sheet["B2"].number_format = "0.0,,"

    place = project({"content/data.xlsx": workbook(["Code", "Value", "Unit"], ["one", 12_400_000, "euro"], make=make)})
    report = place.content / "report.yaml"
    table = "tables:\n  - {file: data.xlsx, columns: {id: Code, value: Value, unit: Unit}, all: {kind: total}}\n"
    report.write_text(report.read_text("utf-8") + table, encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        load(place)
    assert [(d.code, d.span.cell if d.span else "") for d in caught.value.diagnostics] == [("bad-cell", "Dati 2023!B2")]


def test_per_cent_of_another_unit_is_refused_by_its_cell(project: Change) -> None:
    def make(sheet: Worksheet) -> None:
        sheet["B2"].number_format = "0%"

    place = project({"content/data.xlsx": workbook(["Code", "Value", "Unit"], ["one", 0.5, "million euro"], make=make)})
    report = place.content / "report.yaml"
    table = "tables:\n  - {file: data.xlsx, columns: {id: Code, value: Value, unit: Unit}, all: {kind: total}}\n"
    report.write_text(report.read_text("utf-8") + table, encoding="utf-8")
    with pytest.raises(ReportError, match='is shown in per cent, and its unit is "million-euro"'):
        load(place)
