"""OpenDocument sheets are read as they are shown: values, decimals, per cent, merged and hidden cells, errors."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.content.cells import sheet_names, workbook
from builder.content.grid import UnreadableError
from builder.content.number_format import Shown, rounded
from builder.content.opendocument import shown_as

_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in {
        "office": "office", "table": "table", "text": "text", "style": "style", "fo": "xsl-fo-compatible",
        "manifest": "manifest",
    }.items()
)  # fmt: skip
_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = (
    f'<manifest:manifest {_SPACES}><manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_STYLE = (
    '<style:style style:name="ce1" style:family="table-cell"><style:paragraph-properties fo:margin-left="0.353cm"/>'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
)
# As LibreOffice writes the rows and columns that are empty: all that a sheet can have.
_EMPTY = '<table:table-cell table:number-columns-repeated="16384"/>'
_REST = f'<table:table-row table:number-rows-repeated="1048570">{_EMPTY}</table:table-row>'


def _words(words: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{words}</text:p></table:table-cell>'


def _number(value: str, words: str, kind: str = "float", inside: str = "") -> str:
    said = f"{inside}<text:p>{words}</text:p>"
    return f'<table:table-cell office:value-type="{kind}" office:value="{value}">{said}</table:table-cell>'


def _row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def _saved(path: Path, *rows: str) -> Path:
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'
    sheet = f'<table:table table:name="Entrate">{columns}{"".join(rows)}{_REST}</table:table>'
    content = (
        f"<office:document-content {_SPACES}><office:automatic-styles>{_STYLE}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body></office:document-content>"
    )
    with ZipFile(path, "w") as file:
        file.writestr("mimetype", _MIME)
        file.writestr("content.xml", content)
        file.writestr("META-INF/manifest.xml", _MANIFEST)
    return path


def test_a_sheet_is_read_as_it_is_shown(tmp_path: Path) -> None:
    note = "<office:annotation><text:p>a note</text:p></office:annotation>"
    path = _saved(
        tmp_path / "x.ods",
        _row(_words("Title", 'table:number-columns-spanned="3"'), "<table:covered-table-cell/>" * 2),
        _row(_words("Taxes", 'table:style-name="ce1"'), _words("X"), _number("812400.5", "812.400,50")),
        _row(_words("Loans"), _words("Y"), _number("12400000", "€ 12,4 ", "currency", note)),
        _row(_words("Share"), _words("Z"), _number("0.0293", "2,9%", "percentage"), more='table:visibility="collapse"'),
        _row(_words("Change"), _words("W"), _words("#DIV/0!", 'table:formula="of:=1/0"')),
        _row(_words("None"), _words("V"), '<table:table-cell table:formula="of:=[.A1]"/>'),
    )
    assert sheet_names(path) == ["Entrate"]
    grid = workbook(path, None)
    assert [cell.covered for cell in grid.cells[0]] == [False, True, True]
    assert (grid.cells[1][0].bold, grid.cells[1][0].indent) == (True, 1)
    assert [row[2].shown for row in grid.cells[1:4]] == [
        Shown(2), Shown(1, Decimal(1_000_000)), Shown(1, percent=True)
    ]  # fmt: skip
    assert [row[2].value for row in grid.cells[1:4]] == [Decimal("812400.5"), 12400000, Decimal("0.0293")]
    assert grid.cells[4][2].fault == "holds the error #DIV/0!"
    assert "no program has worked out" in grid.cells[5][2].fault
    assert (grid.hidden, grid.hidden_columns, len(grid.cells)) == (frozenset((3,)), frozenset((1,)), 6)


@given(
    value=st.decimals(-(10**10), 10**10, places=4),
    decimals=st.integers(0, 3),
    scale=st.sampled_from((0, 3, 6)),
    percent=st.booleans(),
    comma=st.booleans(),
)
def test_what_is_shown_tells_decimals_thousands_and_per_cent(
    value: Decimal, decimals: int, scale: int, percent: bool, comma: bool
) -> None:
    """Printed again with what was read off it, a number is the same."""
    scale = 0 if percent else scale
    printed = f"{rounded(value * (100 if percent else 1) / 10**scale, decimals):,f}"
    words = printed.translate(str.maketrans(",.", ".,")) if comma else printed
    seen = shown_as(f"{words} %" if percent else words, value)
    assert seen.percent == percent
    assert seen.decimals is not None
    again = rounded(value * (100 if percent else 1) / seen.scale, seen.decimals)
    assert f"{again:,f}".replace(",", "") == printed.replace(",", "") or again == 0


def test_a_damaged_or_missing_sheet_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.ods").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(UnreadableError, match="is not a workbook"):
        workbook(tmp_path / "x.ods", None)
    with pytest.raises(UnreadableError, match='has no sheet "Spese"'):
        workbook(_saved(tmp_path / "y.ods", _row(_words("A"))), "Spese")
