"""Numbers as offices type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.content.numbers import decimal
from builder.content.sheets.amounts import Amount, OtherWayError, amount


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("1.982.114,20", "1982114.20", 2),
        ("(410.220,15)", "-410220.15", 2),
        ("3.100-", "-3100", 0),
        ("− 12,5", "-12.5", 1),
        ("–8", "-8", 0),
        ("€ 1.234,00", "1234.00", 2),
        ("1.234,00 €", "1234.00", 2),
        ("EUR\u00a01 234,5", "1234.5", 1),
        ("1'234", "1234", 0),
        ("0", "0", 0),
        ("+3,5", "3.5", 1),
    ],
)
def test_numbers(text: str, value: str, decimals: int) -> None:
    found = amount(text, comma=True)
    currency = "€" if "€" in text or "EUR" in text else ""
    assert found == Amount(Decimal(value), decimals, currency=currency)


def test_per_cent_and_marks() -> None:
    assert amount("12,5 %", comma=True) == Amount(Decimal("12.5"), 1, percent=True)
    assert amount("(3%)", comma=True) == Amount(Decimal(-3), 0, percent=True)
    assert amount("1.234 (*)", comma=True) == Amount(Decimal(1234), 0, mark="*")
    assert amount("1,234²", comma=False) == Amount(Decimal(1234), 0, mark="²")


@pytest.mark.parametrize(
    ("text", "printed"), [("-", "–"), ("—", "–"), ("n.d.", "n.d."), ("N.D.", "N.D."), ("..", "…"), ("k. A.", "k. A.")]
)
def test_that_there_is_none(text: str, printed: str) -> None:
    found = amount(text, comma=True)
    assert found is not None
    assert (found.value, found.words) == (None, printed)


@pytest.mark.parametrize("text", ["Totale", "Titolo 1", "2020-2024", "1.2.3", "12a", "1,2,3", "", "III", "05/10/2020"])
def test_words_are_no_numbers(text: str) -> None:
    assert amount(text, comma=True) is None


def test_a_number_written_in_another_way_is_not_guessed() -> None:
    for text in ("8,790,115.63", "1,234.5", "0.5"):
        with pytest.raises(OtherWayError):
            amount(text, comma=True)


@given(st.decimals(-(10**12), 10**12, places=2), st.sampled_from(("it", "en", "de")))
def test_what_a_language_prints_is_read_back(value: Decimal, language: str) -> None:
    found = amount(decimal(value, language), comma=language != "en")
    assert found is not None
    assert found.value == value
