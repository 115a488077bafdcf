"""The mailed edition as those get it who listen, and as two other checkers see it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image
from weasyprint import HTML

from builder.build import build
from builder.build.run import Built
from builder.content.check import check
from builder.content.load import load
from builder.design.edition import EMAIL
from builder.model.diagnostics import ExitCode, ReportError
from builder.model.project import Project
from tests import verapdf
from tests.aloud import Heard, Reader
from tests.conftest import ROOT, Change
from tests.pdf.test_bind import Proof, one_piece

ALOUD = ROOT / "tests" / "files" / "aloud.txt"
BIN = Path(sys.executable).parent
# Each is explained in docs/accessibility.md.
EXPLAINED = {"ORD-001", "FIG-012", "PAG-001"}


@pytest.fixture(scope="module")
def heard(report: Built) -> list[Heard]:
    return Reader(report.path).heard()


def test_the_report_is_read_aloud_as_it_was_read_whole(heard: list[Heard]) -> None:
    """The file was read by a person, line by line; what changes in it must be read again."""
    said = "".join(f"{one.role}\t{one.words}\n" for one in heard)
    assert said == ALOUD.read_text(encoding="utf-8")


def test_no_furniture_is_read(heard: list[Heard], report: Built) -> None:
    words = [one.words for one in heard]
    assert not [w for w in words if re.fullmatch(r"\d{1,2}", w) and w not in ("66", "3", "60", "1", "10", "20", "39")]
    assert words.count("Grazie ad ANCI Lombardia") == 1
    with pikepdf.open(report.path) as pdf:
        page = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(pdf.pages[10]))
    assert page.count(b"/Pagination") >= 3


def test_hyphens_at_line_ends_are_soft(heard: list[Heard], report: Built) -> None:
    with pikepdf.open(report.path) as pdf:
        soft = sum(page.obj.Contents.read_bytes().count(b"/ActualText <FEFF00AD>") for page in pdf.pages)
    assert soft >= 3
    assert not [one.words for one in heard if "\u2010" in one.words or re.search(r"\w- \w", one.words)]


def test_signs_and_short_forms_are_words(heard: list[Heard]) -> None:
    words = " | ".join(one.words for one in heard)
    for right in ("più 14 punti", "66 milioni di euro", "più 17%", "Risultato 1 di 13", "pagina 11"):
        assert right in words
    assert "Mln" not in words


def test_headings_skip_no_level(heard: list[Heard]) -> None:
    levels = [int(one.role[1]) for one in heard if re.fullmatch(r"H\d", one.role)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    first = [one.words for one in heard if one.role == "H1"]
    assert len(first) == len(set(first))


def test_the_structure_has_what_it_needs(report: Built) -> None:
    reader = Reader(report.path)
    pages = {page.obj.objgen: page for page in reader.pdf.pages}
    seen = set()
    for role, element in reader.roles():
        seen.add(role)
        if role == "TH":
            assert str(element.A.Scope) in ("/Column", "/Row")
        if role == "Figure":
            assert str(element.Alt).strip()
            left, bottom, right, top = (float(v) for v in element.A.BBox)
            assert 0 <= left < right <= 596
            assert 0 <= bottom < top <= 842
        if role == "Note":
            assert Name.ID in element
        if role == "Link":
            kids = list(element.K)
            annotation = next(k.Obj for k in kids if isinstance(k, Dictionary) and k.get(Name.Type) == Name.OBJR)
            assert len(str(annotation.Contents)) > 3
            assert int(annotation.F) == 4
    assert {"TOC", "TOCI", "Reference", "Note", "Caption", "Figure", "Table", "THead", "LI", "Lbl", "LBody"} <= seen
    assert "Span" in seen
    assert pages
    assert reader.pdf.Root.PageMode == Name.UseOutlines
    assert reader.pdf.Root.PageLayout == Name.OneColumn
    assert all(page.obj.Tabs == Name.S for page in reader.pdf.pages)


def test_a_section_is_one_element_on_however_many_pages(report: Built) -> None:
    with pikepdf.open(report.path) as pdf:
        names = pdf.Root.Names.Dests.Names
        anchors = {str(names[i]) for i in range(0, len(names), 2)}
    sections = [name for name in anchors if not re.match(r"(figure|data|indicator)-", name)]
    assert len([1 for role, _ in Reader(report.path).roles() if role == "Sect"]) <= len(sections)
    tables = [element for role, element in Reader(report.path).roles() if role == "Table"]
    assert len(tables) == 8


def test_every_figure_and_its_data_send_to_each_other(report: Built) -> None:
    with pikepdf.open(report.path) as pdf:
        targets = {str(a.Dest) for page in pdf.pages for a in page.obj.get(Name.Annots, Array()) if Name.Dest in a}
    assert {f"{kind}-{n}" for kind in ("figure", "data") for n in range(1, 8)} <= targets


def test_verapdf_passes_the_mailed_edition(report: Built) -> None:
    assert verapdf.failures(report.path, "2a") == []
    assert verapdf.failures(report.path, "ua1") == []


def test_a_new_project_passes_too(project: Change) -> None:
    built = build(project(), EMAIL)
    assert verapdf.failures(built.path, "2a") == []
    assert verapdf.failures(built.path, "ua1") == []


def test_outloud_finds_no_error_and_nothing_unexplained(report: Built, tmp_path: Path) -> None:
    out = tmp_path / "outloud.json"
    subprocess.run([BIN / "outloud", "--json", out, "-q", report.path], check=True, capture_output=True)
    found = json.loads(out.read_text(encoding="utf-8"))
    result = found["results"][0]
    assert result["counts"]["error"] == 0
    assert result["stats"]["tagged"]
    rules = {one["rule"] for one in result["findings"]}
    assert rules <= EXPLAINED
    explained = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
    assert all(rule in explained for rule in EXPLAINED)


def test_pdfua_finds_nothing(report: Built) -> None:
    done = subprocess.run(
        [BIN / "pdfua", "check", "-f", "json", report.path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[:2000]
    assert '"severity"' not in done.stdout


def test_the_mailed_edition_is_no_larger_than_one_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What plain WeasyPrint makes of the same pages, as PDF/UA."""
    proof = Proof(Project.at(ROOT))
    own = HTML.write_pdf
    monkeypatch.setattr(HTML, "write_pdf", lambda self, path, **more: own(self, path, pdf_variant="pdf/ua-1", **more))
    one_piece(proof, tmp_path / "one.pdf")
    ours = build(Project.at(ROOT), EMAIL, tmp_path)
    assert ours.path.stat().st_size <= (tmp_path / "one.pdf").stat().st_size


