"""What number formats show, as Excel and LibreOffice show it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builder.content.number_format import Shown, currency_sign, shown

K, M = Decimal(1000), Decimal(1_000_000)


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        ("0.00", 2, Shown(2)),
        ("#,##0.00", 8042263.9, Shown(2)),
        ("#,##0", 12, Shown(0)),
        ("0.0,,", 12_400_000, Shown(1, M)),
        ('#,##0,"k"', 1_234_567, Shown(0, K)),
        ("0.0,", 5, Shown(1, K)),
        ("#,##0,.0", 5, Shown(1, K)),
        ("0.0%", 0.663, Shown(1, percent=True)),
        ("0%", 0.05, Shown(0, percent=True)),
        ('0.0"%"', 66.3, Shown(1)),
        ("0.0\\%", 66.3, Shown(1)),
        ('#,##0.00 "€"', 5, Shown(2, currency="€")),
        (
            '_-* #,##0.00\\ [$€-410]_-;\\-* #,##0.00\\ [$€-410]_-;_-* "-"??\\ [$€-410]_-;_-@_-',
            5,
            Shown(2, currency="€"),
        ),
        ("#,##0.00;[Red](#,##0.0)", -5, Shown(1)),
        ("#,##0.00;[Red](#,##0.0)", 5, Shown(2)),
        ("0.00;-0.00;0", 0, Shown(0)),
        ('[>=1000000]0.0,,"M";[>=1000]0.0,"k";0', 12_400_000, Shown(1, M)),
        ('[>=1000000]0.0,,"M";[>=1000]0.0,"k";0', 12_400, Shown(1, K)),
        ('[>=1000000]0.0,,"M";[>=1000]0.0,"k";0', 12, Shown(0)),
        ("0.###", 1.5, Shown(1)),
        ("0.0##", 1.23456, Shown(3)),
        ("0.0##", 2, Shown(1)),
        ("0.##", 1.501, Shown(1)),
        ("#,##0.##", 1234.999, Shown(0)),
        ("# ##0.00", 1234.56, Shown(2)),
        ("#'##0.00", 1234.56, Shown(2)),
        ("#\u00a0##0.00", 1234.56, Shown(2)),
        ("#\u202f##0.0", 1234.56, Shown(1)),
        ("# ##0.0,,", 12_400_000, Shown(1, M)),
        ("0;;", -5, Shown(hidden=True)),
        (";;;", 5, Shown(hidden=True)),
        ('0;-0;"n.d."', 0, Shown(hidden=True)),
        ("0.00E+00", 12345, Shown()),
        ("# ?/?", 0.5, Shown()),
        ("General", 4.333333333333333, Shown(9)),
        ("General", 0.3, Shown()),
        ("General", 12345678.123456, Shown(2)),
        ("General", 42, Shown()),
        ("", 42, Shown()),
        ("@", 42, Shown()),
    ],
)
def test_what_a_format_shows(form: str, value: float, expected: Shown) -> None:
    assert shown(form, value) == expected


@pytest.mark.parametrize(
    ("written", "sign"),
    [
        ("[$EUR] #,##0", "€"),
        ("#,##0.00\\ [$CHF-1407]", "CHF"),
        ('"£"#,##0;[Red]-"£"#,##0', "£"),
        ('#,##0.0 "Mln €"', ""),
        ("#,##0 kg", ""),
        ("(1.200,50 €)", "€"),
        ("1.200 euro", "€"),
    ],
)
def test_the_sign_of_a_currency(written: str, sign: str) -> None:
    assert currency_sign(written.split(";")[0]) == sign
