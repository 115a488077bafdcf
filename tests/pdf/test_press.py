"""The print edition as a print shop sees it: inks, plates, boxes, PDF/X, spine. Nothing here uses the preflight."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from builder.build import build
from builder.build.run import Built
from builder.cli.app import main
from builder.content.printers import printer, printers
from builder.content.rules import CHECKS
from builder.design.colour import Separation
from builder.design.edition import Edition
from builder.design.printer import Pages, Printer
from builder.design.theme import Theme
from builder.model.diagnostics import ExitCode
from builder.model.project import Project
from tests.conftest import PRINT, ROOT, Change
from tests.drawn import texts
from tests.plates import by_ghostscript, by_pdfium, by_poppler, delta, lab, separated

FOGRA39 = printer("coated-fogra39", None)
MM = 25.4 / 72


@pytest.fixture
def press(printed: Built) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(printed.path) as pdf:
        yield pdf


# Its own walker: every stream of the file that may hold operators, whether a page reaches it or not.

_STRING = re.compile(rb"\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)|<[0-9A-Fa-f\s]+>", re.DOTALL)
_FORBIDDEN = {b"rg", b"RG", b"sh", b"ri", b"BI"}
_DEVICE = {b"/DeviceRGB", b"/DeviceGray", b"/CalRGB", b"/Lab", b"/ICCBased", b"/Pattern"}


def operators(stream: Any) -> list[bytes]:
    return _STRING.sub(b" () ", stream.read_bytes()).split()


def test_no_stream_has_an_operator_or_an_image_that_is_no_ink(press: pikepdf.Pdf) -> None:
    seen = 0
    for one in press.objects:
        if not isinstance(one, pikepdf.Stream):
            continue
        kind, subtype = one.get(Name.Type), one.get(Name.Subtype)
        if subtype == Name.Image:
            assert one.ColorSpace in (Name.DeviceCMYK, Name.DeviceGray)
            continue
        if kind in (Name.Metadata, Name.XRef, Name.ObjStm) or Name.Length1 in one or subtype == Name.CIDFontType0C:
            continue
        if Name.N in one or b"begincmap" in one.read_bytes()[:200]:
            continue
        words = operators(one)
        if b"Do" not in words and b"BT" not in words and b"re" not in words and b"q" not in words:
            continue
        seen += 1
        assert not _FORBIDDEN & set(words)
        for at, word in enumerate(words):
            if word in (b"cs", b"CS"):
                assert words[at - 1] == b"/All"
            if word in (b"g", b"G"):
                raise AssertionError("grey, where K is meant")
        if Name.Group in one:
            assert one.Group.get(Name.CS, Name.DeviceCMYK) == Name.DeviceCMYK
    assert seen >= 40  # the pages, and the marks that they share
    for one in press.objects:
        if isinstance(one, Dictionary | pikepdf.Stream):
            assert Name.Shading not in one or not len(one.Shading)
            assert one.get(Name.ShadingType) is None
            if Name.ColorSpace in one and isinstance(one.ColorSpace, Dictionary):
                assert set(one.ColorSpace.keys()) <= {"/All"}


def test_text_is_on_the_black_plate_alone(printed: Built, tmp_path: Path) -> None:
    """Page 28, the method note, has ink and grey text and headings in a mixed colour; page 10 body text only."""
    with pypdfium2.PdfDocument(printed.path) as pdf:
        page = pdf[9]
        found = page.get_textpage().search("Negli ultimi cinque anni")
        assert found.get_next() is not None
    plates = separated(printed.path, tmp_path, 10, dpi=100)
    scale = 100 / 25.4
    body = (slice(int((3 + 75) * scale), int((3 + 140) * scale)), slice(int((3 + 26) * scale), int((3 + 180) * scale)))
    assert (plates["Black"][body] > 200).sum() > 2000, "the text is there"
    for ink in ("Cyan", "Magenta", "Yellow"):
        assert plates[ink][body].max() == 0


def test_black_text_overprints_a_tint(project: Change, tmp_path: Path) -> None:
    """On a ground of cyan and magenta, letters in black leave no hole in those plates."""
    style = ".claim h1 { background: device-cmyk(0.5 0.2 0 0); color: var(--ink) !important }\n"
    place = project({"layouts/styles/9-own.css": style})
    built = build(place, PRINT, tmp_path)
    with pypdfium2.PdfDocument(built.path) as pdf:
        number = next(n for n, page in enumerate(pdf, 1) if "result 1" in page.get_textpage().get_text_range().lower())
    plates = separated(built.path, tmp_path / "sep", number, dpi=72)
    ground = plates["Cyan"] > 100
    letters = (plates["Black"] > 250) & ground
    assert letters.sum() > 100, "letters on the ground"
    rows, columns = np.nonzero(ground)
    inside = (slice(rows.min() + 2, rows.max() - 1), slice(columns.min() + 2, columns.max() - 1))
    assert plates["Cyan"][inside].min() > 100, "no letter is cut out of the cyan plate"
    assert plates["Magenta"][inside].min() > 40


def test_white_knocks_out(printed: Built, tmp_path: Path) -> None:
    plates = separated(printed.path, tmp_path, 14, dpi=72)
    below = slice(int(plates["Magenta"].shape[0] * 0.4), int(plates["Magenta"].shape[0] * 0.9))
    number = plates["Magenta"][below]
    assert (number == 0).sum() > 5_000, "the white figure 66 is a hole in the red"


def test_no_spot_of_the_report_has_more_ink_than_the_paper_takes(printed: Built, tmp_path: Path) -> None:
    for page in (1, 6, 9, 14, 24, 25, 32):
        plates = separated(printed.path, tmp_path, page, dpi=40)
        total = np.sum([plate.astype(int) for plate in plates.values()], axis=0) / 255 * 100
        assert total.max() <= 300


# Boxes and marks


def with_bleed(bleed: float, marks: str = "none", **more: Any) -> Edition:
    values = {**dict(FOGRA39), "bleed": bleed, "marks": marks, **more}
    return Edition("print", Printer.model_construct(**values))


def box(values: Array) -> list[float]:
    return [float(v) * MM for v in values]


@pytest.mark.parametrize("marks", ["none", "crop", "all"])
@pytest.mark.parametrize("bleed", [0, 2, 3, 5, 10])
def test_boxes_are_exact_at_any_bleed(project: Change, tmp_path: Path, bleed: float, marks: str) -> None:
    built = build(project(), with_bleed(bleed, marks), tmp_path)
    around = bleed if marks == "none" else max(bleed + 1, 3) + 7 if bleed else 10
    with pikepdf.open(built.path) as pdf:
        assert len(pdf.pages) == 16
        for page in pdf.pages:
            assert [float(v) for v in page.mediabox[:2]] == [0, 0]
            assert box(page.mediabox)[2:] == pytest.approx([210 + 2 * around, 297 + 2 * around], abs=0.001)
            assert box(page.trimbox) == pytest.approx([around, around, around + 210, around + 297], abs=0.001)
            bled = [around - bleed, around - bleed, around + 210 + bleed, around + 297 + bleed]
            assert box(page.bleedbox) == pytest.approx(bled, abs=0.001)
    cover = separated(built.path, tmp_path / "sep", 1, dpi=72)["Cyan"]
    px = 72 / 25.4
    edge = round((around - bleed) * px)
    inner = cover[edge + 1 : cover.shape[0] - edge - 1, edge + 1 : cover.shape[1] - edge - 1]
    for side in (inner[0], inner[-1], inner[:, 0], inner[:, -1]):
        assert side.min() > 200, "the ground of the cover reaches the end of the bleed"
    if marks != "none" and around - bleed > 1:
        outside = cover[: edge - 1]
        assert 0 < (outside > 0).mean() < 0.1, "marks, and nothing else, outside the bleed"


def test_marks_are_on_all_plates_and_outside_the_bleed(project: Change, tmp_path: Path) -> None:
    built = build(project(), with_bleed(3, "all"), tmp_path)
    plates = separated(built.path, tmp_path / "sep", 2, dpi=200)
    px = 200 / 25.4
    bleed_begins = round(8 * px)
    for plate in plates.values():
        corner = plate[: bleed_begins - 1, : round(11 * px) + 3]
        assert corner.max() > 200, "crop marks"
        middle = plate[: bleed_begins - 1, plate.shape[1] // 2 - 30 : plate.shape[1] // 2 + 30]
        assert (middle > 200).sum() > 40, "a registration mark"
        ring = plate[bleed_begins + 1 : round(11 * px) - 1, round(9 * px) : -round(9 * px)]
        assert ring.max() == 0, "nothing of the marks in the bleed"
    foot = slice(-bleed_begins, None)
    alone = {ink: (plates[ink][foot] > 250) for ink in plates}
    for ink, solid in alone.items():
        others = np.logical_or.reduce([plates[o][foot] > 10 for o in plates if o != ink])
        assert (solid & ~others).sum() > 100, f"a patch of {ink} alone"


# PDF/X


def test_the_output_intent_and_the_metadata(press: pikepdf.Pdf, printed: Built) -> None:
    intent = press.Root.OutputIntents[0]
    assert intent.S == Name.GTS_PDFX
    assert str(intent.OutputConditionIdentifier) == "FOGRA39"
    assert str(intent.RegistryName) == "http://www.color.org"
    assert FOGRA39.icc is not None
    assert intent.DestOutputProfile.read_bytes() == FOGRA39.icc.read_bytes()
    assert press.pdf_version == "1.6"
    assert press.docinfo[Name.Trapped] == Name("/False")
    raw = press.Root.Metadata.read_bytes().decode()
    assert raw.count("<rdf:RDF") == 1
    with press.open_metadata() as xmp:
        assert xmp["pdfxid:GTS_PDFXVersion"] == "PDF/X-4"
        assert xmp["pdf:Trapped"] == "False"
        assert xmp["dc:title"] == str(press.docinfo[Name.Title])
        assert xmp["xmpMM:DocumentID"].startswith("uuid:")
        assert xmp["xmpMM:RenditionClass"] == "default"
    assert b"\nxmlns" not in printed.path.read_bytes()[:20]
    for key in ("/OCProperties", "/AcroForm", "/Names", "/OpenAction", "/StructTreeRoot", "/AA"):
        assert key not in press.Root
    assert not press.is_encrypted
    assert all(Name.Annots not in page.obj for page in press.pages)


@pytest.mark.parametrize(("version", "pdf_version"), [("PDF/X-1a:2003", "1.4"), ("PDF/X-3:2003", "1.4")])
def test_older_versions(project: Change, tmp_path: Path, version: str, pdf_version: str) -> None:
    built = build(project(), with_bleed(3, pdfx=version), tmp_path)
    raw = built.path.read_bytes()
    assert raw.startswith(b"%PDF-" + pdf_version.encode())
    assert b"/ObjStm" not in raw
    with pikepdf.open(built.path) as pdf:
        assert str(pdf.docinfo[Name.GTS_PDFXVersion]) == version


def test_two_processes_make_the_same_print_files(tmp_path: Path) -> None:
    made = []
    for seed in ("3", "77"):
        output = tmp_path / seed
        environment = os.environ | {"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1560000000"}
        command = [sys.executable, "-m", "builder", "build", "-p", str(ROOT), "-o", str(output), "-q"]
        subprocess.run([*command, "--printer", "coated-fogra39-perfect"], check=True, env=environment)
        made.append({p.name: p.read_bytes() for p in output.iterdir()})
    assert made[0] == made[1]
    assert len(made[0]) == 4


# Renderers and colour


def blocks(shot: Image.Image) -> tuple[Any, Any]:
    """Darkness of blocks of 3 mm: the mean, and the darkest spot."""
    ink = 255 - np.asarray(shot.convert("L"), dtype=float)[: 840 // 8 * 8, : 608 // 8 * 8]
    parts = ink.reshape(ink.shape[0] // 8, 8, ink.shape[1] // 8, 8)
    return parts.mean(axis=(1, 3)), parts.max(axis=(1, 3))


def near(inked: Any) -> Any:
    """Blocks that have ink, or a neighbour that has."""
    wide = np.pad(inked, 1)
    rows, columns = inked.shape
    return np.logical_or.reduce([wide[y : y + rows, x : x + columns] for y in range(3) for x in range(3)])


def test_three_renderers_paint_every_page_alike(printed: Built, tmp_path: Path) -> None:
    """The same marks in the same places, as dark; how CMYK looks on a screen each sees in its own way."""
    for page in range(1, printed.pages + 1):
        first, *others = [
            blocks(by_pdfium(printed.path, page, 72)),
            blocks(by_poppler(printed.path, page, 72, tmp_path)),
            blocks(by_ghostscript(printed.path, page, 72, tmp_path)),
        ]
        for dark, spot in others:
            for one, other in ((spot, first[1]), (first[1], spot)):
                assert not ((one > 40) & ~near(other > 8)).any(), f"page {page}"
            if first[0].std() > 1:
                assert np.corrcoef(first[0].ravel(), dark.ravel())[0, 1] > 0.88, f"page {page}"


# The stated difference between press and screen: of the areas in one colour, mean and worst (ΔE*ab).
MEAN, WORST = 4.0, 6.0


def test_press_colours_match_screen_colours(printed: Built, report: Built, tmp_path: Path) -> None:
    """Page by page, through the press's profile; pages 1 to 30 are the same in both editions."""
    for page in range(1, 31):
        inked = by_ghostscript(printed.path, page, 36, tmp_path, "tiff32nc")
        trim = round(3 / 25.4 * 36)
        screen = by_pdfium(report.path, page, 36)
        inked = inked.crop((trim, trim, trim + screen.width, trim + screen.height))
        press_lab, screen_lab = lab(inked, FOGRA39.icc), lab(screen, None)
        found = delta(press_lab, screen_lab)
        flat = np.ones(found.shape, bool)
        for image in (press_lab, screen_lab):  # edges of letters are rendered differently and are no colours
            for axis in (0, 1):
                step = np.abs(np.diff(image, axis=axis)).sum(axis=2) > 2
                pad = [(1, 0), (0, 0)] if axis == 0 else [(0, 0), (1, 0)]
                back = [(0, 1), (0, 0)] if axis == 0 else [(0, 0), (0, 1)]
                flat &= ~np.pad(step, pad) & ~np.pad(step, back)
        assert flat.mean() > 0.3
        assert found[flat].mean() <= MEAN, f"page {page}"
        assert np.percentile(found[flat], 99.5) <= WORST, f"page {page}"


