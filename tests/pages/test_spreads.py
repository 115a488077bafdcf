"""Photos over two facing pages, and photos in two inks."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from builder.build import build
from builder.build.run import Built
from builder.content.check import check
from builder.content.load import load
from builder.design.duotone import Duotone
from builder.design.edition import EMAIL
from builder.model.project import Project
from tests.conftest import PRINT, Change

_WORDS = " ".join(["Words that follow the photo, as an example."] * 8)
_LEFT, _RIGHT = (180, 60, 20), (20, 60, 180)
_SPREAD = "  - photo: wide.png\n    alt: Two colours\n    width: spread\n"


def _project(
    project: Change, body: str, order: str = "      - volunteers\n      - satisfaction\n      - meals"
) -> Project:
    place = project({"content/topics/meals.yaml": f"page: text\ntitle: Meals\nbody:\n{body}"})
    picture = Image.new("RGB", (1200, 850), _LEFT)
    picture.paste(_RIGHT, (600, 0, 1200, 850))
    out = BytesIO()
    picture.save(out, "PNG")
    (place.content / "wide.png").write_bytes(out.getvalue())
    report = place.content / "report.yaml"
    usual = "      - volunteers\n      - satisfaction\n      - meals"
    text = report.read_text("utf-8")
    assert usual in text
    report.write_text(text.replace(usual, order), "utf-8")
    return place


def _pages(path: Path) -> list[Any]:
    with pypdfium2.PdfDocument(path) as pdf:
        return [np.asarray(page.render(scale=0.2).to_pil().convert("RGB"), dtype=int) for page in pdf]


def _all(page: Any, colour: tuple[int, int, int], most: int = 12) -> bool:
    """Whether a page has one colour, but for the words on it and the row of pixels at its edges."""
    near = np.abs(page[1:-1, 1:-1] - colour).max(axis=2) <= most
    return float(near.mean()) > 0.9


@pytest.mark.parametrize(
    "order", ["      - volunteers\n      - satisfaction\n      - meals", "      - meals\n      - volunteers"]
)
def test_each_of_two_facing_pages_shows_its_half(order: str, project: Change) -> None:
    built = build(_project(project, _SPREAD + f"  - text: {_WORDS}\n", order), EMAIL, None)
    pages = _pages(built.path)
    left = [number for number, page in enumerate(pages, 1) if _all(page, _LEFT)]
    right = [number for number, page in enumerate(pages, 1) if _all(page, _RIGHT)]
    assert len(left) == len(right) == 1
    assert left[0] % 2 == 0, "it begins on a verso"
    assert right[0] == left[0] + 1


def test_text_fills_the_page_that_would_stay_blank(project: Change) -> None:
    """The topic begins on a verso: the recto after it is filled with what follows the photo."""
    text = "".join(f"      {_WORDS}\n\n" for _ in range(16))
    body = f"  - text: |\n{text}{_SPREAD}  - text: |\n{text}"
    built = build(_project(project, body, "      - volunteers\n      - meals\n      - satisfaction"), EMAIL, None)
    assert "blank-page" not in [one.code for one in built.diagnostics]
    pages = _pages(built.path)
    at = next(number for number, page in enumerate(pages) if _all(page, _LEFT))
    dark = (pages[at - 1].max(axis=2) < 200).any(axis=1)
    assert np.flatnonzero(dark[: int(len(dark) * 0.88)]).max() > len(dark) * 0.7, "its text reaches far down"


def test_a_page_that_stays_blank_is_said_at_its_line(project: Change) -> None:
    body = f"  - text: {_WORDS}\n{_SPREAD}"
    built = build(_project(project, body, "      - volunteers\n      - meals\n      - satisfaction"), EMAIL, None)
    found = [one.span.line for one in built.diagnostics if one.code == "blank-page" and one.span]
    assert found == [5]


@pytest.fixture
def toned(project: Change) -> Built:
    body = "  - photo: wide.png\n    alt: Two colours\n    width: column\n    tone: teal\n"
    return build(_project(project, body), PRINT, None)


def test_a_photo_is_printed_in_black_and_a_colour(toned: Built) -> None:
    """All its pixels lie between paper, ink and the colour: none keeps the red that it has in the file."""
    with pypdfium2.PdfDocument(toned.path) as pdf:
        images = [
            one.get_bitmap().to_pil().convert("RGB")
            for page in pdf
            for one in page.get_objects()
            if isinstance(one, pypdfium2.PdfImage)
        ]
    assert images
    red, green, _ = np.asarray(images[0], dtype=int).reshape(-1, 3).T
    assert (green >= red).all()


def test_a_tone_that_the_theme_does_not_have_is_an_error(project: Change) -> None:
    body = "  - photo: wide.png\n    alt: Two colours\n    tone: teel\n"
    place = _project(project, body)
    [found] = [one for one in check(load(place), place).diagnostics if one.severity == "error"]
    assert (found.code, found.span.line if found.span else 0) == ("unknown-accent", 6)
    assert "teal" in found.hint


_channels = st.tuples(*[st.integers(0, 255)] * 4)


@given(_channels, _channels, _channels, st.integers(1, 254))
def test_tones_run_from_ink_by_the_colour_to_paper(
    dark: tuple[int, ...], colour: tuple[int, ...], light: tuple[int, ...], grey: int
) -> None:
    ramp = Image.new("L", (256, 1))
    ramp.putdata(range(256))
    printed = np.asarray(Duotone(dark, colour, light, grey).printed(ramp), dtype=int)[0]
    assert [*map(tuple, printed[[0, grey, 255]])] == [dark, colour, light]
    steps = np.diff(printed, axis=0)
    for part in (steps[:grey], steps[grey:]):
        assert ((part >= 0).all(axis=0) | (part <= 0).all(axis=0)).all(), "no tone overtakes another"


def test_text_fills_the_page_before_a_photo_of_a_whole_page(project: Change) -> None:
    """It is written after a few lines: those after it fill their page, and it takes the next."""
    text = "".join(f"      {_WORDS}\n\n" for _ in range(12))
    photo = _SPREAD.replace("spread", "bleed")
    built = build(_project(project, f"  - text: {_WORDS}\n{photo}  - text: |\n{text}"), EMAIL, None)
    pages = _pages(built.path)
    at = next(
        number for number, page in enumerate(pages) if float((np.abs(page - _LEFT).max(axis=2) <= 12).mean()) > 0.3
    )
    dark = (pages[at - 1].max(axis=2) < 200).any(axis=1)
    assert np.flatnonzero(dark[: int(len(dark) * 0.88)]).max() > len(dark) * 0.7, "its text reaches far down"
