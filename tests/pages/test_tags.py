"""From HTML to tags: what templates write, and what a screen reader gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.build import build
from builder.design.edition import EMAIL
from tests import verapdf
from tests.aloud import Heard, Reader
from tests.conftest import Change

PAGE = '{%% extends "_section.html" %%}\n{%% block body %%}\n<h1>T</h1>\n%s\n{%% endblock %%}\n'
HEAD = "title: R\norganisation: O\nperiod: {from: 2021, to: 2024}\nlanguage: en\norder:\n  - page: odd\n    title: T\n"


def heard(project: Change, html: str) -> tuple[list[Heard], Path]:
    place = project()
    for old in (place.content / "topics").glob("*.yaml"):
        old.unlink()
    built = build(project({"layouts/pages/odd.html": PAGE % html, "content/report.yaml": HEAD}), EMAIL)
    return Reader(built.path).heard()[1:], built.path


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>one <em>two</em> three</p>", [("P", "one two three")]),
        ("<div>bare</div>", [("P", "bare")]),
        ("<p>one<br>two</p>", [("P", "one two")]),
        ('<p>seen <span aria-hidden="true">decoration</span></p>', [("P", "seen")]),
        ('<p><span aria-label="plus 14">+14</span> points</p>', [("P", "plus 14 points")]),
        ('<p>the <abbr title="World Health Organization">WHO</abbr></p>', [("P", "the World Health Organization")]),
        ('<div role="img" aria-label="A star"><p>*</p></div>', [("Figure", "A star")]),
        ("<dl><dt>a</dt><dd>b</dd><dd>c</dd></dl>", [("LI", "a"), ("P", "b"), ("P", "c")]),
        ("<blockquote><p>said</p></blockquote>", [("P", "said")]),
        ("<h2>Next</h2><p>x</p>", [("H2", "Next"), ("P", "x")]),
        (
            '<p>a<span class="note" data-number="1">n</span> b</p><p>c</p>',
            [("P", "a 1 b"), ("Note", "1 n"), ("P", "c")],
        ),
        (
            '<p style="width: 40mm">Many extraordinary representations</p>',
            [("P", "Many extraordinary representations")],
        ),
        ('<p style="width: 30mm">two words and more of them</p>', [("P", "two words and more of them")]),
        (
            '<p style="width: 20mm; overflow-wrap: anywhere">https://example.org/a/long/way</p>',
            [("P", "https://example.org/a/long/way")],
        ),
        ("<ul><li>one<ul><li>two</li></ul></li></ul>", [("Lbl", ""), ("LBody", "one"), ("LBody", "two")]),
    ],
)
def test_html_is_heard_as_it_is_meant(project: Change, html: str, expected: list[tuple[str, str]]) -> None:
    found, path = heard(project, html)
    said = [(one.role, one.words.replace("– ", "")) for one in found]
    assert [one for one in said if one[1] not in ("–", "")] == [one for one in expected if one[1]]
    assert verapdf.failures(path, "ua1") == []


def test_what_runs_over_pages_is_one_element_and_a_repeated_head_is_none(project: Change) -> None:
    rows = "".join(f"<tr><td>row {n}</td><td>{n}</td></tr>" for n in range(120))
    html = f"<table><thead><tr><th>Name</th><th>Number</th></tr></thead><tbody>{rows}</tbody></table>"
    found, path = heard(project, html)
    rows_heard = [one.words for one in found if one.role == "TR"]
    assert rows_heard == ["Name Number", *(f"row {n} {n}" for n in range(120))]
    reader = Reader(path)
    assert len(reader.pdf.pages) > 2
    assert len([1 for role, _ in reader.roles() if role == "Table"]) == 1
    assert verapdf.failures(path, "ua1") == []
