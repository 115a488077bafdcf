"""`check --fix` changes words and signs, and nothing else of a text."""

from __future__ import annotations

import io
import re
import tempfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from builder.content.check import check
from builder.content.fix import mend
from builder.content.load import load
from builder.content.prose import structure
from builder.model.diagnostics import Diagnostic, Fix, Span
from builder.model.project import Project
from builder.tools.starter import plant
from tests.conftest import Change, examples

_target = io.BytesIO()
Image.new("RGB", (9, 9)).save(_target, "PNG")
BOAT = _target.getvalue()


def fixed(place: Project, name: str) -> str:
    path = place.content / "topics" / name
    for _round in range(5):
        if not mend(check(load(place), place).diagnostics, place.root):
            break
    return path.read_text("utf-8")


def test_no_fix_touches_a_destination_a_title_or_code(project: Change) -> None:
    text = """page: text
title: A
text: |
  He said "no" to [our site](https://a.example/it's?a=1...2 "Clear 'water'").

  ![A "boat"](boat.png "The boat") and [b](<https://b.example/it's...> 'it"s') and `it's "so"...` too.

  ``it's `so`...`` and see https://c.example/it's...x [there][one].

  ```
  it's "so"...
  ```

  [one]: https://d.example/it's "It's so"
"""
    place = project({"content/topics/meals.yaml": text, "content/boat.png": BOAT})
    assert fixed(place, "meals.yaml") == text.replace('"no"', "“no”").replace('A "boat"', "A “boat”")


def test_a_fix_that_would_make_another_link_is_not_written(project: Change) -> None:
    """The guard, seen by itself: whatever a check proposes, what is written is parsed again."""
    text = 'page: text\ntitle: A\ntext: |\n  One... [b](https://a.example "c") two...\n'
    place = project({"content/topics/meals.yaml": text})
    where = "content/topics/meals.yaml"
    lines = text.split("\n")
    asked = [
        Diagnostic("any", "", "", Span(where, row, lines[row - 1].index(old) + 1), fix=Fix(old.strip(), new))
        for row, old, new in (
            (4, "...", "…"),
            (4, '"c"', "“c”"),
            (4, "... ", "…"),
            (4, "...", "…"),
            (2, "A", "A: b: c"),
        )
    ]
    asked[2] = replace(asked[2], span=Span(where, 4, lines[3].rindex("...") + 1))
    assert len(mend(asked, place.root)) == 2
    written = (place.root / where).read_text("utf-8")
    assert written == text.replace("One...", "One…").replace("two...", "two…")


_PIECES = st.sampled_from(
    [
        "it's", '"so"', "...", "  ", "perche'", "`it's...`", "``a `b's`...``", "[it's](https://a.example/b's...)",
        '[it\'s](https://a.example "it\'s...")', "![it's](boat.png 'so...')", "<https://a.example/b's...>",
        "[so...]{lang=fr}", "{{ volunteers }} people", "**it's...**", "*so*", "\n\n", "\n- ", "\n> ", "|", "a", "(b)",
        "https://a.example/it's...", "[r's]", "[r's]: https://a.example/b's \"it's\"", "\\'", "&quot;", "^[it's...]",
    ]
)  # fmt: skip


@settings(max_examples=examples(150))
@given(pieces=st.lists(_PIECES, max_size=14))
def test_whatever_the_text_is_made_of_stays(pieces: list[str]) -> None:
    text = " ".join(pieces)
    place = planted()
    path = place.content / "topics" / "meals.yaml"
    path.write_text(yaml.safe_dump({"page": "text", "title": "A", "text": text or "b"}, allow_unicode=True), "utf-8")
    before = yaml.safe_load(path.read_text("utf-8"))
    after = yaml.safe_load(fixed(place, "meals.yaml"))
    assert structure(after["text"]) == structure(before["text"])
    assert re.findall(r"\w", after["text"].replace("é", "e")) == re.findall(r"\w", before["text"])


@lru_cache
def planted() -> Project:
    """A new project, for all examples."""
    folder = Path(tempfile.mkdtemp(prefix="builder-tests-")) / "project"
    plant(folder)
    (folder / "content" / "boat.png").write_bytes(BOAT)
    return Project.at(folder)


def test_a_word_in_single_quotes_gets_no_accent(project: Change) -> None:
    place = project()
    order = place.content / "report.yaml"
    order.write_text(order.read_text("utf-8").replace("language: en", "language: it"), encoding="utf-8")
    words = "Il progetto 'Insieme' e poi 'Singole'"
    (place.content / "topics" / "meals.yaml").write_text(f"page: text\ntitle: A\ntext: {words}\n", encoding="utf-8")
    text = fixed(place, "meals.yaml")
    assert "‘Insieme’" in text
    assert "Singolè" not in text