def test_every_recipe_is_near_its_screen_colour(theme: Theme) -> None:
    separation = Separation(FOGRA39.icc)
    for name, colour in (*theme.colours.items(), *theme.accents.items()):
        c, m, y, k = (ink / 100 for ink in colour.cmyk)
        one = Image.new("RGB", (1, 1), str(colour.srgb))
        seen = lab(one, None)[0, 0]
        assert np.linalg.norm(seen - np.array(separation.lab((c, m, y, k)))) < 5, name


@pytest.fixture
def theme() -> Theme:
    from builder.content.yamlfile import read_yaml

    return Theme.model_validate(read_yaml(ROOT / "layouts" / "theme.yaml", "theme.yaml", []).data)


def test_colours_without_a_recipe_are_mixed_and_told(project: Change, tmp_path: Path) -> None:
    style = ".claim h1 { color: #00a0dc } .claim { border-left: 2pt solid #808080 } .eyebrow { color: black }\n"
    built = build(project({"layouts/styles/9-own.css": style}), PRINT, tmp_path)
    said = [d for d in built.diagnostics if d.code == "colour-without-recipe"]
    assert {re.search(r"#\w+", d.message)[0] for d in said} == {"#00a0dc", "#808080"}  # type: ignore[index]
    grey = next(d for d in said if "#808080" in d.message)
    assert "mixed as 0 0 0 " in grey.message, "greys are K alone"
    with pikepdf.open(built.path) as pdf:
        content = b"".join(f.read_bytes() for p in pdf.pages for _, f in p.obj.Resources.XObject.items())
    assert not re.search(rb"\brg\b|\bRG\b", content)


