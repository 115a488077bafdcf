"""A line of YAML that was moved by a slip of the hand is named, with where it belongs."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from builder.content.yamlfile import read_text
from builder.model.diagnostics import Diagnostic

_TOPIC = """title: Meals
page: text
body:
  - text: |
      Words that run on.

      More words: with a colon.
  - photo: a.png
    alt: A hall
    over:
      text: Words
      at: top
  - row:
      - text: One
      - quote: Two
        by: Somebody
  - numbers: [meals, people]
"""
_HEAD = "page: text\ntitle: Meals\nbody:\n"


@pytest.mark.parametrize(
    ("body", "line", "hint"),
    [
        ("  - text: |\n    Words.\n", 5, "indent its lines by 6 spaces"),
        ("  - photo: a.png\n   alt: A\n", 5, "by 2 or 4 spaces"),
        ("  - photo: a.png\n      alt: A\n", 5, "by 4 or 2 spaces"),
        ("- text: Words\n  - text: More\n", 5, "by 0 spaces"),
        ("    - text: Words\n   - text: More\n", 5, "by 4 or 0 spaces"),
    ],
)
def test_a_slip_is_named_with_where_the_line_belongs(body: str, line: int, hint: str) -> None:
    problems: list[Diagnostic] = []
    read_text(_HEAD + body, "topic.yaml", problems)
    [found] = problems
    assert (found.span and found.span.line, found.code) == (line, "yaml-syntax")
    assert hint in found.hint


@given(st.integers(1, len(_TOPIC.splitlines()) - 1), st.integers(-3, 3))
def test_what_cannot_be_read_is_said_where_the_lines_no_longer_agree(number: int, by: int) -> None:
    lines = _TOPIC.splitlines()
    assume(lines[number].strip() and by)
    lines[number] = " " * max(0, len(lines[number]) - len(lines[number].lstrip()) + by) + lines[number].lstrip()
    problems: list[Diagnostic] = []
    read_text("\n".join(lines) + "\n", "topic.yaml", problems)
    for found in problems:
        assert found.span is not None
        assert found.span.line - 1 >= number - 1, "nothing is wrong before it"
