"""The mandate report as its readers get it."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name

from builder.build.run import Built
from tests import verapdf
from tests.conftest import ROOT
from tests.drawn import flat, texts

SEED = [
    line.strip()
    for line in (Path(__file__).parent / "seed.txt").read_text(encoding="utf-8").splitlines()
    if line.strip()
]
# Printed once: the source repeats it, word for word, under the trade rules.
REPEATED = "la quota dei fondi POR FSE e FESR sulla Programmazione Europea 2014-2020 assegnata ai Comuni lombardi"


@pytest.fixture(scope="module")
def pages(report: Built) -> list[str]:
    return texts(report.path)


def joined(pages: list[str]) -> str:
    return " ".join(pages)


def test_every_sentence_of_the_source_is_printed_in_its_order(pages: list[str]) -> None:
    """Running heads and page numbers stand between the pages; the words of each line stand together."""
    guide = next(n for n, text in enumerate(pages) if "Guida alla lettura" in text and n > 2)
    text = " ".join(pages[guide:])
    at, seen_repeat = 0, False
    lines = iter(SEED)
    for line in lines:
        words = flat(line)
        if words == REPEATED:
            if seen_repeat:
                continue
            seen_repeat = True
        if words == "20%" and seen_repeat:
            continue
        found = text.find(words, at)
        assert found >= 0, f"not printed in its place: {words}"
        at = found + len(words)


def test_the_repeated_number_is_printed_once_and_sends_to_its_page(pages: list[str]) -> None:
    assert joined(pages).count(flat(REPEATED)) == 1
    first = next(n for n, text in enumerate(pages, 1) if flat(REPEATED) in text)
    trade = next(
        t for t in pages if "definizione delle regole sul commercio" in t and "verifica" in t and "stampato a" in t
    )
    assert f"pagina {first}" in trade
    assert "20%" not in trade


def test_what_the_source_lacks_is_said(pages: list[str]) -> None:
    assert joined(pages).count("non disponibile") > 10


def test_nothing_of_the_machine_shows(pages: list[str]) -> None:
    for text in pages:
        assert not re.search(r"\b(None|nan|NaN|Undefined|True|False|00)\b|\{\{|\}\}|book:", text), text


def test_page_numbers_in_the_contents_are_true(pages: list[str], book: pikepdf.Pdf) -> None:
    contents = pages[2]
    texts = [file.read_text("utf-8") for file in (ROOT / "content" / "topics").glob("*.yaml")]
    inside = {flat(words) for text in texts for words in re.findall(r"^ *##+ (.*)", text, re.MULTILINE)}
    with book.open_outline() as outline:
        for item in outline.root:
            for one in [item, *item.children]:
                if one.title == "Indice" or flat(one.title) in inside:
                    continue
                entry = re.search(rf"(\d+) ?{re.escape(flat(one.title))}", contents)
                assert entry, f"not in the contents: {one.title}"
                heading = pages[int(entry[1]) - 1]
                assert flat(one.title) in heading, f"{one.title} is not on page {entry[1]}"


def test_bookmarks_are_nested_and_land_on_their_headings(pages: list[str], book: pikepdf.Pdf) -> None:
    numbers = {page.obj.objgen: n for n, page in enumerate(book.pages)}
    with book.open_outline() as outline:
        part = next(i for i in outline.root if i.title == "Grazie ad ANCI Lombardia")
        assert len(part.children) == 13
        for item in [*outline.root, *part.children]:
            assert isinstance(item.destination, Array)
            assert flat(item.title) in pages[numbers[item.destination[0].objgen]]


def test_page_labels_equal_the_folios(pages: list[str], report: Built) -> None:
    with pypdfium2.PdfDocument(report.path) as pdf:
        assert [pdf.get_page_label(n) for n in range(len(pdf))] == [str(n) for n in range(1, len(pdf) + 1)]
    unnumbered = [n for n, text in enumerate(pages, 1) if not re.search(rf"\b{n}\b", text)]
    assert set(unnumbered) <= {1, 2, 8, 9, 24, 25, 31, 32}, "covers, openers, blanks and the colophon have no folio"


def test_every_link_lands_on_what_it_names(book: pikepdf.Pdf, pages: list[str]) -> None:
    names = book.Root.Names.Dests.Names
    anchors = {str(names[i]): names[i + 1] for i in range(0, len(names), 2)}
    numbers = {page.obj.objgen: n for n, page in enumerate(book.pages)}
    texts_by_page = pages
    links = [a for page in book.pages for a in page.obj.get(Name.Annots, Array())]
    assert len(links) > 60
    for link in links:
        target = anchors[str(link.Dest)][0].objgen
        assert target in numbers
        if str(link.Dest).startswith(("figure-", "indicator-", "data-")):
            assert re.match(r"Figura \d: .|Tavola degli indicatori: .|Dati delle figure: .", str(link.Contents))
        else:
            assert flat(str(link.Contents)) in texts_by_page[numbers[target]]


def test_parts_open_on_a_recto_and_the_numbers_are_one_spread(pages: list[str]) -> None:
    openers = [
        n for n, text in enumerate(pages, 1) if text.upper().startswith("PARTE ") or "PARTE " in text.upper()[:12]
    ]
    assert openers == [9, 25]
    spread = [
        n for n, text in enumerate(pages, 1) if ("2.800" in text and "10.000" in text) or "Il mandato in numeri" in text
    ]
    assert 6 in spread
    assert 7 in spread
    assert len(pages) % 4 == 0


def test_every_key_number_stands_in_the_spread_with_its_page(pages: list[str]) -> None:
    spread = pages[5] + " " + pages[6]
    for number in ("+14", "20%", "+17%", "66", "+40", "10.000", "2.800", "2018", "3", "60", "1", "10"):
        assert number in spread
    for page in range(11, 24):
        assert f"pag. {page}" in spread


def test_only_bundled_fonts_all_embedded(book: pikepdf.Pdf) -> None:
    names = set()
    for page in book.pages:
        for _, font in page.obj.Resources.Font.items():
            inner = font.DescendantFonts[0]
            assert Name.FontFile2 in inner.FontDescriptor or Name.FontFile3 in inner.FontDescriptor
            names.add(str(font.BaseFont).split("+")[1])
    assert names
    assert all(n.startswith(("Titillium-Web", "Source-Serif-4")) for n in names), names


def test_no_glyph_is_missing(book: pikepdf.Pdf) -> None:
    """Glyph 0 is the box that stands for what a font lacks; text is written as glyph numbers of four digits."""
    shown = 0
    for page in book.pages:
        for one in pikepdf.parse_content_stream(page):
            if str(one.operator) in ("Tj", "TJ"):
                first = one.operands[0]
                strings = first if isinstance(first, Array) else [first]
                for string in strings:
                    if isinstance(string, pikepdf.String):
                        glyphs = bytes(string)
                        numbers = [glyphs[i : i + 2] for i in range(0, len(glyphs), 2)]
                        shown += len(numbers)
                        assert b"\x00\x00" not in numbers
    assert shown > 10_000


def test_figures_keep_their_text(pages: list[str]) -> None:
    assert "Ogni quadrato vale un centesimo" in joined(pages)
    assert "117" in joined(pages)


def test_the_pages_of_the_screen_edition_have_the_trim_size(book: pikepdf.Pdf) -> None:
    for page in book.pages:
        assert [float(x) * 25.4 / 72 for x in page.mediabox] == pytest.approx([0, 0, 210, 297], abs=0.01)


def test_metadata_agree(book: pikepdf.Pdf) -> None:
    with book.open_metadata() as xmp:
        assert xmp["dc:title"] == "Bilancio di mandato 2014–2019" == str(book.docinfo[Name.Title])
        assert xmp["pdfuaid:part"] == "1"
    assert str(book.Root.Lang) == "it"
    assert book.Root.ViewerPreferences == Dictionary(DisplayDocTitle=True)


def test_verapdf_passes_pdf_ua(report: Built) -> None:
    assert verapdf.failures(report.path, "ua1") == []


def test_colour_reaches_the_bleed_on_every_side(report: Built) -> None:
    """A hair of white at a trimmed edge is what a print shop sends a file back for."""
    with pypdfium2.PdfDocument(report.path) as pdf:
        for number, colour in (
            (1, (15, 42, 68)),
            (8, (212, 61, 32)),
            (9, (212, 61, 32)),
            (24, (13, 107, 102)),
            (32, (15, 42, 68)),
        ):
            shot = pdf[number - 1].render(scale=2).to_pil().convert("RGB")
            width, height = shot.size
            for x, y in ((1, 1), (width - 3, 1), (1, height - 3), (width - 3, height - 3), (width // 3, height - 3)):
                assert shot.getpixel((x, y)) == colour, (number, x, y)
        field = pdf[13].render(scale=2).to_pil().convert("RGB")
        assert field.getpixel((1, field.height - 3)) == (212, 61, 32)
