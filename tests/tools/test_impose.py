"""Sheets that fold and cut right: page order, creep, marks, sizes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name

from builder.build.run import Built
from builder.cli.app import main
from builder.model.diagnostics import ExitCode
from builder.pdf.scan import scan
from builder.tools.impose import Side, booklet, impose, sheet_size

PT = 72 / 25.4


def folded(sides: tuple[Side, ...]) -> list[int | None]:
    """Reads a booklet as a person does: sheets laid in each other, leaf by leaf, recto then verso."""
    sheets = [(sides[n], sides[n + 1]) for n in range(0, len(sides), 2)]
    first_half = [page for front, back in sheets for page in (front.right, back.left)]
    second_half = [page for front, back in reversed(sheets) for page in (back.right, front.left)]
    return first_half + second_half


@pytest.mark.parametrize("pages", [*range(1, 20), 47, 48, 49, 50])
def test_a_folded_booklet_reads_in_order(pages: int) -> None:
    sides = booklet(pages, 0.1)
    order = folded(sides)
    assert len(order) % 4 == 0
    assert order[:pages] == list(range(pages))
    assert order[pages:] == [None] * (-pages % 4), "blank pages come last"


@pytest.mark.parametrize("pages", [5, 6, 7, 8, 13])
def test_the_back_cover_stays_last(pages: int) -> None:
    order = folded(booklet(pages, 0.1, keep_back=True))
    assert order[-1] == pages - 1
    assert [page for page in order if page is not None] == list(range(pages))


def test_front_and_back_of_a_leaf_follow_each_other() -> None:
    """The right page of a front has the left page of its back behind it."""
    sides = booklet(32, 0.1)
    for front, back in zip(sides[::2], sides[1::2], strict=True):
        assert front.right is not None
        assert front.left is not None
        assert back.left == front.right + 1
        assert back.right == front.left - 1


def test_creep_grows_by_one_leaf_a_sheet() -> None:
    sides = booklet(32, 0.15)
    assert [side.creep for side in sides[::2]] == pytest.approx([0.15 * n for n in range(8)])
    assert [side.creep for side in sides[1::2]] == pytest.approx([0.15 * n for n in range(8)])


@pytest.fixture
def numbered(tmp_path: Path) -> Path:
    """Ten A5 pages with 3 mm of bleed; each has a black square at its own place, 20 mm from trim left and foot."""
    path = tmp_path / "numbered.pdf"
    with pikepdf.new() as pdf:
        for number in range(10):
            page = pdf.add_blank_page(page_size=((148 + 6) * PT, (210 + 6) * PT))
            page.trimbox = Array([3 * PT, 3 * PT, 151 * PT, 213 * PT])
            page.bleedbox = page.mediabox
            x, y, side = 23 * PT, (23 + 5 * number) * PT, 4 * PT
            page.obj.Contents = pdf.make_stream(
                f"0.2 0 0 0 k 0 0 {154 * PT} {216 * PT} re f 0 0 0 1 k {x} {y} {side} {side} re f".encode()
            )
        pdf.save(path)
    return path


def squares(page: pikepdf.Page) -> list[tuple[float, int]]:
    """Place in mm from the fold, and the number, of each black square on a side."""
    left, foot = float(page.mediabox[2]) / 2, float(page.trimbox[1])
    found = []
    for one in scan(page).painted:
        if one.kind == "fill" and one.paint.inks == (0, 0, 0, 1):
            found.append(((one.box.left - left) / PT, round(((one.box.bottom - foot) / PT - 20) / 5)))
    return sorted(found)


def test_the_pages_on_the_sheets(numbered: Path, tmp_path: Path) -> None:
    target = tmp_path / "booklet.pdf"
    assert impose(numbered, target, caliper=0.2).sides == 6
    with pikepdf.open(target) as pdf:
        assert len({tuple(map(float, page.mediabox)) for page in pdf.pages}) == 1, "all sheets are of one size"
        sides = [squares(page) for page in pdf.pages]
        assert [[number for _, number in side] for side in sides] == [[0], [1], [9, 2], [3, 8], [7, 4], [5, 6]]
        assert sides[0][0][0] == pytest.approx(20, abs=0.01), "the cover is not moved"
        assert sides[2][0][0] == pytest.approx(-148 + 20 + 0.2, abs=0.01), "the left page moves to the fold"
        assert sides[2][1][0] == pytest.approx(20 - 0.2, abs=0.01), "and so does the right one"
        assert sides[5][0][0] == pytest.approx(-148 + 20 + 0.4, abs=0.01)
        for number, page in enumerate(pdf.pages):
            creep = number // 2 * 0.2
            trim = [float(v) / PT for v in page.trimbox]
            assert trim[2] - trim[0] == pytest.approx(296 - 2 * creep, abs=0.01), "trimmed where the page ends"
            grounds = [one.box for one in scan(page).painted if one.paint.inks == (0.2, 0, 0, 0)]
            fold = float(page.mediabox[2]) / 2
            assert all(box.right <= fold + 0.01 or box.left >= fold - 0.01 for box in grounds), (
                "none runs over the fold"
            )
            assert min(box.left for box in grounds) >= float(page.bleedbox[0]) - 0.01
            if len(grounds) == 2:
                assert max(box.right for box in grounds) == pytest.approx(float(page.bleedbox[2]), abs=0.01)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_pages_are_set_upright(numbered: Path, tmp_path: Path, turn: int) -> None:
    """What a viewer shows of a page is what stands on the sheet."""
    turned, target = tmp_path / "turned.pdf", tmp_path / "sheets.pdf"
    with pikepdf.open(numbered) as pdf:
        for page in pdf.pages:
            page.rotate(turn, relative=False)
        pdf.save(turned)
    impose(turned, target, grid=(1, 1), marks="none")
    with pypdfium2.PdfDocument(turned) as one, pypdfium2.PdfDocument(target) as other:
        shown = np.asarray(one[4].render(scale=1).to_pil().convert("L"), dtype=int)
        laid = np.asarray(other[4].render(scale=1).to_pil().convert("L"), dtype=int)
        rows, columns = min(shown.shape[0], laid.shape[0]), min(shown.shape[1], laid.shape[1])
        assert abs(shown.shape[0] - laid.shape[0]) <= 1
        assert (np.abs(shown[:rows, :columns] - laid[:rows, :columns]) > 90).mean() < 0.01


def test_stamps_stay(numbered: Path, tmp_path: Path) -> None:
    target = tmp_path / "stamped.pdf"
    with pikepdf.open(numbered, allow_overwriting_input=True) as pdf:
        look = pdf.make_stream(b"0 1 1 0 k 0 0 90 90 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 90, 90])
        stamp = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([99, 99, 189, 189]), F=4, AP={"/N": look})
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(stamp)])
        pdf.save(numbered)
    impose(numbered, target)
    with pikepdf.open(target) as pdf:
        assert any(one.paint.inks == (0, 1, 1, 0) for one in scan(pdf.pages[0]).painted)


def test_on_a_given_sheet_pages_are_made_smaller_never_larger(numbered: Path, tmp_path: Path) -> None:
    small, large = tmp_path / "small.pdf", tmp_path / "large.pdf"
    impose(numbered, small, on=sheet_size("A5"), marks="none")
    impose(numbered, large, on=sheet_size("A3"))
    with pikepdf.open(small) as pdf:
        assert [round(float(v) / PT) for v in pdf.pages[0].mediabox] == [0, 0, 210, 148]
        assert (float(pdf.pages[0].trimbox[2]) - float(pdf.pages[0].trimbox[0])) / PT <= 210.01
    with pikepdf.open(large) as pdf:
        assert [round(float(v) / PT) for v in pdf.pages[0].mediabox] == [0, 0, 420, 297]
        assert (float(pdf.pages[0].trimbox[2]) - float(pdf.pages[0].trimbox[0])) / PT == pytest.approx(296, abs=0.01)


def test_pages_side_by_side_to_cut(numbered: Path, tmp_path: Path) -> None:
    target = tmp_path / "cards.pdf"
    assert impose(numbered, target, grid=(3, 2)).sides == 2
    with pikepdf.open(target) as pdf:
        first = [number for _, number in squares(pdf.pages[0])]
        assert sorted(first) != []
        lefts = sorted({round(left) for left, _ in squares(pdf.pages[0])})
        assert [left - lefts[0] for left in lefts] == [0, 154, 308], "with the bleeds of both between two pages"
        lines = [one for one in scan(pdf.pages[0]).painted if one.kind == "stroke" and "All" in one.paint.names]
        assert len(lines) == 2 * (2 * 3 + 2 * 2), "two cuts for each column and each row, at both ends"


def test_the_report_as_a_booklet(printed: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "booklet.pdf"
    assert main(["impose", str(printed.path), "--booklet", "--sheet", "SRA3", "-o", str(target)]) == ExitCode.OK
    said = capsys.readouterr().out
    assert "16 sides" in said
    assert "pages at" not in said
    with pypdfium2.PdfDocument(target) as pdf:
        words = pdf[0].get_textpage().get_text_range()
        assert "Insieme ai Comuni" in words
        assert len(pdf) == 16
        inner = pdf[15].get_textpage().get_text_range()
        assert "RISULTATO 5 DI 13" in inner or "RISULTATO 6 DI 13" in inner, "the middle of the book"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], ExitCode.USAGE),
        (["--booklet", "--n-up", "2x2"], ExitCode.USAGE),
        (["--n-up", "2by2"], ExitCode.USAGE),
        (["--n-up", "0x2"], ExitCode.USAGE),
        (["--booklet", "--sheet", "B99"], ExitCode.USAGE),
        (["--booklet", "--sheet", "1x1"], ExitCode.USAGE),
        (["--booklet", "--caliper", "-1"], ExitCode.USAGE),
    ],
)
def test_usage(numbered: Path, arguments: list[str], code: ExitCode) -> None:
    assert main(["impose", str(numbered), *arguments]) == code


def test_it_never_writes_over_its_source(numbered: Path) -> None:
    before = numbered.read_bytes()
    assert main(["impose", str(numbered), "--booklet", "-o", str(numbered)]) == ExitCode.USAGE
    assert numbered.read_bytes() == before


def test_files_that_cannot_be_imposed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7 nothing")
    assert main(["impose", str(bad), "--booklet"]) == ExitCode.CONTENT
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.add_blank_page(page_size=(300, 300))
        pdf.save(bad)
    assert main(["impose", str(bad), "--booklet"]) == ExitCode.CONTENT
    assert "pages of several sizes" in capsys.readouterr().err
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary()
        page.obj.Contents = pdf.make_stream(b"q Q")
        pdf.Root.Lang = Name.it
        pdf.save(bad, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert main(["impose", str(bad), "--booklet"]) == ExitCode.CONTENT


def layered(path: Path) -> None:
    """Four pages, each with a layer that is off and one that is on, and a stamp on the layer that is off."""
    with pikepdf.new() as pdf:
        off, on = (pdf.make_indirect(Dictionary(Type=Name.OCG, Name=name)) for name in ("Off", "On"))
        pdf.Root.OCProperties = Dictionary(OCGs=[off, on], D=Dictionary(ON=[on], OFF=[off], BaseState=Name.ON))
        for _number in range(4):
            page = pdf.add_blank_page(page_size=(300, 400))
            painted = b"/OC /L0 BDC 1 0 0 rg 20 20 100 100 re f EMC /OC /L1 BDC 0 0 1 rg 150 20 100 100 re f EMC"
            page.obj.Contents = pdf.make_stream(painted)
            page.obj.Resources = Dictionary(Properties=Dictionary(L0=off, L1=on))
            look = pdf.make_stream(
                b"0 1 0 rg 0 0 50 50 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 50, 50]
            )
            stamp = Dictionary(
                Type=Name.Annot, Subtype=Name.Stamp, Rect=[20, 300, 70, 350], F=4, OC=off, AP=Dictionary(N=look)
            )
            page.obj.Annots = pdf.make_indirect(Array([pdf.make_indirect(stamp)]))
        pdf.save(path)


@pytest.mark.parametrize("grid", [None, (2, 2)])
def test_a_layer_that_is_off_stays_off(grid: tuple[int, int] | None, tmp_path: Path) -> None:
    layered(tmp_path / "in.pdf")
    impose(tmp_path / "in.pdf", tmp_path / "out.pdf", grid=grid, marks="none")
    for number in range(len(pypdfium2.PdfDocument(tmp_path / "out.pdf"))):
        page = np.asarray(pypdfium2.PdfDocument(tmp_path / "out.pdf")[number].render().to_numpy()).astype(int)
        colours = {tuple(int(v) for v in colour[:3]) for colour in np.unique(page.reshape(-1, page.shape[2]), axis=0)}
        assert (255, 0, 0) in colours, "blue, as pdfium orders its bytes: the layer that is on"
        assert (0, 0, 255) not in colours, "red: the layer that is off"
        assert (0, 255, 0) not in colours, "green: the stamp on it"
