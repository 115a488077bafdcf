"""Bound sections against the same sections in one document, and the bound file's structure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from builder.build import build
from builder.content.check import check
from builder.content.load import load
from builder.content.plan import plan
from builder.design.edition import EMAIL
from builder.figures.draw import draw
from builder.model.diagnostics import ReportError
from builder.model.folios import within, within_section
from builder.model.fragment import Fragment, SectionJob
from builder.model.project import Project
from builder.pages.book import BookLayout
from builder.pages.compose import Composer
from builder.pages.paginate import Engine
from builder.pages.paginate.fetcher import Fetcher
from builder.pages.setting import setting
from builder.pdf.bind import bind
from builder.runtime.progress import nobody
from tests.conftest import ROOT, Change
from tests.drawn import pixels


class Watched:
    """Lays out in this process, and remembers which HTML made which fragment."""

    room = 1

    def __init__(self, press: Engine) -> None:
        self._press = press
        self._waiting: list[SectionJob] = []
        self.made: dict[bytes, str] = {}

    def ask(self, job: SectionJob) -> None:
        self._waiting.append(job)

    def take(self) -> tuple[SectionJob, Fragment, bool]:
        job = self._waiting.pop()
        fragment = self._press.paginate(job)
        self.made[fragment.pdf] = job.html
        return job, fragment, False


class Proof:
    """The report's fragments, and the HTML that each was made of."""

    def __init__(self, project: Project) -> None:
        checked = check(load(project), project)
        assert checked.report is not None
        assert checked.theme is not None
        self.project, self.report, self.theme = project, checked.report, checked.theme
        drawn = draw(self.report, self.theme, project, "srgb")
        self.figures = {name: figure.svg for name, figure in drawn.items()}
        self.sections = plan(self.report, self.theme)
        composer = self.composer = Composer(self.report, self.theme, project, drawn, {}, self.sections)
        self.setting = setting(project, self.theme, EMAIL, None)
        press = Engine(self.setting)

        watched = Watched(press)
        paginated = BookLayout(self.sections, composer, watched, self.report, None, nobody, {}).book(lambda: None)
        self.fragments = paginated.fragments
        self.html = [_counted(watched.made[f.pdf], paginated.folios) for f in self.fragments]


def _counted(html: str, folios: Mapping[str, int]) -> str:
    """The HTML with its page numbers."""

    def number(match: re.Match[str]) -> str:
        section = within_section(match[1])
        return f">{folios[within(section[0], 0)] + section[1] if section else folios[match[1]]}<"

    return re.sub(r'(?<=<span) data-folio="([^"]*)" data-as="folio">0+<', number, html)


@pytest.fixture(scope="module")
def proof() -> Proof:
    return Proof(Project.at(ROOT))


def one_piece(proof: Proof, path: Path) -> None:
    """All sections in one HTML document, through WeasyPrint at once."""
    bodies = [re.search(r"<body>(.*)</body>", html, re.DOTALL) for html in proof.html]
    page, parts = 1, []
    for fragment, body in zip(proof.fragments, bodies, strict=True):
        assert body is not None
        side = "right" if page % 2 else "left"
        parts.append(f'<div style="break-before: {side}">{body[1]}</div>')
        page += fragment.pages
    html = f'<html lang="it"><head><title>x</title></head><body>{"".join(parts).replace("book:", "#")}</body></html>'
    fonts = FontConfiguration()
    fetcher = Fetcher(proof.setting)
    fetcher.figures = proof.figures
    sheets = [CSS(string=proof.setting.tokens, font_config=fonts, url_fetcher=fetcher)]
    for file in sorted((proof.project.layouts / "styles").glob("*.css")):
        sheets.append(CSS(filename=str(file), font_config=fonts, url_fetcher=fetcher))
    base = proof.project.content.as_uri() + "/"
    HTML(string=html, base_url=base, url_fetcher=fetcher).write_pdf(path, stylesheets=sheets, font_config=fonts)


def test_bound_pages_are_those_of_one_document_pixel_by_pixel(proof: Proof, tmp_path: Path) -> None:
    one, bound = tmp_path / "one.pdf", tmp_path / "bound.pdf"
    one_piece(proof, one)
    with bind(proof.fragments, {}, "it", tagged=True) as book:
        book.save(bound)
        count = len(book.pages)
    with pikepdf.open(one) as pdf:
        assert len(pdf.pages) == count
    different = [n + 1 for n in range(count) if not alike(pixels(one, n), pixels(bound, n))]
    assert different == []


def alike(one: bytes, other: bytes) -> bool:
    """The same but for the edge of a hyphen: those at line ends are marked apart, and placed anew by the renderer."""
    assert len(one) == len(other)
    apart = [abs(a - b) for a, b in zip(one, other, strict=True) if a != b]
    return len(apart) <= 3 * 20 and max(apart, default=0) <= 64


def test_the_parent_tree_leads_from_each_page_to_its_own_tags(proof: Proof) -> None:
    with bind(proof.fragments, {}, "it", tagged=True) as book:
        nums = book.Root.StructTreeRoot.ParentTree.Nums
        keys = [int(nums[i]) for i in range(0, len(nums), 2)]
        assert keys == list(range(len(keys)))
        tree = {int(nums[i]): nums[i + 1] for i in range(0, len(nums), 2)}
        for page in book.pages:
            for element in tree[int(page.obj.StructParents)]:
                assert element.Pg.objgen == page.obj.objgen
            for annotation in page.obj.get(Name.Annots, Array()):
                assert Name.Link == tree[int(annotation.StructParent)].S


def test_ids_of_table_headers_are_unique(proof: Proof) -> None:
    with bind(proof.fragments, {}, "it", tagged=True) as book:
        found: list[str] = []
        waiting = [book.Root.StructTreeRoot.K[0]]
        while waiting:
            one = waiting.pop()
            if Name.ID in one:
                found.append(str(one.ID))
            kids = one.get(Name.K)
            waiting += [k for k in kids if isinstance(k, Dictionary)] if isinstance(kids, Array) else []
        assert found
        assert len(found) == len(set(found))


def test_a_link_to_nowhere_is_an_error(proof: Proof) -> None:
    contents = next(f for f in proof.fragments if f.name == "contents")
    with pytest.raises(ReportError) as error:
        bind([contents], {}, "it", tagged=True)
    assert {d.code for d in error.value.diagnostics} == {"unknown-anchor"}


@pytest.mark.parametrize("spaced", [".page-contents * { letter-spacing: -1pt }", "p { letter-spacing: 0.02em }"])
def test_page_numbers_in_spaced_letters(project: Change, spaced: str) -> None:
    """Where two shifts follow each other, they stay two numbers of the operator."""
    place = project()
    plain = _words(build(place, EMAIL).path)
    sheet = place.layouts / "styles" / "2-pages.css"
    sheet.write_text(f"{sheet.read_text('utf-8')}\n{spaced}\n", encoding="utf-8")
    path = build(place, EMAIL).path
    if "contents" in spaced:
        assert _words(path) == plain
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            for one in pikepdf.parse_content_stream(page):
                if str(one.operator) == "TJ":
                    parts: Any = one.operands[0]
                    assert all(isinstance(part, pikepdf.String | int | Decimal) for part in parts), one


def _words(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        return ["".join(page.get_textpage().get_text_range().split()) for page in pdf]
