"""Values → text, as Italian and English print them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builder.content.check import check
from builder.content.load import load
from builder.content.numbers import decimal, in_form, printed
from builder.model.project import Project
from builder.model.report import Report
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def report() -> Report:
    project = Project.at(ROOT)
    found = check(load(project), project).report
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "form", "text"),
    [
        ("soddisfazione", "", "+14\u00a0punti"),
        ("soddisfazione", "base", "66%"),
        ("soddisfazione", "end", "80%"),
        ("soddisfazione", "base-year", "2014"),
        ("soddisfazione", "period", "2014–2019"),
        ("fondi-europei", "", "20%"),
        ("investimenti", "", "+17%"),
        ("piccoli-comuni", "", "66\u00a0Mln di €"),
        ("assistenza-educativa", "", "+40\u00a0Mln di €"),
        ("tirocinanti", "", "10.000"),
        ("mail", "", "2.800"),
        ("invii", "", "117.000"),
        ("arpa", "", "2018"),
        ("sicurezza", "", "3\u00a0Mln di €"),
        ("sicurezza", "value", "3"),
        ("sicurezza", "unit", "Mln di €"),
        ("operatori", "", "8–10"),
    ],
)
def test_numbers_print_as_the_source_writes_them(report: Report, name: str, form: str, text: str) -> None:
    assert in_form(report.indicators[name], form, report.labels, "it") == text


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        ("0", "it", "0"),
        ("-3.50", "it", "−3,50"),
        ("1234567.8", "it", "1.234.567,8"),
        ("117000000", "it", "117.000.000"),
        ("1234.5", "en", "1,234.5"),
        ("0.05", "de", "0,05"),
    ],
)
def test_decimals_keep_their_digits(value: str, language: str, text: str) -> None:
    assert decimal(Decimal(value), language) == text


def test_a_unit_agrees_with_one(report: Report) -> None:
    one = report.indicators["soddisfazione"].model_copy(update={"value": Decimal(1)})
    assert str(printed(one, report.labels, "it")) == "+1\u00a0punto"
