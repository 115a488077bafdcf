"""The gallery: every kind of figure, printed for screens and for the press without a finding."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from builder import EMAIL, Built, Project, build
from builder.figures.draw import HEIGHTS
from builder.model.body import BLOCKS
from tests import verapdf
from tests.conftest import PRINT, ROOT
from tests.drawn import texts


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Project:
    place = tmp_path_factory.mktemp("gallery")
    shutil.copytree(ROOT / "examples" / "gallery" / "content", place / "content")
    for folder in ("layouts", "fonts"):
        shutil.copytree(ROOT / folder, place / folder)
    return Project.at(place)


@pytest.fixture(scope="module")
def mailed(gallery: Project) -> Built:
    return build(gallery, EMAIL)


def test_it_shows_every_kind_of_chart_and_diagram(gallery: Project) -> None:
    said = "\n".join(file.read_text("utf-8") for file in (gallery.content / "topics").glob("*.yaml"))
    single = {"slope", "waffle", "bar", "index", "measures", "units", "timeline"}  # the report itself shows them
    single.add("code")  # a gallery of ours runs no programs: docs/figures.md has one
    assert {kind for kind in HEIGHTS if f"kind: {kind}\n" in said or f"kind: {kind}," in said} == {*HEIGHTS} - single


def test_it_shows_every_block(gallery: Project) -> None:
    said = "\n".join(file.read_text("utf-8") for file in (gallery.content / "topics").glob("*.yaml"))
    lacking = [kind for kind in BLOCKS if f"- {kind}:" not in said and f"  {kind}:" not in said]
    assert set(lacking) <= {"page-break"}, "which shows nothing"
    for key in ("ratio", "focus", "over", "height: rest", "width: bleed", "width: full", "width: column", "across"):
        assert key in said, key


def test_it_has_no_finding_and_passes_the_validator(mailed: Built) -> None:
    assert [str(one) for one in mailed.diagnostics] == []
    assert verapdf.failures(mailed.path, "2a") == []
    assert verapdf.failures(mailed.path, "ua1") == []


def test_numbers_are_printed_whole(mailed: Built) -> None:
    printed = " ".join(texts(mailed.path))
    for number in ("1.871.200", "−44,4", "−8,1%", "5.190", "0,0", "54,5 Bilancio"):
        assert number in printed, number


def test_it_is_fit_for_the_press(gallery: Project, tmp_path: Path) -> None:
    """The preflight finds no hairline, no missing ink and no text in more than black."""
    assert [str(one) for one in build(gallery, PRINT, tmp_path).diagnostics] == []
