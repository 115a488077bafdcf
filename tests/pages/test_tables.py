"""Tables as they are printed: every number of the sheet, in columns that fit, over as many pages as they need."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.build import build, check
from builder.build.run import Built
from builder.content.check import check as check_manuscript
from builder.content.load import load
from builder.content.numbers import decimal
from builder.design.edition import EMAIL
from builder.model.body import TableBlock
from builder.model.diagnostics import ReportError
from builder.model.project import Project
from builder.model.table import HeadCell, SheetTable, TableCell, TableColumn, TableRow
from builder.pages.tables import SMALLEST, set_table
from builder.pages.tables.sparks import sparks
from tests import verapdf
from tests.conftest import PRINT, Change, examples
from tests.figures.test_charts import _made

_BLOCK = "page: text\ntitle: Meals\nbody:\n  - table: accounts\n    title: The accounts\n"


def _project(project: Change, sheet: str, more: str = "", text: str = "") -> Project:
    files = {
        "content/topics/meals.yaml": f"{_BLOCK}    file: accounts.csv\n{more}{text}",
        "content/accounts.csv": sheet,
    }
    return project(files)


def _texts(built: Built) -> list[str]:
    with pypdfium2.PdfDocument(built.path) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def test_an_office_sheet_is_printed_to_the_last_digit_and_quoted(project: Change) -> None:
    sheet = (
        "Accounts of the town;;\n;;\nItem;2023;2024\nTitle 1 - Taxes;1,200.50;900\nFees;-;(3.10)\n"
        "Total;1200.50;896.90\n;;\n(*) An example.;;\n"
    )
    place = _project(
        project,
        sheet,
        "    unit: euro\n    source: example\n",
        "  - text: Taxes were {{ accounts.title-1.2024 }} ({{ table:accounts }}).\n",
    )
    said = "\n".join(_texts(build(place, EMAIL, None)))
    for words in (
        "Title 1 - Taxes",
        "1,200.50",
        "900.00",
        "−3.10",
        "Total",
        "896.90",
        "(*) An example.",
        "Table 1",
        "in euro",
    ):
        assert words in said, words
    assert "Taxes were 900.00" in said.replace("\xa0", " ")


def test_a_long_table_repeats_its_head_and_loses_no_row(project: Change) -> None:
    rows = "".join(f"Row {at} here,{at * 7}\n" for at in range(150))
    pages = _texts(build(_project(project, f"Item,Value\n{rows}"), EMAIL, None))
    standing = [page for page in pages if "The accounts" in page and "Row " in page]
    assert len(standing) > 2
    assert ["continued" in page for page in standing] == [False, *[True] * (len(standing) - 1)]
    assert all("Value" in page for page in standing)
    printed = [int(at) for page in standing for at in re.findall(r"Row (\d+) here", page)]
    assert printed == list(range(150))
    assert len(re.findall(r"Row \d+", standing[-1])) >= 3


def test_a_wide_table_turns_its_page_in_print_and_lies_flat_on_screens(project: Change) -> None:
    years = range(2008, 2025)
    sheet = "Item," + ",".join(map(str, years)) + "\n"
    sheet += "".join(
        f"Item of the example {at}," + ",".join(str(at * 10_000 + y) for y in years) + "\n" for at in range(1, 60)
    )
    place = _project(project, sheet)
    mailed = build(place, EMAIL, None)
    with pikepdf.open(build(place, PRINT, None).path) as pdf:
        assert not any("/Rotate" in page.obj for page in pdf.pages)
        assert len({tuple(map(float, page.mediabox)) for page in pdf.pages}) == 1, "in print, all pages stand upright"
    with pypdfium2.PdfDocument(mailed.path) as pdf:
        lying = [page for page in pdf if page.get_width() > page.get_height()]
        assert len(lying) > 1
        for page in lying:
            assert page.get_rotation() == 0
            words = page.get_textpage().get_text_range()
            assert re.search(r"^\d+\s*$", words, re.MULTILINE), "with folio"
    with pypdfium2.PdfDocument(mailed.path) as pdf:
        for page in pdf:
            words = page.get_textpage()
            _, _, wide, high = page.get_mediabox()
            for at in (n for n in range(words.count_chars()) if words.get_text_range(n, 1).strip()):
                box = words.get_charbox(at)
                assert 0 < box[0] <= box[2] < wide, "nothing is cut off"
                assert 0 < box[1] <= box[3] < high


def test_what_cannot_be_read_is_said_at_its_cell(project: Change) -> None:
    found = check(_project(project, "Item,2023,2024\nTaxes,1.200.50,900\nFees,12,1O0\nMore,3,4\n"))
    said = [(one.code, one.span.cell) for one in found if one.span is not None and one.span.file.endswith(".csv")]
    assert said == [("bad-cell", "B2"), ("bad-cell", "C3")]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("    sheet: Nothing\n    range: Z1:Z9\n", "bad-table"),
        ("    unit: parsecs\n", "unknown-unit"),
        ("    source: nobody\n", "unknown-source"),
        ("    total: Nothing\n", "unknown-column"),
        ("    columns: {without: Nothing}\n", "unknown-column"),
        ("    rows: {a: [1]}\n", "missing-key"),
        ("    id: other\n", "said"),
    ],
)
def test_mistakes_in_a_block_are_said_at_their_lines(more: str, code: str, project: Change) -> None:
    found = check(_project(project, "Item,2023,2024\nTaxes,12,900\nFees,12,100\n", more))
    assert any(one.span is not None and one.span.line >= 4 for one in found if one.severity == "error"), found
    if code != "said":
        assert code in [one.code for one in found]


def test_a_quote_of_a_cell_that_is_not_there_names_what_is(project: Change) -> None:
    sheet, text = (
        "Item,2023,2024\nTaxes,12,900\nFees,12,100\n",
        "  - text: See {{ accounts.taxis.2024 }} and {{ accounts.taxes.2042 }}.\n",
    )
    found = {one.code: one for one in check(_project(project, sheet, "    source: example\n", text))}
    assert "taxes" in str(found["unknown-row"].hint)
    assert "2024" in str(found["unknown-column"].hint)


@st.composite
def sheets(draw: st.DrawFn) -> SheetTable:
    columns, count = draw(st.integers(1, 30)), draw(st.integers(1, 30))
    word = st.text("abcdefghilmnoprstuvz", min_size=1, max_size=24)
    labels = [draw(st.lists(word, min_size=1, max_size=9).map(" ".join)) for _ in range(count)]
    digits = [draw(st.integers(0, 3)) for _ in range(columns)]
    size = draw(st.sampled_from([10**2, 10**6, 10**12]))
    rng = random.Random(draw(st.integers(0, 10**6)))

    def cell(decimals: int) -> TableCell:
        return TableCell(Decimal(rng.randint(-size, size)).scaleb(-decimals), decimals=decimals)

    rows = tuple(
        TableRow(
            f"r{at}", label, "row",
            (TableCell(None, label), *(cell(d) for d in digits)),
        )
        for at, label in enumerate(labels)
    )  # fmt: skip
    names = [str(2000 + at) if rng.random() < 0.7 else draw(word) for at in range(columns)]
    heads = (HeadCell(""), *(HeadCell(name, at + 1) for at, name in enumerate(names)))
    kinds = (
        TableColumn("a", "", "words"),
        *(
            TableColumn(f"c{n}", name, "numbers", decimals=d)
            for n, (name, d) in enumerate(zip(names, digits, strict=True))
        ),
    )
    return SheetTable((heads,), kinds, rows)


@pytest.fixture(scope="module")
def place(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("tables")
    for folder in ("content", "layouts", "fonts"):
        (root / folder).symlink_to(planted / folder)
    return Project.at(root)


@settings(max_examples=examples(40), deadline=None)
@given(table=sheets(), wide=st.booleans())
def test_any_table_fits_its_page_with_each_of_its_numbers_or_says_why(
    table: SheetTable, wide: bool, place: Project
) -> None:
    found = check_manuscript(load(place), place)
    assert found.report is not None
    assert found.theme is not None
    said = {"table": "accounts", "title": "Accounts", "rows": {"a": [1]}} | ({"page": "wide"} if wide else {})
    block = TableBlock.model_validate(_made(said))
    report = found.report.model_copy(update={"tables": {"accounts": table}})
    report.__dict__["table_numbers"] = {"accounts": 1}
    shown = set_table(block, report, found.theme, place)
    if shown.faults:
        assert [one.code for one in shown.faults] == ["wide-table"]
        return
    measure = found.theme.depth if shown.turned else found.theme.measure
    assert all(sheet.width <= measure + 0.1 for sheet in shown.sheets)
    assert shown.size >= SMALLEST
    printed = sorted(cell.text for sheet in shown.sheets for row in sheet.rows for cell in row.cells[1:])
    language = str(report.front.language)
    wanted = [decimal(cell.value, language) for row in table.rows for cell in row.cells[1:] if cell.value is not None]
    assert printed == sorted(wanted)


def test_layouts_of_an_older_project_say_that_they_print_no_tables(project: Change) -> None:
    place = _project(project, "Item,2023,2024\nTaxes,12,900\n")
    block = place.layouts / "pages" / "_block.html"
    block.write_text(block.read_text("utf-8").replace('{% include "_table.html" %}', ""), "utf-8")
    with pytest.raises(ReportError, match="print no tables"):
        build(place, EMAIL, None)


_DRAWN = "Item;2023;2024\nTaxes;1,200.5;900.25\nFees;20.5;(3.10)\nTotal;1221.00;897.15\n"


def test_a_figure_draws_a_table(project: Change) -> None:
    """Its numbers are those of the sheet, with the digits and the unit of the table; a total is none of the rows."""
    figure = "  - figure: {kind: grouped, title: Drawn, data: {table: accounts}}\n"
    place = _project(project, _DRAWN, "    unit: euro\n    source: example\n", figure)
    said = "\n".join(_texts(build(place, EMAIL, None)))
    assert said.count("1,200.50") == 3, "in the table, in the figure, and in the data of the figure"
    assert said.count("−3.10") == 3
    assert said.count("1,221.00") == 1, "the total is not drawn"


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        ("{table: acounts}", "unknown-table", "8:57"),
        ("{table: accounts, rows: [Tax]}", "unknown-row", "8:74"),
        ("{table: accounts, columns: ['2022']}", "unknown-column", "8:77"),
        ("{table: accounts, columns: [Item]}", "unknown-column", "8:77"),
    ],
)
def test_what_a_figure_does_not_find_in_a_table_is_said(project: Change, data: str, code: str, place: str) -> None:
    figure = f"  - figure: {{kind: grouped, title: Drawn, data: {data}}}\n"
    found = check(_project(project, _DRAWN, "    source: example\n", figure))
    assert [(one.code, str(one.span)) for one in found if one.severity == "error"] == [
        (code, f"content/topics/meals.yaml:{place}")
    ]


def test_a_figure_of_a_table_without_a_source_or_of_two_units_is_refused(project: Change) -> None:
    figure = "  - figure: {kind: grouped, title: Drawn, data: {table: accounts}}\n"
    for more, code in (("", "missing-key"), ("    source: example\n    unit: {Taxes: euro}\n", "two-units")):
        found = check(_project(project, _DRAWN, more, figure))
        assert [one.code for one in found if one.severity == "error"] == [code]


def test_sums_are_carried_from_page_to_page(project: Change) -> None:
    """What a page carries forward is the sum of all rows so far, and is what the next one begins with."""
    rows = "".join(f"Gift {at};{at * 10}\n" for at in range(1, 121))
    sheet = f"Item;2024\n{rows}Total;{sum(at * 10 for at in range(1, 121))}\n"
    printed = _texts(build(_project(project, sheet, "    carry: true\n"), EMAIL, None))
    pages = [page for page in printed if re.search(r"Gift \d", page)]
    assert len(pages) > 2
    carried = [re.search(r"Carried forward\s+([\d,]+)", page) for page in pages[:-1]]
    brought = [re.search(r"Brought forward\s+([\d,]+)", page) for page in pages[1:]]
    done = 0
    for page, after, before in zip(pages, carried, brought, strict=False):
        done += sum(int(number.replace(",", "")) for number in re.findall(r"Gift \d+\s+([\d,]+)", page))
        assert after is not None
        assert before is not None
        assert after[1] == before[1] == f"{done:,}"


def test_bars_of_a_row_are_as_tall_as_its_numbers(project: Change) -> None:
    sheet = "Item;2021;2022;2023;2024\nFees;10;20;n.d.;40\nLoss;-1;1;0;2\n"
    place = _project(project, sheet, "    spark: true\n")
    table = load(place).tables["accounts"]
    assert table is not None
    first, second = sparks(table)
    assert first is not None
    assert second is not None
    assert [round(bar.height / first.bars[-1].height, 6) for bar in first.bars] == [0.25, 0.5, 1.0]
    assert first.trend == "rising"
    assert second.bars[0].bottom == 0.0
    assert second.bars[1].bottom == pytest.approx(second.bars[0].height)
    assert "Trend" in "".join(_texts(build(place, EMAIL, None)))


def test_a_table_waives_what_is_found_in_its_cells(project: Change) -> None:
    sheet = "Item;2023;2024\nTaxes;100;200\nFees;10;20\nTotal;110;230\n"
    waive = "    waive: [{check: table-sum, reason: The total is as published.}]\n"
    found = [one.code for one in check(_project(project, sheet))]
    assert "table-sum" in found
    assert {"table-sum", "idle-waiver"}.isdisjoint(one.code for one in check(_project(project, sheet, waive)))


def test_a_table_of_many_pages_is_laid_out_in_parts_and_loses_no_row(project: Change) -> None:
    """Each part begins a page, says that it goes on, and carries the sums; links and folios are those of one book."""
    rows = "".join(f"Gift {at};{100 + at * 7 % 991}\n" for at in range(1, 1001))
    sheet = f"Item;2024\n{rows}Total;{sum(100 + at * 7 % 991 for at in range(1, 1001))}\n"
    built = build(_project(project, sheet, "    carry: true\n    note: An example.\n"), EMAIL, None)
    pages = [(at, page) for at, page in enumerate(_texts(built)) if re.search(r"Gift \d", page)]
    numbers = [int(found) for _, page in pages for found in re.findall(r"Gift (\d+)\s", page)]
    assert numbers == list(range(1, 1001))
    assert [at for at, _ in pages] == list(range(pages[0][0], pages[0][0] + len(pages)))
    assert ["continued" in page for _, page in pages] == [False, *[True] * (len(pages) - 1)]
    for (_, page), (_, after) in pairwise(pages):
        carried, brought = (
            re.search(rf"{word} forward\s+([\d,]+)", one) for word, one in (("Carried", page), ("Brought", after))
        )
        assert carried is not None
        assert brought is not None
        assert carried[1] == brought[1]
    assert ["An example." in page for _, page in pages] == [*[False] * (len(pages) - 1), True]
    counts = [len(re.findall(r"Gift \d", page)) for _, page in pages]
    assert min(counts[1:-1]) == max(counts[1:-1]), "pages are full"
    with pikepdf.open(built.path) as pdf, pdf.open_outline() as outline:
        titles = [one.title for part in outline.root for one in (part, *part.children)]
        assert titles.count("Meals") == 1
        assert verapdf.failures(built.path, "ua1") == []
