"""Figures: every kind draws, as SVG with its text as text, the same each time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import pikepdf
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.textpath import TextPath
from matplotlib.transforms import Bbox

from builder.build import build
from builder.content.check import check, labels
from builder.content.load import load
from builder.design.edition import EMAIL
from builder.design.theme import Theme
from builder.figures.canvas import Canvas
from builder.figures.charts import Data
from builder.figures.draw import HEIGHTS, KINDS, draw
from builder.figures.words import alternative
from builder.model.diagnostics import ReportError
from builder.model.figure import FigureSpec
from builder.model.indicator import Moment
from builder.model.manuscript import Text
from builder.model.project import Project
from builder.model.report import Report
from tests.conftest import ROOT, Change, examples


@pytest.fixture(scope="module")
def loaded() -> tuple[Report, Theme, Project]:
    return anci()


@lru_cache
def anci() -> tuple[Report, Theme, Project]:
    """The report of this repository, checked."""
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
    return Data(tuple(report.indicators[n] for n in names), report)


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
    assert alternative(own, report) == figure.title


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


# Names as people give them: short and long, with words that no column holds.
_NAMES = st.text("abcdefghij lmnopqr stuvwxyz ÀÉÖÜß", min_size=1, max_size=80).filter(str.strip)
_VALUES = st.integers(-(10**12), 10**12).map(Decimal) | st.decimals(-1000, 1000, places=2)


@st.composite
def drawables(draw: st.DrawFn, kind: str) -> list[dict[str, Any]]:
    """What indicators say that can be drawn as `kind`."""
    count = draw(st.integers(*{"measures": (2, 6)}.get(kind, (1, 1))))
    unit = draw(st.sampled_from([None, "euro", "percent"]))
    made = []
    for _ in range(count):
        one: dict[str, Any] = {"kind": "count", "unit": unit, "short": Text(draw(_NAMES)), "value": draw(_VALUES)}
        if kind == "slope":
            one |= {"base": Moment(value=draw(_VALUES), year=2014), "end": Moment(value=draw(_VALUES), year=2019)}
        elif kind in ("waffle", "bar"):
            one |= {"kind": "share", "unit": "percent", "value": draw(st.decimals(0, 100, places=1))}
        elif kind == "index":
            value = draw(st.decimals(-99, 10_000, places=1))
            one |= {"kind": "change-in-percent", "unit": "percent", "sign": "shown", "value": value}
        elif kind == "units":
            one |= {"unit": None, "value": Decimal(draw(st.integers(1, 1000)))}
        elif kind == "timeline":
            one |= {"kind": "year", "unit": None, "value": Decimal(draw(st.integers(1950, 2050)))}
        made.append(one)
    return made


def ink(canvas: Canvas) -> list[tuple[str, Bbox]]:
    """The texts of a figure and the boxes of their outlines, in mm from the top left corner."""
    found = []
    for text in canvas._figure.axes[0].texts:
        words, (x, y) = text.get_text(), text.get_position()
        outline = TextPath((0, 0), words, float(text.get_fontsize()), text.get_fontproperties()).get_extents()
        mm = 25.4 / 72
        x -= {"left": 0.0, "center": 0.5, "right": 1.0}[text.get_horizontalalignment()] * outline.x1 * mm
        box = [[x + outline.x0 * mm, y - outline.y1 * mm], [x + outline.x1 * mm, y - outline.y0 * mm]]
        found.append((words, Bbox(box)))
    return found


def sketch(kind: str, said: list[dict[str, Any]], *, fixed: bool, abreast: int = 1) -> Canvas:
    report, theme, project = anci()
    base = report.indicators["mail"].model_copy(update={"qualifier": None, "upper": None})
    canvas = Canvas(theme, project.fonts, theme.column(abreast), KINDS[kind][1], "teal", fixed=fixed)
    KINDS[kind][0](canvas, Data(tuple(base.model_copy(update=one) for one in said), report))
    return canvas


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=examples(25))
@given(data=st.data())
def test_what_fits_by_our_measure_fits_by_another(kind: str, data: st.DataObject) -> None:
    """Where no fault is found, the outlines of the letters lie in the figure, and none covers another."""
    fixed, abreast = data.draw(st.tuples(st.booleans(), st.integers(1, 3)))
    no_text_meets(sketch(kind, data.draw(drawables(kind)), fixed=fixed, abreast=abreast))


def no_text_meets(canvas: Canvas) -> None:
    """Unless the figure says itself that there is no room."""
    if list(canvas.faults()):
        return
    boxes = ink(canvas)
    for at, (words, box) in enumerate(boxes):
        assert box.x0 > -0.5, words
        assert box.x1 < canvas.width + 0.5, words
        assert box.y0 > -1, words  # accents stand above capitals
        assert box.y1 < canvas.height + 0.5, words
        for others, other in boxes[:at]:
            across, down = min(box.x1, other.x1) - max(box.x0, other.x0), min(box.y1, other.y1) - max(box.y0, other.y0)
            assert across < 0 or down < 0.9, (words, others)
        for (x0, y0), (x1, y1) in canvas.guides:
            assert x1 < box.x0 or x0 > box.x1 or y1 < box.y0 or y0 > box.y1, f"a line runs through {words}"


_WORDS = st.lists(st.text("abcdefghilmnop", min_size=1, max_size=14), min_size=1, max_size=5).map(" ".join)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=examples(25))
@given(data=st.data())
def test_names_of_some_words_and_numbers_of_any_size_always_fit(kind: str, data: st.DataObject) -> None:
    said = data.draw(drawables(kind))
    if kind == "measures":
        said = said[:4]
    for one in said:
        one["short"] = Text(data.draw(_WORDS))
        if kind in ("measures", "slope"):  # whose numbers stand side by side
            one["unit"] = None
    assert list(sketch(kind, said, fixed=False).faults()) == []


def test_text_that_cannot_fit_is_an_error_at_the_figures_line(project: Change) -> None:
    place = project(
        {
            "content/topics/meals.yaml": "title: Meals\nkey: meals-delivered\nlead: meals\nfigure:\n  kind: measures\n"
            "  title: Side by side\n  indicators: [volunteers, meals-delivered, donations, satisfaction]\n"
        }
    )
    register = place.content / "indicators.yaml"
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    text = re.sub(r"(?m)^volunteers:\n", f"volunteers:\n  short: {long}\n", register.read_text("utf-8"))
    register.write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        build(place, EMAIL)
    found = [one for one in caught.value.diagnostics if one.code == "figure-text"]
    assert found, caught.value.diagnostics
    assert {(one.span.file, one.span.line) for one in found if one.span} == {("content/topics/meals.yaml", 6)}
    assert any(long in one.message and "cover each other" in one.message for one in found)


def test_a_matplotlibrc_beside_the_user_changes_nothing(tmp_path: Path) -> None:
    """It could have LaTeX run, whose name is looked for in the user's folders of programs."""
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\nlines.linewidth: 40\n", encoding="utf-8")
    code = "import builder.figures.canvas, matplotlib; print(matplotlib.rcParams['text.usetex'])"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("False\n", 0), done.stderr


def test_every_kind_is_known_wherever_kinds_are_listed() -> None:
    """In the model, among the functions that draw, the fields of alternative texts, and the words of each language."""
    model = {str(get_args(one)[1].tag) for one in get_args(get_args(FigureSpec)[0])}
    assert {*HEIGHTS} - {"waffle", "bar"} | {"share"} == model
    ours = model - {"code"}  # a project's own figure writes its alternative text itself
    assert set(labels._FIELDS) == ours
    for file in (ROOT / "layouts" / "labels").glob("*.yaml"):
        assert set(yaml.safe_load(file.read_text("utf-8"))["alternatives"]) == ours, file.name
