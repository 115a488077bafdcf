"""Drawings in SVG as pictures: what cannot be printed is said, and what can is in the edition's inks and type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from builder.build import build
from builder.build.run import Built
from builder.content.check import check
from builder.content.load import load
from builder.design.drawings import DrawingError, faults, is_drawing, made_ready
from builder.design.drawn_words import cut_off
from builder.design.edition import EMAIL
from tests.conftest import PRINT, Change

_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 60 30">'
GOOD = (
    '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
    '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    f'{_HEAD}<metadata><x:y xmlns:x="urn:x"/></metadata>'
    '<defs><linearGradient id="g"><stop offset="0" stop-color="red"/>'
    '<stop offset="1" stop-color="#00f"/></linearGradient><style>.a{fill:#0a7d3c;font:bold 6px Arial}</style></defs>'
    '<rect width="20" height="30" fill="url(#g)"/><rect class="a" x="20" width="20" height="30"/>'
    '<rect x="40" width="20" height="30" style="fill: rgb(200,30,30)"/><text class="a" x="2" y="12">Parole</text></svg>'
)
_WRONG = {
    "script": ("<script>alert(1)</script>", "a script"),
    "handler": ('<rect onclick="x()" width="1" height="1"/>', "a script"),
    "web page": ("<foreignObject><p>x</p></foreignObject>", "foreignObject"),
    "pixels": ('<image href="data:image/png;base64,AAAA" width="1" height="1"/>', "pixels"),
    "shadow": ('<filter id="f"><feGaussianBlur stdDeviation="2"/></filter>', "effects"),
    "movement": ('<rect width="1" height="1"><animate attributeName="x"/></rect>', "moves"),
    "other file": ('<use href="other.svg#a"/>', "outside of it"),
    "address": ('<rect fill="url(https://example.org/a.svg#g)"/>', "outside of it"),
    "stylesheet": ("<style>@import 'https://example.org/a.css';</style>", "outside of it"),
    "mesh": ("<meshgradient/>", "<meshgradient>"),
}


@pytest.mark.parametrize("name", _WRONG)
def test_what_cannot_be_printed_is_said(name: str) -> None:
    inside, said = _WRONG[name]
    found = [fault.message for fault in faults(f"{_HEAD}{inside}</svg>".encode())]
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 1 1">&a;</svg>', "entities"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="1"', "damaged"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "how large"),
        (b"<html/>", "no drawing"),
    ],
)
def test_files_that_are_no_drawings_are_said(data: bytes, said: str) -> None:
    assert [said in fault.message for fault in faults(data)] == [True]


def test_a_drawing_that_uses_itself_without_end_is_refused() -> None:
    bomb = "".join(
        f'<g id="a{n}"><use href="#a{n + 1}"/><use href="#a{n + 1}"/><use href="#a{n + 1}"/></g>' for n in range(20)
    )
    circle = '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'
    for inside in (bomb + '<g id="a20"><rect/></g><use href="#a0"/>', circle):
        assert any("shapes" in fault.message for fault in faults(f"{_HEAD}{inside}</svg>".encode()))


def test_colours_and_type_are_the_reports() -> None:
    assert list(faults(GOOD.encode())) == []
    ready = made_ready(GOOD.encode(), frozenset({"Own"}), "Own", lambda rgb: (0.1, 0.2, rgb[0], 0.0)).decode()
    assert "Arial" not in ready
    assert re.search(r"font-family: Own; font-weight: 700", ready)
    assert ready.count("device-cmyk(") == 2
    assert 'stop-color="red"' in ready, "gradients are mixed when the book is bound"
    with pytest.raises(DrawingError):
        made_ready(b"<svg/>", frozenset(), "Own", None)


def _with(project: Change, drawing: str, name: str = "drawing.svg") -> object:
    topic = f"page: text\ntitle: Meals\nbody:\n  - photo: {name}\n    alt: A drawing\n    caption: What it shows\n"
    place = project({"content/topics/meals.yaml": topic})
    (place.content / name).write_text(drawing, "utf-8")
    return place


def test_a_bad_drawing_is_an_error_at_its_line(project: Change) -> None:
    place = _with(project, f"{_HEAD}<foreignObject/></svg>")
    found = [d for d in check(load(place), place).diagnostics if d.code == "bad-image"]  # type: ignore[arg-type]
    assert [(str(d.span), "foreignObject" in d.message) for d in found] == [("content/topics/meals.yaml:4:12", True)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<text x="10" y="20" font-size="20">Water</text>', []),  # 50 wide, in a drawing of 100
        ('<text x="60" y="20" font-size="20">Water</text>', ["Water"]),
        ('<text x="40" y="20" style="font-size: 20px; text-anchor: end">Water</text>', ["Water"]),
        ('<text x="80" y="20" font-size="20" text-anchor="middle">Water</text>', ["Water"]),
        ('<g transform="scale(0.5)"><text x="60" y="20" font-size="20">Water</text></g>', []),
        ('<g transform="matrix(1 0 0 1 70 0)"><text x="0" y="20" font-size="20">Water</text></g>', ["Water"]),
        ('<text transform="rotate(90)" x="90" y="20" font-size="20">Water</text>', []),
        ('<text y="9" font-size="20">One<tspan x="80">Water</tspan></text>', ["Water"]),
        (
            "<text x='10' y='20' font-size='20'>A word <tspan font-weight='bold'>or more</tspan></text>",
            ["A word or more"],
        ),
    ],
)
def test_words_that_are_cut_off_at_the_edge_are_found(text: str, said: list[str]) -> None:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">{text}</svg>'
    assert list(cut_off(drawing.encode(), lambda words, size, _bold: len(words) * size / 2)) == said


def test_words_that_are_cut_off_are_an_error_at_the_line_of_the_drawing(project: Change) -> None:
    text = '<text y="20" font-size="20">Clearwater</text>'
    place = _with(project, f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 30">{text}</svg>')
    found = [d for d in check(load(place), place).diagnostics if d.code == "figure-text"]  # type: ignore[arg-type]
    assert [(str(d.span), '"Clearwater"' in d.message) for d in found] == [("content/topics/meals.yaml:4:12", True)]


def test_a_drawing_is_told_by_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text(GOOD, "utf-8")
    Image.new("RGB", (2, 2)).save(tmp_path / "b.png")
    (tmp_path / "b.png").rename(tmp_path / "b.svg")
    assert is_drawing(tmp_path / "a.jpg")
    assert not is_drawing(tmp_path / "b.svg")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory, planted: Path) -> tuple[Built, Built]:
    import shutil

    from builder.model.project import Project

    root = tmp_path_factory.mktemp("drawn") / "project"
    shutil.copytree(planted, root)
    topic = "page: text\ntitle: Meals\nbody:\n  - photo: drawing.svg\n    alt: A drawing\n    width: full\n"
    (root / "content/topics/meals.yaml").write_text(topic, "utf-8")
    (root / "content/drawing.svg").write_text(GOOD, "utf-8")
    project = Project.at(root)
    return build(project, EMAIL, tmp_path_factory.mktemp("email")), build(
        project, PRINT, tmp_path_factory.mktemp("print")
    )


def test_a_drawing_is_in_the_inks_of_the_press(drawn: tuple[Built, Built]) -> None:
    assert any("structure checked" in remark for remark in drawn[1].remarks), "it passed the preflight"
    with pikepdf.open(drawn[1].path) as book:
        spaces = {str(space) for page in book.pages for space in _gradients(page.obj.Resources)}
    assert spaces == {"/DeviceCMYK"}


def _gradients(resources: Any) -> Iterator[Any]:
    """The colour spaces of gradients, in patterns within forms too."""
    none = pikepdf.Dictionary()
    yield from (shading.ColorSpace for shading in resources.get("/Shading", none).values())
    for held in (*resources.get("/Pattern", none).values(), *resources.get("/XObject", none).values()):
        yield from _gradients(held.get("/Resources", none))


def test_the_type_of_a_drawing_is_said_and_in_the_file(drawn: tuple[Built, Built]) -> None:
    said = [d for d in drawn[0].diagnostics if d.code == "drawing-font"]
    assert len(said) == 1
    assert "Arial" in said[0].message
