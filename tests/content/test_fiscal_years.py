"""Years that begin in one calendar year and end in the next: 2023/24."""

from __future__ import annotations

import json
import pickle

import pikepdf
import pytest

from builder.build import build, check
from builder.design.edition import ARCHIVE
from builder.model.node import FiscalYear
from tests.conftest import Change
from tests.drawn import texts


def test_it_is_the_year_in_which_it_begins_and_prints_as_it_is_written() -> None:
    year = FiscalYear("2023/24")
    assert year == 2023
    assert (str(year), f"{year}", f"{year:>9}") == ("2023/24", "2023/24", "  2023/24")
    assert {2023: "x"}[year] == "x"
    assert str(pickle.loads(pickle.dumps(year))) == "2023/24"
    assert [str(FiscalYear(one).like(2024)) for one in ("2021/22", "2021-2022", "2021–22")] == [
        "2024/25",
        "2024-2025",
        "2024–25",
    ]
    assert str(FiscalYear("1999/00")) == "1999/00"


@pytest.mark.parametrize("written", ["2023/25", "2023/23", "23/24", "2023"])
def test_other_years_are_none(written: str) -> None:
    with pytest.raises(ValueError, match=written):
        FiscalYear(written)


def test_a_report_of_school_years(project: Change) -> None:
    place = project()
    pupils = (
        "\npupils:\n  label: Pupils\n  kind: count\n  value: 1250\n  period: {from: 2023/24}\n  source: example\n"
        "  series: {2020/21: 1100, 2021/22: 1200, 2023/24: 1250}\n"
    )
    indicators = place.content / "indicators.yaml"
    indicators.write_text(indicators.read_text("utf-8") + pupils, "utf-8")
    meals = (
        "title: Pupils\nkey: pupils\nlead: pupils in {{ pupils.period }}\n"
        "figure: {kind: bars, indicators: [pupils], title: Pupils by year}\n"
    )
    (place.content / "topics" / "meals.yaml").write_text(meals, "utf-8")
    report = place.content / "report.yaml"
    report.write_text(
        report.read_text("utf-8").replace("{from: 2021, to: 2024}", "{from: 2020/21, to: 2023/24}"), "utf-8"
    )
    assert {one.code for one in check(place)} <= {"unused", "period-partial", "period-outside"}
    path = build(place, ARCHIVE).path
    pages = [" ".join(page.split()) for page in texts(path)]
    page = next(page for page in pages if "pupils in 2023/24" in page)
    assert all(year in page for year in ("2020/21", "2021/22", "2022/23", "2023/24")), "the missing year has its place"
    assert "2020/21 2023/24" in pages[0] or "2020/21–2023/24" in pages[0].replace("-", "–")
    with pikepdf.open(path) as pdf:
        whole = json.loads(pdf.attachments["report.json"].get_file().read_bytes())
        types = json.loads(pdf.attachments["csv-metadata.json"].get_file().read_bytes())
    own = next(one for one in whole["indicators"] if one["id"] == "pupils")
    assert (own["period_from"], own["series"]) == ("2023/24", {"2020/21": 1100, "2021/22": 1200, "2023/24": 1250})
    assert '"gYear"' not in json.dumps(
        [one for one in types["tables"][0]["tableSchema"]["columns"] if one["name"] == "period_from"]
    )


@pytest.mark.parametrize("year", ["2023/25", "2024-Q1"])
def test_what_is_no_year_is_said(project: Change, year: str) -> None:
    place = project()
    indicators = place.content / "indicators.yaml"
    indicators.write_text(indicators.read_text("utf-8").replace("{from: 2024}", f"{{from: {year}}}", 1), "utf-8")
    (found,) = [one for one in check(place) if year in one.message]
    assert found.span is not None
    assert found.span.file == "content/indicators.yaml"
