"""A project as one document: HTML for WeasyPrint, Chromium and Vivliostyle, and the same text for Typst."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import tinyhtml5

from builder.content.check import check
from builder.content.load import load
from builder.content.plan import plan
from builder.figures.draw import draw
from builder.model.folios import zeros
from builder.model.project import Project
from builder.pages.compose import Composer
from builder.pages.tables import set_tables

_BLOCKS = {"h1": "=", "h2": "==", "h3": "===", "h4": "====", "h5": "=====", "h6": "======"}
_TEXT = ("p", "li", "dt", "dd", "figcaption", "caption")
_ESCAPED = re.compile(r"([\\#$*_`<>@=\[\]~/+-])")


def one_document(root: Path, folder: Path) -> Path:
    """All sections of the project in `root`, inside `folder`, as report.html with figures beside it, and report.typ."""
    root, folder = root.resolve(), folder.resolve()
    project = Project.at(root)
    checked = check(load(project), project)
    assert checked.report is not None
    assert checked.theme is not None
    drawn = draw(checked.report, checked.theme, project, "srgb")
    for name, figure in drawn.items():
        (folder / f"{name}.svg").write_text(figure.svg, encoding="utf-8")
    (folder / "sketch").write_bytes(pickle.dumps((checked.report, checked.theme, project)))
    sections = plan(checked.report, checked.theme)
    tables = set_tables(checked.report, checked.theme, project)
    composer = Composer(checked.report, checked.theme, project, drawn, tables, sections)
    bodies = []
    for section in sections:
        html = composer.compose(section, printed={})
        assert html is not None
        body = re.search(r"<body>(.*)</body>", zeros(html, lambda _place: 2), re.DOTALL)
        assert body is not None
        side = {"recto": "right", "verso": "left", None: "page"}[section.side]
        bodies.append(f'<div style="break-before: {side}">{body[1]}</div>')
    text = re.sub(r'src="figure:([^"]*)"', r'src="\1.svg"', "".join(bodies).replace("book:", "#"))
    tokens = checked.theme.css("srgb", project.fonts, bleed=0)
    sheets = "".join(p.read_text(encoding="utf-8") for p in sorted((project.layouts / "styles").glob("*.css")))
    whole = f'<html lang="it"><head><title>x</title><style>{tokens}{sheets}</style></head><body>{text}</body></html>'
    whole = whole.replace(
        project.root.as_uri(), project.root.relative_to(folder).as_posix()
    )  # some open no other place
    html_file = folder / "report.html"
    html_file.write_text(whole, encoding="utf-8")
    tree = tinyhtml5.parse(whole, namespace_html_elements=False)
    page, margin = checked.theme.page, checked.theme.page.margin
    head = (
        f'#set page(width: {page.width}mm, height: {page.height}mm, numbering: "1", margin: (inside: {margin.inner}mm,'
        f" outside: {margin.outer}mm, top: {margin.top}mm, bottom: {margin.bottom}mm))\n"
        f'#set text(font: "{checked.theme.fonts.body.family}", size: {checked.theme.sizes.text}pt, lang: "it")\n'
        "#set par(justify: false)\n#show heading.where(level: 1): it => pagebreak(weak: true) + it\n#outline()\n"
    )
    (folder / "report.typ").write_text(head + "\n\n".join(_typst(tree)), encoding="utf-8")
    return html_file


def _typst(element: Element) -> Iterator[str]:
    """The text of an element as Typst blocks."""
    if element.tag in ("style", "title", "script"):
        return
    if element.tag in _BLOCKS:
        if words := _words(element):
            yield f"{_BLOCKS[element.tag]} {words}"
    elif element.tag == "table":
        rows = [[_words(cell) for cell in row if cell.tag in ("td", "th")] for row in element.iter("tr")]
        columns = max((len(row) for row in rows), default=0)
        if columns:
            cells = ", ".join(f"[{cell}]" for row in rows for cell in row + [""] * (columns - len(row)))
            yield f"#table(columns: {columns}, {cells})"
    elif element.tag == "img":
        yield f'#image("{element.get("src", "")}", width: 100%)'
    elif element.tag in _TEXT:
        if words := _words(element):
            yield words
        for image in element.iter("img"):
            yield from _typst(image)
    else:
        for child in element:
            yield from _typst(child)


def _words(element: Element) -> str:
    return _ESCAPED.sub(r"\\\1", " ".join("".join(element.itertext()).split()))