def test_each_font_is_there_once_and_no_press(report: Built) -> None:
    with pikepdf.open(report.path) as pdf:
        names = [
            str(o.FontName).partition("+")[2] for o in pdf.objects if isinstance(o, Dictionary) and Name.FontFile2 in o
        ]
        assert len(names) == len(set(names)) > 4
        assert int(pdf.Root.OutputIntents[0].DestOutputProfile.N) == 3


def noise(width: int, height: int, seed: int) -> Image.Image:
    """As hard to compress as a photo: soft shapes with fine grain."""
    random = np.random.default_rng(seed)
    soft = Image.fromarray(random.integers(0, 255, (30, 40, 3), dtype=np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    grain = random.integers(-12, 12, (height, width, 1))
    return Image.fromarray(np.clip(np.asarray(soft, dtype=int) + grain, 0, 255).astype(np.uint8))


def photos(project: Change, count: int, budget: str) -> Project:
    place = project()
    for old in (place.content / "topics").glob("*.yaml"):
        old.unlink()
    folder = place.content / "photos"
    folder.mkdir()
    for seed in range(3):
        noise(4000, 3000, seed).save(folder / f"{seed}.jpg", quality=88)
    for n in range(3, count):  # other files, of the same pictures, so that none is stored once for many
        data = (folder / f"{n % 3}.jpg").read_bytes()
        (folder / f"{n}.jpg").write_bytes(data[:2] + b"\xff\xfe\x00\x06" + f"{n:04d}".encode() + data[2:])
    files: dict[str, str | bytes | None] = {
        f"content/topics/p{n}.yaml": f"page: text\ntitle: Photo {n}\n"
        f"image: {{file: photos/{n}.jpg, alt: An example picture}}\n"
        for n in range(count)
    }
    order = "".join(f"  - topic: p{n}\n" for n in range(count))
    head = "title: R\norganisation: O\nperiod: {from: 2021, to: 2024}\nlanguage: en\n" + budget + "order:\n"
    return project({**files, "content/report.yaml": head + order})


def test_sixty_photos_of_twelve_megapixels_fit_the_budget(project: Change) -> None:
    built = build(photos(project, 60, ""), EMAIL)
    assert built.path.stat().st_size <= 7_000_000
    assert built.remarks
    assert re.fullmatch(r"pictures at \d+ dpi and quality \d+: [\d.]+ → [\d.]+ MB", built.remarks[0])
    with pypdfium2.PdfDocument(built.path) as pdf:  # at 100 % of a screen, 96 dpi
        shown = np.asarray(pdf[0].render(scale=96 / 72).to_pil().convert("RGB"), dtype=float)
    rows = np.where(shown.std(axis=(1, 2)) > 12)[0]
    assert len(rows) > 300, "the photo is there, and large"


def test_what_cannot_fit_says_what_takes_the_space(project: Change) -> None:
    with pytest.raises(ReportError) as error:
        build(photos(project, 4, "budget: 0.01\n"), EMAIL)
    assert error.value.exit_code is ExitCode.PREFLIGHT
    assert "content/photos/0.jpg" in error.value.diagnostics[0].hint
    assert error.value.diagnostics[0].code == "too-large"


TEXT = "content/topics/meals.yaml"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({TEXT: "page: text\ntitle: A\ntext: |\n  one\n\n  #### deep\n"}, f"{TEXT}:6:8 heading-level"),
        ({TEXT: "page: text\ntitle: A\ntext: |\n  read\n  [qui](#meals)\n"}, f"{TEXT}:5:9 vague-link"),
        (
            {TEXT: "page: text\ntitle: A\ntext: |\n  [https://a.example](https://a.example)\n"},
            f"{TEXT}:4:23 vague-link",
        ),
        ({TEXT: "page: text\ntitle: A\ntext: |\n  read [more on it](#nowhere)\n"}, f"{TEXT}:4:21 unknown-anchor"),
        (
            {TEXT: "page: text\ntitle: A\ntext: |\n  words\n\n  | a |  |\n  |---|---|\n  | 1 | 2 |\n"},
            f"{TEXT}:6:3 empty-header",
        ),
        ({TEXT: "page: text\ntitle: A\nimage: {file: a.jpg, alt: ''}\n"}, f"{TEXT}:3:15 missing-alt"),
        ({TEXT: "page: text\ntitle: A\nimage: {file: a.jpg}\n"}, f"{TEXT}:3:8 missing-key"),
        ({TEXT: "page: text\ntitle: A\ntext: |\n  ![](a.jpg)\n"}, f"{TEXT}:4:7 missing-alt"),
    ],
)
def test_each_rule_of_access_is_an_error_at_its_line(project: Change, files: dict[str, str], expected: str) -> None:
    place = project({**files})
    Image.new("RGB", (40, 30), "red").save(place.content / "a.jpg")
    found = check(load(place), place).diagnostics
    assert expected in [f"{d.span} {d.code}" for d in found if d.severity == "error"], [str(d) for d in found]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('quiet: {srgb: "#5f5f5d"', 'quiet: {srgb: "#8f8f8d"', "contrast"),
        ('rest: {srgb: "#919190"', 'rest: {srgb: "#c0c0c0"', "contrast"),
        ('vermilion: {srgb: "#d43d20"', 'vermilion: {srgb: "#ff9966"', "contrast"),
        ('tint: {srgb: "#f4efe6"', 'tint: {srgb: "#777777"', "contrast"),
        ('vermilion: {srgb: "#d43d20"', 'vermilion: {srgb: "#868686"', "colours-alike"),
    ],
)
def test_colours_that_cannot_be_told_apart_are_errors(project: Change, old: str, new: str, code: str) -> None:
    theme = (project().layouts / "theme.yaml").read_text(encoding="utf-8")
    assert old in theme
    place = project({"layouts/theme.yaml": theme.replace(old, new)})
    found = [d for d in check(load(place), place).diagnostics if d.code == code]
    assert found
    assert all(str(d.span).startswith("layouts/theme.yaml:") for d in found)
