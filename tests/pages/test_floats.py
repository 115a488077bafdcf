"""Figures and photos that leave the text for the head or foot of a page: nothing is lost, and no page is left empty."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.build import build
from builder.design.edition import EMAIL
from builder.pages.paginate.floats import gap, laid_out, leaves
from tests.conftest import Change, examples

pytest.importorskip("weasyprint")
from weasyprint import HTML

# A page of 100 × 140 mm with notes at its foot, as the report has them.
_STYLE = """<style>@page { size: 100mm 140mm; margin: 10mm; @footnote { margin-top: 14pt } }
body, p, figure { margin: 0 } body { font: 10pt/14pt serif; orphans: 2; widows: 2 }
.block { break-inside: avoid; background: #eee; margin-bottom: 14pt }
[data-float="head"], [data-float="foot"] { float: footnote }
[data-float]::footnote-call, [data-float]::footnote-marker { content: none } .note { float: footnote }
.break { break-before: page; height: 0 }
@page alone { margin: 0 } .bleed { page: alone; height: 140mm; margin: 0 }</style>"""


def _set(parts: list[tuple[str, int]]) -> tuple[list[list[str]], list[float]]:
    """The words on each page from top to bottom, and how many mm of each page are empty."""
    body = "".join(
        "<div class='prose'><p>" + " ".join(f"w{at}.{word}" for word in range(size)) + "</p></div>"
        if kind == "text"
        else "<div class='break'></div>"
        if kind == "break"
        else f'<div class="block bleed alone">B{at}.</div>'
        if kind == "bleed"
        else f'<div class="block" data-float="{kind}" style="height: {size}mm">F{at}.</div>'
        for at, (kind, size) in enumerate(parts)
    )
    document = laid_out(HTML(string=f"{_STYLE}<body>{body}"), lambda html: html.render())
    pages = []
    for page in document.pages:
        lines = [
            (box.position_y, box.position_x, box.text)
            for box in page._page_box.descendants()
            if getattr(box, "text", "") and box.element_tag != "html"
        ]
        pages.append([word for _, _, text in sorted(lines) for word in re.findall(r"[wFB]\d+\.\d*", text)])
    return pages, [gap(page) * 25.4 / 96 for page in document.pages]


@settings(max_examples=examples(25))
@given(
    st.lists(
        st.tuples(st.sampled_from(("auto", "auto", "head", "foot", "bleed", "break")), st.integers(15, 110))
        | st.tuples(st.just("text"), st.integers(20, 300)),
        min_size=2,
        max_size=9,
    )
)
def test_no_word_and_no_block_is_lost_and_the_text_keeps_its_order(parts: list[tuple[str, int]]) -> None:
    pages, gaps = _set(parts)
    assert min(gaps) > -1, "and no page is fuller than it has room for"
    assert all(len(page) == 1 for page in pages if any(word[0] == "B" for word in page)), "a page of its own"
    said = [word for page in pages for word in page]
    numbers = [int(word[1:-1]) for word in said if word[0] in "FB"]
    assert numbers == sorted(numbers), "figures have numbers, and stand in their order"
    wanted = [f"w{at}.{n}" for at, (kind, size) in enumerate(parts) if kind == "text" for n in range(size)]
    assert [word for word in said if word[0] == "w"] == wanted
    assert sorted(word for word in said if word[0] == "F") == sorted(
        f"F{at}." for at, (kind, _) in enumerate(parts) if kind not in ("text", "bleed", "break")
    )


def test_the_text_goes_on_before_a_figure_that_does_not_fit() -> None:
    pages, gaps = _set([("text", 90), ("auto", 70), ("text", 250)])
    assert pages[1][0] == "F1.", "it stands at the head of the next page"
    assert pages[0][-1].startswith("w2."), "and what follows it fills the page before"
    assert gaps[0] < 10


def test_a_figure_at_the_end_stands_above_the_last_of_the_text() -> None:
    pages, gaps = _set([("text", 120), ("text", 115), ("auto", 60)])
    assert pages[1][0] == "F2."
    assert gaps[1] < 10


def test_nothing_stands_above_the_title_of_a_topic() -> None:
    pages, _ = _set([("text", 60), ("auto", 40), ("text", 300)])
    assert pages[0][0] == "w0.0"


@pytest.fixture
def long_topic(project: Change) -> Path:
    """A topic of the new project with figures that do not fit where they are called, and notes."""
    words = " ".join(["The council met families and planned what matters in each district."] * 14)
    figure = "  - figure:\n      kind: bars\n      title: Bars\n      height: 110\n      data:\n"
    figure += "        rows: {Alpha: 3, Beta: 7}\n        source: example\n    id: the-bars\n"
    text = f"  - text: |\n      {words} See {{{{ figure:the-bars }}}}.^[A note.]\n\n      {words}\n"
    body = f"page: text\ntitle: Meals\nbody:\n{text}{text}{figure}{text}{text}"
    return build(project({"content/topics/meals.yaml": body}), EMAIL, None).path


def test_figures_that_float_are_tagged_and_found(long_topic: Path) -> None:
    with pypdfium2.PdfDocument(long_topic) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    page, number = next(
        (at, found[1]) for at, text in enumerate(texts) if (found := re.search(r"Figure (\d+)\s+Bars", text))
    )
    called = next(at for at, text in enumerate(texts) if f"See figure {number}" in " ".join(text.split()))
    with pikepdf.open(long_topic) as book:
        links = [
            one for one in book.pages[called].obj.get("/Annots", []) if f"{number}" in str(one.get("/Contents", ""))
        ]
        assert {str(one.Subtype) for one in links} == {"/Link"}
        figures = [one for one in book.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        heard = [one for one in figures if "Alpha" in str(one.get("/Alt", ""))]
        assert [one.Pg.objgen for one in heard] == [book.pages[page].obj.objgen]


def testleaves_are_lines_and_pictures() -> None:
    document = HTML(string=f"{_STYLE}<body><p>one</p><div class='block' data-float='auto'>two</div>").render()
    found = list(leaves(document.pages[0]))
    assert [inside is not None for _, inside in found] == [False, True]
