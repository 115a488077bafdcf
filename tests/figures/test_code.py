"""Figures of a project's own: they run where they are trusted, and what is wrong in them is said at its line."""

from __future__ import annotations

import re

import pypdfium2
import pytest

from builder.build import build
from builder.content.check import check
from builder.content.load import load
from builder.design.edition import EMAIL
from builder.model.diagnostics import ReportError
from builder.model.project import Project
from tests.conftest import ROOT, Change

_TOPIC = """page: text
title: Meals
figure:
  kind: code
  file: guests.py
  title: Guests
  alt: A line of steps.
  data: {rows: {Morning: [20], Noon: [140]}, source: example}
"""
# As docs/own-figures.md has it.
_DRAW = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs" / "own-figures.md").read_text("utf-8"), re.M | re.S)[0]


def _project(project: Change, code: str, topic: str = _TOPIC, *, trusted: bool = True) -> Project:
    files = {"content/topics/meals.yaml": topic, "figures/guests.py": code}
    return Project.at(project(files).root, trusted=trusted)


def test_the_example_of_the_documents_is_drawn(project: Change) -> None:
    built = build(_project(project, _DRAW), EMAIL, None)
    with pypdfium2.PdfDocument(built.path) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    assert any("guests a day" in text and "Noon" in text and "Guests" in text for text in texts)
    assert any("Morning" in text and "140" in text and "Data" in text for text in texts), "its numbers are in the annex"


def test_no_program_runs_in_a_project_that_is_not_trusted(project: Change) -> None:
    place = _project(project, "open('ran', 'w')\n", trusted=False)
    found = [(d.code, str(d.span)) for d in check(load(place), place).diagnostics if d.code == "untrusted-code"]
    assert found == [("untrusted-code", "content/topics/meals.yaml:5:9")]
    with pytest.raises(ReportError):
        build(place, EMAIL, None)
    assert not (place.root / "ran").exists()


@pytest.mark.parametrize(
    ("code", "line", "said"),
    [
        ("def draw(canvas, data):\n    canvas.text(\n", 2, "SyntaxError"),
        ("def draw(canvas, data):\n    x = 1\n    x / 0\n", 3, "division by zero"),
        ("import no_such_library\n", 1, "no_such_library"),
        ("x = 1\n", 1, "no function"),
        ("raise SystemExit\n", 1, "SystemExit"),
        ("def draw(canvas):\n    pass\n", 1, "argument"),
    ],
)
def test_what_is_wrong_in_it_is_said_at_its_line(code: str, line: int, said: str, project: Change) -> None:
    with pytest.raises(ReportError) as error:
        build(_project(project, code), EMAIL, None)
    found = [one for one in error.value.diagnostics if one.code == "figure-code"]
    assert [(one.span.file, one.span.line) for one in found if one.span] == [("figures/guests.py", line)]
    assert said in found[0].message


def test_words_on_its_axes_that_leave_the_figure_are_an_error(project: Change) -> None:
    code = "def draw(canvas, data):\n    canvas.axes(0, 0, 100, 60).plot([1, 2], [3, 4])\n"
    with pytest.raises(ReportError) as error:
        build(_project(project, code), EMAIL, None)
    assert [one.code for one in error.value.diagnostics if one.code == "figure-text"]


def test_its_words_are_demanded_and_the_file_stays_in_the_project(project: Change) -> None:
    for topic in (_TOPIC.replace("  alt: A line of steps.\n", ""), _TOPIC.replace("guests.py", "../guests.py")):
        place = _project(project, _DRAW, topic)
        assert [d for d in check(load(place), place).diagnostics if d.severity == "error"]
