"""Every page looks as it did when somebody last looked at it: pytest --renew-golden, after looking."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from builder.build import build
from builder.build.run import Built
from builder.design.edition import EMAIL
from tests.build import golden_pages as golden
from tests.conftest import Change


@pytest.fixture
def renew(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--renew-golden"))


def test_the_report_looks_as_it_did(report: Built, renew: bool) -> None:
    assert golden.compare("report", report.path, renew=renew) == []


def test_the_new_project_looks_as_it_did(project: Change, tmp_path: Path, renew: bool) -> None:
    assert golden.compare("starter", build(project(), EMAIL, tmp_path / "out").path, renew=renew) == []


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("margin-top: 0", "margin-top: 0.6mm"),
        ("color: rgb(40 40 40)", "color: rgb(58 40 40)"),
    ],
)
def test_a_small_change_is_seen(
    project: Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was: str, now: str
) -> None:
    place = project()
    monkeypatch.setattr(golden, "GOLDEN", tmp_path / "golden")
    monkeypatch.setattr(golden, "MISMATCHES", tmp_path / "mismatches")
    sheet = place.layouts / "styles" / "9-own.css"
    for rule, renewed in ((was, True), (now, False)):
        sheet.write_text(f"p {{ {rule} }}", encoding="utf-8")
        wrong = golden.compare("changed", build(place, EMAIL, tmp_path / "out").path, renew=renewed)
        assert bool(wrong) is not renewed
    kept = sorted((tmp_path / "mismatches").rglob("*.png"))
    assert {path.name[4:] for path in kept} == {"actual.png", "difference.png"}
    with Image.open(kept[-1]) as picture:
        assert picture.getextrema() == (0, 255)
