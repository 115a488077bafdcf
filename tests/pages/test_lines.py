"""Lines as a reader sees them: addresses without hyphens that are not theirs, notes by their calls."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weasyprint import HTML
from weasyprint.formatting_structure import boxes

import builder.pages.paginate  # noqa: F401 - it mends where lines break
from builder.build import build
from builder.content.prose import plain
from builder.design.edition import EMAIL
from tests.conftest import ROOT, Change, examples
from tests.drawn import texts

ADDRESS = (
    "https://www.comune.example.org/amministrazione-trasparente/bilanci/bilancio-preventivo-e-consuntivo/"
    "rendiconto_della_gestione_allegato_alla_deliberazione.pdf?session=AbCdEfGhIjKlMnOpQrStUvWxYz&lang=it"
)
MAIL = "ufficio.comunicazione.istituzionale.e.rapporti.con.la.stampa@amministrazione.comune.example.org"
CODE = "IT60X0542811101000000123456" * 4


@pytest.mark.parametrize("written", [ADDRESS, MAIL, CODE])
def test_an_address_breaks_without_a_hyphen(written: str, project: Change) -> None:
    """In running text, in a note, in a cell, at every place in the line."""
    shifted = "".join(f"  {'word ' * count}{written} and more.\n\n" for count in range(8))
    filled = "".join(f"  {'These words fill a page, which is then set in its usual size. ' * 6}\n\n" for _ in range(5))
    topic = f"page: text\ntitle: A\ntext: |\n{filled}{shifted}  A note.^[It is {written}.]\n\n"
    topic += f"  | What | Where |\n  |---|---|\n  | It | {written} |\n"
    place = project({"content/topics/meals.yaml": topic, "layouts/styles/9-own.css": "p { break-inside: avoid }"})
    with pypdfium2.PdfDocument(build(place, EMAIL).path) as pdf:
        words = "".join(page.get_textpage().get_text_range() for page in pdf)
    printed = "".join(re.sub("[\ufffe\u0002]", "-", words).split())  # so pdfium tells of hyphens at the ends of lines
    assert printed.count(written) == 10


def test_a_note_stands_on_the_page_of_its_call_and_never_alone(project: Change) -> None:
    """Whatever the length of what is above it; each page has its folio."""
    note = "The register is kept by the office for public works, and looked up each year in spring by the council. " * 3
    names = []
    files: dict[str, str | bytes | None] = {}
    for lines in range(24, 44, 2):
        names.append(f"lines{lines}")
        body = "".join("  A line of text that stands alone.\n\n" for _ in range(lines))
        files[f"content/topics/lines{lines}.yaml"] = f"page: text\ntitle: B\ntext: |\n{body}  It says so.^[{note}]\n"
    place = project(files)
    order = place.content / "report.yaml"
    more = "".join(f"      - {name}\n" for name in names)
    order.write_text(order.read_text("utf-8").replace("      - donations\n", f"      - donations\n{more}"), "utf-8")
    found = 0
    with pypdfium2.PdfDocument(build(place, EMAIL).path) as pdf:
        for number, page in enumerate(pdf, 1):
            words = page.get_textpage().get_text_bounded()
            if "The register is kept" in words:
                found += 1
                assert "It says so." in words
                assert words.split()[-1] == str(number)
    assert found == len(names)


def _notes(path: Path) -> dict[str, tuple[float, float]]:
    """The notes that begin with N, by their first words: where they begin, and how large they are set."""
    found = {}
    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            text = page.get_textpage()
            words = text.get_text_range()
            for match in re.finditer(r"N\d says so", words):
                box = text.get_charbox(match.start())
                found[match[0]] = box[0], box[3] - box[1]
    return found


def test_a_note_is_set_in_its_own_way_whatever_it_is_called_from(project: Change) -> None:
    topic = (
        "page: text\ntitle: A^[N0 says so.]\ntext: |\n"
        "  A line of words from one side to the other, so that it is read as lines.\n\n"
        "  One.^[N1 says so.]\n\n  Two.^[N2\n  says\n  so.]\n\n"
        "  > Quoted.^[N3 says so.]\n\n  - Listed.^[N4 says so.]\n\n"
        "  | What | Value |\n  |---|---:|\n  | Row | alpha^[N5 says so.] |\n"
    )
    place = project({"content/topics/meals.yaml": topic})
    built = build(place, EMAIL)
    notes = _notes(built.path)
    assert sorted(notes) == [f"N{n} says so" for n in range(6)], "each on one line"
    assert len({(round(left, 1), round(size, 1)) for left, size in notes.values()}) == 1
    page = next(text for text in texts(built.path) if "N0 says so" in text)
    assert re.findall(r"(\d)\s+N\d says", page) == ["1", "2", "3", "4", "5", "6"], "one numbering, the title's note too"
    assert sum("N0 says so" in text for text in texts(built.path)) == 1, "not in the contents or a running head"
    with pikepdf.open(built.path) as pdf, pdf.open_outline() as outline:
        labels = [item.title for part in outline.root for item in (part, *part.children)]
    assert "A" in labels
    assert not [label for label in labels if "says so" in label]


def test_the_plain_words_of_a_title_have_no_notes() -> None:
    assert plain("A title^[with a note *so* {{ x }}] and more", lambda _: "X") == "A title and more"


def broken(html: str, width: float) -> list[str]:
    """The lines of a paragraph `width` mm wide, as the layout engine breaks them."""
    font = (ROOT / "fonts" / "source-serif-4" / "SourceSerif4-Regular.ttf").as_uri()
    css = f"@font-face {{ font-family: S; src: url({font}) }} @page {{ size: 400mm; margin: 9mm }} "
    css += f"p {{ font: 16pt/21pt S; width: {width}mm }} .range {{ white-space: nowrap }}"
    page = HTML(string=f'<html lang="it"><style>{css}</style><p>{html}</p>').render().pages[0]
    lines = (box for box in page._page_box.descendants() if isinstance(box, boxes.LineBox))
    return ["".join(b.text for b in line.descendants() if isinstance(b, boxes.TextBox)).strip() for line in lines]


MEETINGS = "incontri sulle politiche abitative effettuati dal {} al {}, tra Tavoli di ANCI Lombardia ed interlocuzioni"


@pytest.mark.parametrize("width", [100 + 0.3 * n for n in range(0, 100, 3)] + [121.3, 121.6, 121.9, 122.2, 122.5])
def test_no_word_is_alone_before_a_quoted_number(width: float) -> None:
    assert broken(MEETINGS.format("<span>2015</span>", "<span>2019</span>"), width) == broken(
        MEETINGS.format("2015", "2019"), width
    )


_SHORT_WORDS = st.lists(st.text("abcdefghilmnopqrstuvz", min_size=1, max_size=12), min_size=2, max_size=25)


@settings(max_examples=examples(60))
@given(words=_SHORT_WORDS, spans=st.sets(st.integers(0, 24)), width=st.integers(30, 120))
def test_elements_do_not_change_where_lines_break(words: list[str], spans: set[int], width: int) -> None:
    tags = [f"<span>{word}</span>" if at in spans else word for at, word in enumerate(words)]
    assert broken(" ".join(tags), width) == broken(" ".join(words), width)
