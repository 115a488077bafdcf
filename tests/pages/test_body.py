"""The body of a topic: its blocks print in their order, where and as wide as they should."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from builder.build import build, check
from builder.design.edition import ARCHIVE, EMAIL
from builder.model.diagnostics import Diagnostic, ReportError
from builder.model.project import Project
from builder.model.units import MM_PER_PT
from tests import verapdf
from tests.conftest import PRINT, Change
from tests.drawn import flat, texts

TOPIC = """page: text
title: A topic with a body
text: Before all blocks.
body:
"""
BODY = """
  - text: "First words. See [the hall](#hall) on page {{ page:hall }}."
  - photo: hall.png
    id: hall
    alt: An example of a hall.
    caption: A caption of example.
    credit: A credit of example
  - row:
      - figure: {kind: bars, indicators: [meals], title: Meals in a row}
      - figure: {kind: lines, indicators: [meals, volunteers], title: Lines in a row}
  - quote: Words of somebody.
    by: A person
  - box: Words in a box.
    title: A box
  - numbers: [meals, volunteers, donations]
  - columns: Words in columns.
  - page-break: true
  - text: After the break.
"""


@pytest.fixture
def bodied(project: Change) -> Callable[[str], Project]:
    """The new project with a topic that has this body, and a picture."""

    def make(body: str) -> Project:
        order = (project().content / "report.yaml").read_text("utf-8")
        place = project(
            {
                "content/topics/bodied.yaml": TOPIC + body,
                "content/report.yaml": order.replace("- donations\n", "- donations\n      - bodied\n"),
            }
        )
        Image.linear_gradient("L").point([40 + v // 2 for v in range(256)]).resize((2700, 3600)).convert("RGB").save(
            place.content / "hall.png"
        )
        return place

    return make


def problems(place: Project) -> list[tuple[str, str]]:
    return [(one.code, str(one.span)) for one in check(place) if one.code != "loose-number"]


def pictures(file: Path) -> list[tuple[int, float, float, float, float]]:
    """Page (from 0), left, top, width and height of every photo, in mm on the page."""
    found = []
    with pypdfium2.PdfDocument(file) as pdf:
        for number, page in enumerate(pdf):
            for one in page.get_objects(filter=[3], max_depth=4):
                left, bottom, right, top = (value * MM_PER_PT for value in one.get_bounds())
                high = page.get_height() * MM_PER_PT
                found.append((number, left, high - top, right - left, top - bottom))
    return found


def test_blocks_print_in_their_order(bodied: Callable[[str], Project], tmp_path: Path) -> None:
    built = build(bodied(BODY), EMAIL, tmp_path)
    pages = [flat(page) for page in texts(built.path)]
    at = next(number for number, page in enumerate(pages) if "Before all blocks" in page and "A topic with" in page)
    body, after = " ".join(pages[at : at + 2]), pages[at + 2]
    words = (
        "Before all blocks.", "First words.", f"on page {at + 1}", "A caption of example.", "A credit of example",
        "Meals in a row", "Words of somebody.", "A person", "A box", "Words in a box.", "5,200", "meals served",
        "1,250",
        "Words in columns.",
    )  # fmt: skip
    at_ = 0
    for one in words:
        at_ = body.index(one, at_)
    assert "After the break." in after
    assert "Figure 5" in next(page for page in pages[12:] if "Index of figures" in page)
    assert "Lines in a row" in next(page for page in pages[12:] if "Data of the figures" in page)
    assert [one.code for one in built.diagnostics if one.severity == "error"] == []


def test_photos_are_as_wide_as_they_should_be(bodied: Callable[[str], Project], tmp_path: Path) -> None:
    sizes = {"column": 77.0, "text": 128.0, "full": 162.0}
    body = "".join(f"  - photo: hall.png\n    alt: A hall.\n    width: {width}\n" for width in sizes)
    body += "  - photo: hall.png\n    alt: A hall.\n    width: bleed\n"
    body += "  - row:\n" + "      - photo: hall.png\n        alt: A hall.\n" * 4
    place = bodied(body)
    shown = pictures(build(place, EMAIL, tmp_path).path)
    assert [round(one[3]) for one in shown[:3]] == [round(one) for one in sizes.values()]
    page, left, top, width, height = shown[3]
    assert left <= 0.01
    assert top <= 0.01
    assert width >= 209.9
    assert height >= 296.9
    row = shown[4:]
    assert len({one[0] for one in row}) == 1
    assert all(abs(one[3] - 34.5) < 0.5 for one in row)
    assert page not in {one[0] for one in (*shown[:3], *row)}
    printed = build(place, PRINT, tmp_path)
    assert [one for one in printed.diagnostics if "preflight" in one.code or one.severity == "error"] == []


def test_blocks_are_as_wide_as_they_should_be(bodied: Callable[[str], Project], tmp_path: Path) -> None:
    wanted = {("text", "column"): 77.0, ("quote", "column"): 77.0, ("quote", "full"): 162.0, ("box", "text"): 128.0}
    wanted |= {("box", "column"): 77.0, ("columns", "text"): 128.0}
    words = {key: f"example{chr(97 + at)} " for at, key in enumerate(wanted)}
    body = "".join(f"  - {kind}: {words[kind, width] * 40}\n    width: {width}\n" for kind, width in wanted)
    built = build(bodied(body + "  - numbers: [meals, volunteers]\n    width: column\n"), EMAIL, tmp_path)
    edges: dict[str, list[float]] = {}
    with pypdfium2.PdfDocument(built.path) as pdf:
        for page in pdf:
            text = page.get_textpage()
            for at in range(text.count_rects()):
                left, bottom, right, top = text.get_rect(at)
                for word in text.get_text_bounded(left, bottom, right, top).split():
                    edges.setdefault(word, []).extend((left, right))
    for key, width in wanted.items():
        found = edges[words[key].strip()]
        room = (max(found) - min(found)) * MM_PER_PT
        assert width - 35 < room <= width, key


def test_a_block_has_a_line_below_it(bodied: Callable[[str], Project], tmp_path: Path) -> None:
    body = """
  - row:
      - photo: hall.png
        alt: A hall.
      - photo: hall.png
        alt: Another hall.
    caption: Two halls of example.
    credit: Whose they are
  - box: Words in a box.
    caption: "Below the box: {{ meals }}."
  - text: After them.