def test_a_gradient_is_brought_to_the_inks(project: Change) -> None:
    place = project({"layouts/styles/9-own.css": ".claim { background: linear-gradient(#fff, #f00) }\n"})
    assert main(["build", "-p", str(place.root)]) == 0
    file = next((place.root / "output").glob("*fogra39.pdf"))
    with pikepdf.open(file) as book:
        held = [one for one in book.objects if isinstance(one, pikepdf.Dictionary) and "/ShadingType" in one]
        held += [
            shading
            for one in book.objects
            if isinstance(one, pikepdf.Dictionary) and isinstance(one.get("/Shading"), pikepdf.Dictionary)
            for shading in one.Shading.values()
            if isinstance(shading, pikepdf.Dictionary) and "/ShadingType" in shading
        ]
    assert {str(one.ColorSpace) for one in held} == {"/DeviceCMYK"}


# Cover, spine, pages


def text_pages(count: int) -> dict[str, str | bytes | None]:
    topics = {f"content/topics/t{n}.yaml": f"page: text\ntitle: Chapter {n}\ntext: Words.\n" for n in range(count)}
    order = "".join(f"  - topic: t{n}\n" for n in range(count))
    head = "title: Report\norganisation: Org\nperiod: {from: 2021, to: 2024}\nlanguage: en\norder:\n  - page: cover\n"
    report = f"{head}  - page: colophon\n{order}  - page: back-cover\n"
    return {**topics, "content/report.yaml": report, "content/indicators.yaml": "{}\n"}


