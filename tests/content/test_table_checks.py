"""Tables that are right raise no finding; a slip in one of their numbers is found at its cell."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from builder.content.grid import Cell, Grid
from builder.content.rules.slips import slip_findings
from builder.content.rules.sums import sum_findings
from builder.content.sheets.blocks import blocks
from builder.content.sheets.read import read
from builder.content.sheets.roles import understood
from builder.model.diagnostics import Diagnostic
from tests.conftest import examples

_YEARS = (2020, 2021, 2022, 2023, 2024)


def _judged(rows: list[tuple[str, list[Decimal]]]) -> list[Diagnostic]:
    cells = [[Cell("Voce"), *map(Cell, _YEARS)]] + [[Cell(name), *map(Cell, values)] for name, values in rows]
    grid = Grid("Foglio", cells)
    (block,) = blocks(grid, comma=True)
    table, _ = understood(*read(grid, block, "conti.xlsx", "it", comma=True))
    return [*sum_findings(table, "conti", "it"), *slip_findings(table, "conti", "it")]


@st.composite
def accounts(draw: st.DrawFn) -> list[tuple[str, list[Decimal]]]:
    """Rows of euro that move little from year to year, and their total."""
    rows = []
    for number in range(draw(st.integers(2, 9))):
        base = draw(st.integers(10_000, 9_000_000))
        values = [
            Decimal(base * draw(st.integers(80, 125)) // 100) + Decimal(draw(st.integers(0, 99))) / 100 for _ in _YEARS
        ]
        rows.append((f"Voce {number + 1}", values))
    rows.append(("Totale", [sum((values[at] for _, values in rows), Decimal(0)) for at in range(len(_YEARS))]))
    return rows


@settings(max_examples=examples(40))
@given(rows=accounts())
def test_accounts_that_add_up_raise_no_finding(rows: list[tuple[str, list[Decimal]]]) -> None:
    assert _judged(rows) == []


@settings(max_examples=examples(60))
@given(rows=accounts(), data=st.data())
def test_a_slip_in_any_number_is_found(rows: list[tuple[str, list[Decimal]]], data: st.DataObject) -> None:
    row, year = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, len(_YEARS) - 1))
    value = rows[row][1][year]
    kind = data.draw(st.sampled_from(("digits", "ten", "thousand", "sign", "cents")))
    digits = f"{value:.2f}"
    at = data.draw(st.integers(0, len(digits) - 2))
    slip = {
        "digits": Decimal(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])
        if "." not in digits[at : at + 2]
        else value,
        "ten": value * 10,
        "thousand": value / 1000,
        "sign": -value,
        "cents": value + Decimal("0.10"),
    }[kind]
    assume(slip != value)
    rows[row][1][year] = slip
    found = _judged(rows)
    assert found
    assert any(one.span is not None and one.span.cell.startswith(f"Foglio!{'BCDEF'[year]}") for one in found)


def test_a_total_that_leaves_out_numbers_stored_as_text_is_found() -> None:
    cells = [
        [Cell("Entrate"), *map(Cell, _YEARS)],
        [Cell("Tributi"), Cell("1.000,00"), Cell("1.100,00"), Cell(1200), Cell(1300), Cell(1400)],
        [Cell("Tariffe"), *map(Cell, (500, 510, 520, 530, 540))],
        [Cell("TOTALE"), *map(Cell, (500, 510, 1720, 1830, 1940))],
    ]
    grid = Grid("Foglio", cells)
    (block,) = blocks(grid, comma=True)
    table, _ = understood(*read(grid, block, "conti.xlsx", "it", comma=True))
    found = list(sum_findings(table, "conti", "it"))
    assert [one.span.cell for one in found if one.span is not None] == ["Foglio!B4", "Foglio!C4"]


def test_numbers_rounded_before_they_were_added_are_no_slips() -> None:
    rows = [
        ("Nord", (1.4, 2.4, 3.3, 1.1, 2.2)),
        ("Sud", (1.4, 2.4, 3.3, 1.1, 2.2)),
        ("Totale", (2.9, 4.9, 6.7, 2.1, 4.5)),
    ]
    assert _judged([(name, [Decimal(str(one)) for one in values]) for name, values in rows]) == []
