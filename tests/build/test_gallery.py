"""The gallery: every kind of figure, printed for screens and for the press without a finding."""

from __future__ import annotations

import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from builder import EMAIL, Built, Project, build
from builder.figures.draw import HEIGHTS
from builder.model.body import BLOCKS
from tests import verapdf
from tests.build import golden_pages as golden
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
    single.add("code")  # a gallery of ours runs no programs: docs/own-figures.md has one
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


def test_its_pages_look_as_they_did(mailed: Built, request: pytest.FixtureRequest) -> None:
    assert golden.compare("gallery", mailed.path, renew=bool(request.config.getoption("--renew-golden"))) == []


def test_the_documents_show_it_as_it_is(mailed: Built) -> None:
    place = spec_from_file_location("gallery", ROOT / "docs" / "gallery.py")
    assert place is not None
    assert place.loader is not None
    documents = module_from_spec(place)
    place.loader.exec_module(documents)
    shown = dict(documents.pictures(mailed.path))
    assert sorted(shown) == sorted(path.name for path in (ROOT / "docs" / "gallery").glob("*.png")), "run: make gallery"
    for name, now in shown.items():
        with Image.open(ROOT / "docs" / "gallery" / name) as was:
            assert was.size == now.size, f"{name}: run make gallery"
            apart = ImageStat.Stat(ImageChops.difference(was.convert("RGB"), now.convert("RGB"))).mean
        assert max(apart) < 1, f"{name}: run make gallery"
    for name in documents.PAGES:
        assert (ROOT / "docs" / f"{name}.md").read_text("utf-8") == documents.text(name), "run: make gallery"


def test_numbers_are_printed_whole(mailed: Built) -> None:
    printed = " ".join(texts(mailed.path))
    for number in ("1.871.200", "−44,4", "−8,1%", "5.190", "0,0", "54,5 Bilancio"):
        assert number in printed, number


def test_it_is_fit_for_the_press(gallery: Project, tmp_path: Path) -> None:
    """The preflight finds no hairline, no missing ink and no text in more than black."""
    assert [str(one) for one in build(gallery, PRINT, tmp_path).diagnostics] == []