def test_no_page_of_the_book_goes_on_the_cover(project: Change, tmp_path: Path) -> None:
    """Where pages need no multiple, the inside of the cover is blank too."""
    for old in (project().content / "topics").glob("*.yaml"):
        old.unlink()
    own = with_bleed(3, pages=Pages(multiple=1), cover="own-file", binding="perfect")
    built = build(project(text_pages(23)), own, tmp_path)
    assert len(texts(built.path)) == 23


@pytest.mark.parametrize(("pages", "spine"), [(24, 1.86), (72, 4.38), (200, 11.1)])
def test_the_spine(project: Change, tmp_path: Path, pages: int, spine: float) -> None:
    place = project()
    for old in (place.content / "topics").glob("*.yaml"):
        old.unlink()
    built = build(project(text_pages(pages)), Edition("print", printer("coated-fogra39-perfect", None)), tmp_path)
    inside, cover = built.paths[:2]
    with pikepdf.open(inside) as pdf:
        assert len(pdf.pages) == pages
        assert pdf.Root.PageLabels.Nums[1].St == 3
    with pikepdf.open(cover) as pdf:
        trim = box(pdf.pages[0].trimbox)
        assert trim[2] - trim[0] == pytest.approx(420 + spine, abs=0.001)
        assert trim[3] - trim[1] == pytest.approx(297, abs=0.001)
        assert len(pdf.pages) == 2, "its inside has the colophon"
    words = texts(cover)[0]
    assert words.count("Org") == (3 if spine > 5 else 2), "the title is on the spine only where it fits"
    sheet = built.paths[3].read_text("utf-8").replace("\u00a0", " ")
    assert f"{spine:g} mm ({pages} : 2 × 0.105 mm + 0.6 mm)" in sheet


