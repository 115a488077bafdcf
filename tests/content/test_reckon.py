"""Formulas that no program has worked out: they come to what a spreadsheet shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.content.reckon import Reckoner, UnknownFormulaError, Worth

_CELLS: Mapping[tuple[str | None, int, int], object] = {
    (None, 1, 1): 2, (None, 2, 1): 3.5, (None, 3, 1): "-", (None, 4, 1): None, (None, 5, 1): "=SUM(A1:A4)",
    (None, 1, 2): 0, (None, 2, 2): "=A1/B1", (None, 3, 2): "=B3", (None, 4, 2): "1.000,50",
    ("Altro foglio", 1, 1): 40,
}  # fmt: skip


def _worth(formula: str, cells: Mapping[tuple[str | None, int, int], object] = _CELLS) -> Worth:
    held = {**cells, (None, 9, 9): formula}
    sizes = {None: (9, 9), "Altro foglio": (1, 1)}
    return Reckoner(lambda *place: held.get(place), lambda sheet: sizes[sheet]).worth(None, 9, 9)


@pytest.mark.parametrize(
    ("formula", "worth"),
    [
        ("=1+2*3^2-4/2", "17"),
        ("=-(A1+A2)*10%", "-0.55"),
        ("=-2^2", "4"),  # a sign binds more closely than a power, as in Excel
        ("=SUM(A1:A4)", "5.5"),  # words and empty cells count for nothing
        ("=SUM(A:A)", "11"),
        ("=A5*2", "11"),
        ("=$A$1+A$2", "5.5"),
        ("='Altro foglio'!A1+1", "41"),
        ("=ROUND(2.345,2)", "2.35"),
        ("=ROUND(1250,-2)", "1300"),
        ("=IF(A1>1,10,20)", "10"),
        ("=IFERROR(A1/B1,0)", "0"),
        ("=SUBTOTAL(9,A1:A2)", "5.5"),
        ("=AVERAGE(A1:A4)", "2.75"),
        ("=MAX(A1:A4)-MIN(A1,A2)", "1.5"),
        ("=ABS(A1-A2)", "1.5"),
        ("=A4+1", "1"),
    ],
)
def test_what_a_spreadsheet_shows(formula: str, worth: str) -> None:
    assert _worth(formula) == Decimal(worth)


@pytest.mark.parametrize(
    ("formula", "error"), [("=A1/B1", "#DIV/0!"), ("=B2+1", "#DIV/0!"), ("=A3+1", "#VALUE!"), ("=B4*2", "#VALUE!")]
)
def test_errors_are_those_of_a_spreadsheet(formula: str, error: str) -> None:
    assert _worth(formula) == error


@pytest.mark.parametrize(
    "formula", ["=B3", "=VLOOKUP(1,A1:B2,2)", "=SUM(A1", "=Foglio9!A1", "=A1:A3", "=", "=)", "=1 2", "=NOW()"]
)
def test_what_is_not_reckoned_is_said(formula: str) -> None:
    if formula == "=":
        assert _worth(formula) == "=", "a sign alone is a word"
        return
    with pytest.raises(UnknownFormulaError):
        _worth(formula)


_TERMS = st.recursive(
    st.integers(1, 999).map(str),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda it: f"({it[0]}{it[1]}{it[2]})"),
    max_leaves=12,
)


@given(_TERMS)
def test_arithmetic_is_that_of_fractions(written: str) -> None:
    exact: list[Fraction] = []
    try:
        exact.append(eval(re.sub(r"\d+", r"Fraction(\g<0>)", written)))
    except ZeroDivisionError:
        assert _worth(f"={written}") == "#DIV/0!"
        return
    found = _worth(f"={written}")
    assert isinstance(found, Decimal)
    assert float(found) == pytest.approx(float(exact[0]), rel=1e-12, abs=1e-12)