"""
    pages = [flat(page) for page in texts(build(bodied(body), EMAIL, tmp_path).path)]
    page = next(one for one in pages if "Before all blocks" in one)
    at = 0
    for one in ("Two halls of example. Whose they are", "Words in a box.", "Below the box: 5,200."):
        assert one in page, page
        assert page.index(one) >= at
        at = page.index(one)


def test_figures_name_the_sources_of_their_indicators(bodied: Callable[[str], Project], tmp_path: Path) -> None:
    """Where the book has one source alone, the method note says so once."""
    place = bodied("  - figure: {kind: bars, indicators: [meals], title: Meals by year}\n")
    assert "Source: " not in next(page for page in texts(build(place, EMAIL, tmp_path).path) if "Meals by year" in page)
    sources = place.content / "sources.yaml"
    sources.write_text(sources.read_text("utf-8") + "other:\n  title: Another register of example\n", "utf-8")
    shown = next(flat(page) for page in texts(build(place, EMAIL, tmp_path).path) if "Meals by year" in page)
    assert "Source: " in shown


def test_a_crop_keeps_its_focus(bodied: Callable[[str], Project], tmp_path: Path) -> None:
    place = bodied("  - photo: two.png\n    alt: Two halves.\n    width: full\n    height: 150\n    focus: [100, 0]\n")
    halves = Image.new("RGB", (1200, 400), (200, 0, 0))
    halves.paste((0, 0, 200), (600, 0, 1200, 400))
    halves.save(place.content / "two.png")
    built = build(place, EMAIL, tmp_path)
    with pypdfium2.PdfDocument(built.path) as pdf:
        number = next(n for n, page in enumerate(pdf) if "Before all blocks" in page.get_textpage().get_text_range())
        page = pdf[number].render(scale=1).to_pil().convert("RGB")
    assert all(page.getpixel((x, 350))[2] > 150 for x in (100, 300, 500)), "the left half is cut away"


def test_figures_of_a_body_are_in_the_data_and_heard(bodied: Callable[[str], Project], tmp_path: Path) -> None:
    built = build(bodied(BODY), ARCHIVE, tmp_path)
    with pikepdf.open(built.path) as pdf:
        rows = pdf.attachments["figures.csv"].get_file().read_bytes().decode()
    assert "Meals in a row" in rows
    assert "Lines in a row" in rows
    assert verapdf.failures(built.path, "3a") == []
    assert verapdf.failures(built.path, "ua1") == []


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ("  - foto: hall.png\n", "wrong-value", "bodied.yaml:5:5"),
        ("  - photo: hall.png\n", "missing-key", "bodied.yaml:5:5"),
        ("  - photo: none.png\n    alt: A hall.\n", "missing-file", "bodied.yaml:5:12"),
        ("  - text: Words.\n    wdth: full\n", "unknown-key", "bodied.yaml:6:5"),
        ("  - photo: hall.png\n    alt: A hall.\n    width: wide\n", "wrong-value", "bodied.yaml:7:12"),
        ("  - numbers: [mealz]\n", "unknown-indicator", "bodied.yaml:5:15"),
        ("  - figure: {kind: bars, indicators: [donations], title: One bar}\n", "no-data", "bodied.yaml:5:39"),
        ("  - text: Words.\n    id: meals\n", "duplicate-name", "bodied.yaml:6:9"),
        ("  - text: Words.\n    id: a b\n", "bad-name", "bodied.yaml:6:9"),
        ("  - row:\n      - text: Alone.\n", "wrong-value", "bodied.yaml:6:7"),
        ("  - row:\n      - columns: Words.\n      - text: Words.\n", "wrong-value", "bodied.yaml:6:9"),
        ("  - text: See page {{ page:nowhere }}.\n", "unknown-anchor", "bodied.yaml:5:20"),
        ("  - page-break: yes\n", "wrong-value", "bodied.yaml:5:17"),
        ("  - page-break: false\n", "wrong-value", "bodied.yaml:5:17"),
        ("  - figure: {kind: pie, indicators: [meals], title: A pie}\n", "wrong-value", "bodied.yaml:5:20"),
        ("  - text: Words.\n    quote: Others.\n", "unknown-key", "bodied.yaml:6:5"),
        ("  - Only words.\n", "wrong-value", "bodied.yaml:5:5"),
        ("  - text: ''\n", "empty", "bodied.yaml:5:11"),
        ("  - text: Words.\n  - page-break: true\n", "wrong-value", "bodied.yaml:6:5"),
        ("  - photo: hall.png\n    alt: A hall.\n    height: 900\n", "wrong-value", "bodied.yaml:7:13"),
        ("  - photo: hall.png\n    alt: A hall.\n    focus: [1, 2]\n", "wrong-value", "bodied.yaml:7:12"),
        (
            "  - photo: hall.png\n    alt: A hall.\n    width: bleed\n    height: 60\n",
            "wrong-value",
            "bodied.yaml:8:13",
        ),
        (
            "  - row:\n      - photo: hall.png\n        alt: A hall.\n        width: bleed\n      - text: Words.\n",
            "wrong-value",
            "bodied.yaml:8:16",
        ),
        ("  - text: Words.\n    width: full\n", "wrong-value", "bodied.yaml:6:12"),
        ("  - row:\n      - text: A.\n        width: text\n      - text: B.\n", "wrong-value", "bodied.yaml:7:16"),
        ("  - box: Words.\n    place: head\n    caption: A note.^[Here.]\n", "wrong-value", "bodied.yaml:7:14"),
        (
            "  - row:\n      - figure: {kind: bars, indicators: [meals], title: T}\n        width: text\n"
            "      - text: Words.\n",
            "wrong-value",
            "bodied.yaml:7:16",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_line(bodied: Callable[[str], Project], body: str, code: str, place: str) -> None:
    assert problems(bodied(body)) == [(code, f"content/topics/{place}")]


def test_hints_name_what_there_is(bodied: Callable[[str], Project]) -> None:
    found: tuple[Diagnostic, ...] = check(bodied("  - foto: hall.png\n  - text: Words.\n    wdth: full\n"))
    hints = {one.code: one.hint for one in found}
    assert "photo" in hints["wrong-value"]
    assert "id" in hints["unknown-key"]


def test_a_photo_keeps_its_shape(bodied: Callable[[str], Project], tmp_path: Path) -> None:
    """A portrait that would be higher than the page is narrower, and not flat."""
    place = bodied("".join(f"  - photo: tall.png\n    alt: Tall.\n    width: {one}\n" for one in ("text", "full")))
    Image.new("RGB", (1000, 2000), (40, 80, 120)).save(place.content / "tall.png")
    for _, _, _, width, height in pictures(build(place, EMAIL, tmp_path).path):
        assert abs(height / width - 2) < 0.01
        assert height < 240


def test_a_row_higher_than_a_page_is_said(bodied: Callable[[str], Project], tmp_path: Path) -> None:
    long = " ".join(["Words of a long text that goes on and on."] * 150)
    place = bodied(f"  - row:\n      - text: {long}\n      - box: {long}\n")
    with pytest.raises(ReportError, match="a row of blocks is higher than a page"):
        build(place, EMAIL, tmp_path)


def test_numbers_in_a_row_stay_in_their_column(bodied: Callable[[str], Project], tmp_path: Path) -> None:
    place = bodied("  - row:\n" + "      - numbers: [meals, donations]\n" * 2 + "      - text: Words beside numbers.\n")
    assert build(place, EMAIL, tmp_path).diagnostics == ()


def test_a_template_that_prints_no_body_is_named(bodied: Callable[[str], Project], tmp_path: Path) -> None:
    place = bodied("  - text: Words.\n")
    page = place.layouts / "pages" / "text.html"
    page.write_text(page.read_text("utf-8").replace('{% include "_body.html" %}', ""), encoding="utf-8")
    with pytest.raises(ReportError, match='prints no body, and the topic "bodied" has one'):
        build(place, EMAIL, tmp_path)