def test_a_cover_of_its_own_wants_a_cover(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    place = project()
    text = (place.content / "report.yaml").read_text().replace("  - page: back-cover\n", "")
    place = project({"content/report.yaml": text})
    assert main(["build", "-p", str(place.root), "--printer", "coated-fogra39-perfect"]) == ExitCode.CONTENT
    assert "error[no-cover]" in capsys.readouterr().err


@pytest.mark.parametrize("topics", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("multiple", [4, 8])
def test_the_last_sheet_is_filled_with_pages_for_notes(
    project: Change, tmp_path: Path, topics: int, multiple: int
) -> None:
    from builder.design.printer import Pages

    place = project()
    for old in (place.content / "topics").glob("*.yaml"):
        old.unlink()
    built = build(project(text_pages(topics)), with_bleed(3, pages=Pages(multiple=multiple)), tmp_path)
    words = texts(built.path)
    assert len(words) % multiple == 0
    wanted = -(3 + topics) % multiple
    assert sum("Chapter" not in page and "Org" not in page for page in words) == wanted
    assert "Org" in words[-1], "the back cover stays last"
    if wanted:
        assert built.remarks[0] == f"{wanted} page{'s' if wanted > 1 else ''} for notes added to fill the last sheet"


def test_without_a_back_cover_the_pages_for_notes_come_last(project: Change, tmp_path: Path) -> None:
    place = project()
    for old in (place.content / "topics").glob("*.yaml"):
        old.unlink()
    files = text_pages(3)
    files["content/report.yaml"] = str(files["content/report.yaml"]).replace("  - page: back-cover\n", "")
    built = build(project(files), PRINT, tmp_path)
    words = texts(built.path)
    assert len(words) == 8
    assert "Chapter 2" in words[4]


# Profiles and the job sheet


def test_shipped_profiles_are_right() -> None:
    names = set(printers(None))
    assert {"coated-fogra39", "coated-fogra39-perfect", "uncoated-fogra29", "office"} <= names
    for name in names:
        one = printer(name, None)
        assert (one.icc is not None) == one.press == (one.pdfx != "none")


@pytest.mark.parametrize("name", ["uncoated-fogra29", "office"])
def test_the_report_on_other_paper(name: str, tmp_path: Path) -> None:
    built = build(Project.at(ROOT), Edition("print", printer(name, None)), tmp_path)
    assert {d.code for d in built.diagnostics} <= set(CHECKS), "only what the checks say of the content"
    assert any(f"structure checked against {name}" in line for line in built.remarks)


def test_a_profile_of_ones_own(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    shipped = printers(None)["coated-fogra39"]
    own = shipped.read_text("utf-8").replace("bleed: 3 ", "bleed: 5 ").replace("ISOcoated_v2_300_bas", "mine")
    place = project({"printers/tipografia.yaml": own})
    assert main(["build", "-p", str(place.root), "--printer", "tipografia"]) == ExitCode.MISSING_TOOL
    assert "error[missing-profile]" in capsys.readouterr().err
    assert FOGRA39.icc is not None
    place = project({"printers/mine.icc": FOGRA39.icc.read_bytes()})
    assert main(["build", "-p", str(place.root), "--printer", "tipografia"]) == ExitCode.OK
    with pikepdf.open(place.output / "annual-report-2021-2024-print-tipografia.pdf") as pdf:
        assert box(pdf.pages[0].mediabox)[2] == pytest.approx(220, abs=0.01)
    capsys.readouterr()
    assert main(["printers", "-p", str(place.root)]) == ExitCode.OK
    assert "tipografia" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("bleed: 3 ", "bleed: three "), "wrong-type"),
        (("ink: 300", "ink: 900"), "wrong-value"),
        (("marks: none", "marks: some"), "wrong-value"),
        (("safety: 5", "saftey: 5"), "unknown-key"),
        (("least: 200, need: 300", "least: 400, need: 300"), "wrong-value"),
        (("ISOcoated_v2_300_bas.icc", "../../content/report.yaml"), "missing-profile"),
        (("ISOcoated_v2_300_bas.icc", "screen.icc"), "wrong-profile"),
    ],
)
def test_a_wrong_profile_is_told(
    project: Change, capsys: pytest.CaptureFixture[str], change: tuple[str, str], code: str
) -> None:
    assert FOGRA39.icc is not None
    own = printers(None)["coated-fogra39"].read_text("utf-8").replace(*change)
    files = {"printers/own.yaml": own, "printers/ISOcoated_v2_300_bas.icc": FOGRA39.icc.read_bytes()}
    place = project({**files, "printers/screen.icc": b"\0" * 300})
    assert main(["build", "-p", str(place.root), "--printer", "own"]) in (ExitCode.CONTENT, ExitCode.MISSING_TOOL)
    said = capsys.readouterr().err
    assert f"[{code}]" in said
    assert "printers/own.yaml:" in said
    assert "hint: " in said


