"""Findings that `builder check --fix` mends: what stands there now, and what belongs there, as the YAML writes it."""

from __future__ import annotations

from builder.content.numbers import NO_BREAK
from builder.content.rules.table import found
from builder.content.rules.writing import Writing
from builder.model.diagnostics import Diagnostic, Fix

_SHOWN = {NO_BREAK: "a no-break space", " ": "one space"}


def fixable(code: str, written: Writing, start: int, end: int, right: str, message: str) -> Diagnostic:
    """A finding about the characters from `start` to `end` of a text, in whose place `right` belongs."""
    span, there = written.text.at(start, end)
    escaped = _escaped(right, written.text.source)
    # Where the words are not written as expected, with other escapes, nobody knows what a fix would do.
    known = there == _escaped(str(written.text)[start:end], written.text.source)
    fix = Fix(there, escaped) if there and known and escaped is not None else None
    return found(code, message, f"write {_SHOWN.get(right, right)}; `builder check --fix` does it", span, fix)


def _escaped(words: str, source: str) -> str | None:
    """Words as they are written in a scalar of that style; None where they cannot stand there."""
    if source.startswith("'"):
        return words.replace("'", "''")
    if source.startswith('"'):
        return words.replace("\\", "\\\\").replace('"', '\\"')
    if source[:1] in "|>":
        return words
    return None if ": " in words or " #" in words or words.endswith(":") else words
