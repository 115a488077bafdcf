"""Each rule has one clean file and one that is broken on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from builder.build import Built
from builder.cli import main
from builder.diagnostics import ExitCode
from builder.edition import EDITIONS
from builder.load import read_yaml
from builder.preflight import preflight
from builder.project import Project
from builder.theme import Theme
from tests.conftest import ROOT, Change

EDITION = EDITIONS["print"]


@pytest.fixture(scope="module")
def theme() -> Theme:
    data = read_yaml(ROOT / "layouts" / "theme.yaml", "theme.yaml", []).data
    return Theme.model_validate(data)


@pytest.fixture
def copy(report: Built) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(report.path) as pdf:
        yield pdf


def a_font_of_the_system(pdf: pikepdf.Pdf) -> None:
    font = next(iter(pdf.pages[0].obj.Resources.Font.values()))
    font.BaseFont = Name("/ABCDEF+DejaVu-Sans")


def a_font_outside_the_file(pdf: pikepdf.Pdf) -> None:
    font = next(iter(pdf.pages[0].obj.Resources.Font.values()))
    for key in (Name.FontFile2, Name.FontFile3):
        if key in font.DescendantFonts[0].FontDescriptor:
            del font.DescendantFonts[0].FontDescriptor[key]


def a_link_to_nowhere(pdf: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), Dest=pikepdf.String("nowhere"))
    pdf.pages[3].obj.Annots = Array([pdf.make_indirect(link)])


def another_page_size(pdf: pikepdf.Pdf) -> None:
    pdf.pages[4].trimbox = Array([0, 0, 500, 700])


def no_bleed(pdf: pikepdf.Pdf) -> None:
    pdf.pages[5].mediabox = pdf.pages[5].trimbox


def test_the_report_is_clean(copy: pikepdf.Pdf, theme: Theme) -> None:
    assert preflight(copy, theme, EDITION) == ()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (a_font_of_the_system, "foreign-font"),
        (a_font_outside_the_file, "font-not-embedded"),
        (a_link_to_nowhere, "dead-link"),
        (another_page_size, "page-size"),
        (no_bleed, "bleed"),
    ],
)
def test_each_fault_is_found(copy: pikepdf.Pdf, theme: Theme, fault: Callable[[pikepdf.Pdf], None], code: str) -> None:
    fault(copy)
    assert code in {d.code for d in preflight(copy, theme, EDITION)}


def test_a_font_of_the_system_stops_the_build(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    place: Project = project({"layouts/styles/9-own.css": "p { font-family: 'DejaVu Sans', monospace; }\n"})
    assert main(["build", "-p", str(place.root)]) == ExitCode.PREFLIGHT
    assert "foreign-font" in capsys.readouterr().err
    assert not list(place.output.glob("*.pdf"))
