"""Figures: every kind draws, as SVG with its text as text, the same each time."""

from __future__ import annotations

import re
from decimal import Decimal

import pikepdf
import pytest

from builder.build import build
from builder.canvas import Canvas
from builder.charts import Data
from builder.check import check
from builder.draw import KINDS, alternative, draw
from builder.edition import EMAIL
from builder.load import load
from builder.model import Report
from builder.project import Project
from builder.theme import Theme
from tests.conftest import ROOT, Change


@pytest.fixture(scope="module")
def loaded() -> tuple[Report, Theme, Project]:
    project = Project.at(ROOT)
    checked = check(load(project), project)
    assert checked.report is not None
    assert checked.theme is not None
    return checked.report, checked.theme, project


def data(report: Report, kind: str) -> Data:
    names = {
        "slope": ["soddisfazione"],
        "waffle": ["fondi-europei"],
        "bar": ["fondi-europei"],
        "index": ["investimenti"],
        "units": ["incontri"],
        "timeline": ["arpa"],
    }.get(kind, ["mail", "consulenze", "circolari"])
    found = [report.indicators[n] for n in names]
    if kind == "lines":
        found = [
            i.model_copy(update={"series": {2014: Decimal(1), 2016: Decimal(5), 2019: Decimal(n + 2)}})
            for n, i in enumerate(found)
        ]
    return Data(tuple(found), report)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_draws_the_same_svg_each_time(kind: str, loaded: tuple[Report, Theme, Project]) -> None:
    report, theme, project = loaded

    def once() -> str:
        canvas = Canvas(theme, project.fonts, 160, KINDS[kind][1], "vermilion")
        KINDS[kind][0](canvas, data(report, kind))
        return canvas.svg("srgb")

    svg = once()
    assert svg == once()
    assert "<text" in svg
    assert "Titillium Web" in svg
    assert 'width="453.5' in svg, "160 mm in pt"
    colours = {c.srgb.lower() for c in [*theme.colours.values(), *theme.accents.values()]}
    assert set(re.findall(r"#[0-9a-f]{6}", svg)) <= {str(c) for c in colours}


@pytest.mark.parametrize("kind", KINDS)
def test_text_stays_inside_the_figure(kind: str, loaded: tuple[Report, Theme, Project]) -> None:
    report, theme, project = loaded
    canvas = Canvas(theme, project.fonts, theme.measure, KINDS[kind][1], "teal")
    KINDS[kind][0](canvas, data(report, kind))
    height = canvas.height * 72 / 25.4
    for y in re.findall(r'<text[^>]*transform="[^"]*translate\([\d.-]+ ([\d.-]+)', canvas.svg("srgb")):
        assert -1 <= float(y) <= height + 1


def test_in_print_every_colour_is_an_ink_recipe(loaded: tuple[Report, Theme, Project]) -> None:
    report, theme, project = loaded
    canvas = Canvas(theme, project.fonts, 160, 50, "vermilion")
    KINDS["waffle"][0](canvas, data(report, "waffle"))
    svg = canvas.svg("cmyk")
    assert "device-cmyk(0.1 0.88 0.95 0)" in svg
    assert not re.search(r"#[0-9a-f]{6}", svg)


def test_a_waffle_has_as_many_full_squares_as_per_cent(loaded: tuple[Report, Theme, Project]) -> None:
    report, theme, project = loaded
    canvas = Canvas(theme, project.fonts, 160, 50, "vermilion")
    KINDS["waffle"][0](canvas, data(report, "waffle"))
    assert canvas.svg("srgb").count("fill: #d43d20") == 20 + 1, "twenty squares and their label"


def test_alternative_texts_come_from_the_data_or_from_yaml(loaded: tuple[Report, Theme, Project]) -> None:
    report, theme, project = loaded
    drawn = draw(report, theme, project, "srgb")
    assert len(drawn) == 7
    assert drawn["soddisfazione"].alt == "Da 66% (2014) a 80% (2019): più 14\u00a0punti."
    assert "circa 117.000" in drawn["autonomia"].alt
    figure = report.topics["europa"].figure
    assert figure is not None
    own = figure.model_copy(update={"alt": figure.title})
    assert alternative(own, data(report, "waffle")) == figure.title


def test_a_figure_of_one_topic_uses_its_parts_colour(project: Change) -> None:
    place = project(
        {
            "content/report.yaml": "title: R\norganisation: O\nperiod: {from: 2021}\nlanguage: en\norder:\n"
            "  - part: p\n    title: P\n    accent: teal\n    topics: [volunteers, satisfaction, meals, donations]\n"
        }
    )
    checked = check(load(place), place)
    assert checked.report is not None
    assert checked.theme is not None
    svg = draw(checked.report, checked.theme, place, "srgb")["volunteers"].svg
    assert "#0d6b66" in svg
    assert "#d43d20" not in svg


def test_a_topic_with_a_figure_may_have_any_name(project: Change) -> None:
    place = project()
    order = place.content / "report.yaml"
    order.write_text(order.read_text("utf-8").replace("- satisfaction", "- soddisfazione-Ω"), encoding="utf-8")
    topic = place.content / "topics" / "satisfaction.yaml"
    topic.rename(topic.with_stem("soddisfazione-Ω"))
    with pikepdf.open(build(place, EMAIL).path) as pdf:
        names = [bytes(one) for one in pdf.Root.Names.Dests.Names if isinstance(one, pikepdf.String)]
    assert bytes(pikepdf.String("soddisfazione-Ω")) in names
    assert names == sorted(names)


def test_an_alternative_text_can_name_a_page(project: Change) -> None:
    place = project()
    topic = place.content / "topics" / "meals.yaml"
    alt = '  alt: "Meals by year, see page {{ page:donations }}"\n  kind: lines'
    topic.write_text(topic.read_text("utf-8").replace("  kind: lines", alt), encoding="utf-8")
    built = build(place, EMAIL, place.root / "out")
    with pikepdf.open(built.path) as pdf:
        elements = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
        said = next(str(one.Alt) for one in elements if str(one.Alt).startswith("Meals by year"))
        where = pdf.Root.Names.Dests.Names
        target = next(where[n + 1][0] for n in range(0, len(where), 2) if str(where[n]) == "donations")
        page = next(n for n, one in enumerate(pdf.pages, 1) if one.obj.objgen == target.objgen)
    assert said == f"Meals by year, see page {page}"