def test_the_job_sheet(printed: Built) -> None:
    import hashlib

    book, sheet, text = printed.paths
    said = text.read_text("utf-8")
    assert hashlib.sha256(book.read_bytes()).hexdigest() in said.replace(" ", "").replace("\n", "")
    for words in (
        "210 mm × 297 mm",
        "FOGRA39",
        "PDF/X-4",
        "punto metallico",
        "(limite 300 %)",
        "non è una certificazione",
    ):
        assert words in said.replace("\u00a0", " ")
    with pikepdf.open(sheet) as pdf:
        assert len(pdf.pages) == 1
    assert "Titillium-Web" in texts(sheet)[0]


def test_a_page_that_lies_on_its_side_is_refused_before_it_is_cut(
    project: Change, capsys: pytest.CaptureFixture[str]
) -> None:
    place = project({"layouts/styles/3-own.css": "@page wide { size: 297mm 210mm } #meals { page: wide }"})
    assert main(["build", "--project", str(place.root)]) == ExitCode.PREFLIGHT
    assert (
        "is 297.0 × 210.0 mm, and the sheets are 210.0 × 297.0 mm: 87.0 mm of it would be cut off"
        in capsys.readouterr().err
    )
    assert not list(place.output.glob("*.pdf"))


def test_nothing_of_no_size_is_painted(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    """A bar of zero, a share of zero, and a drawing whose lines are filled as SVG fills them."""
    path = '<path stroke="#1d1d1b" d="M2 8h36M2 20h9"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{path}</svg>'
    place = project(
        {"layouts/images/code.svg": svg, "layouts/styles/3-own.css": "h1 { background: url(../images/code.svg) }"}
    )
    register = place.content / "indicators.yaml"
    text = register.read_text("utf-8").replace("2021: 840", "2021: 0")
    assert ": 0" in text
    register.write_text(text, encoding="utf-8")
    assert main(["build", "--project", str(place.root)]) == 0, capsys.readouterr().err
