"""Mend what can be mended: the fixes of diagnostics, written into the files; comments and layout stay.

A fix changes words and signs that are printed, and nothing else. So what is to be written is parsed again: where it is
another structure, another link, picture or piece of code than before, the fix that made it so is not written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from builder.content.prose import structure
from builder.content.yamlfile import read_text
from builder.model.diagnostics import Diagnostic
from builder.model.manuscript import Text, Value
from builder.model.spelling import composed
from builder.runtime.files import replace_file


def mend(diagnostics: Iterable[Diagnostic], root: Path) -> tuple[Diagnostic, ...]:
    """Write every fix into its file; returns the problems that were mended. Raises OSError.

    A fix whose words no longer stand where they stood, or that another has reached before, is left for the next time.
    """
    by_file: dict[str, list[Diagnostic]] = {}
    for one in diagnostics:
        if one.fix is not None and one.span is not None:
            by_file.setdefault(one.span.file, []).append(one)
    mended: list[Diagnostic] = []
    for file, found in by_file.items():
        path = root / file
        data = path.read_bytes()
        mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
        before = composed(data.decode("utf-8-sig"))  # as it was read: columns count so
        text, done = _mended(before, found)
        if done and not _only_words(before, text, file):
            text, done = before, []
            for one in sorted(found, key=lambda d: d.place, reverse=True):
                after, applied = _mended(text, [one])
                if applied and _only_words(text, after, file):
                    text, done = after, [*done, one]
        if done:
            replace_file(path, mark + text.encode())
        mended += done
    return tuple(mended)


def _mended(text: str, found: Sequence[Diagnostic]) -> tuple[str, list[Diagnostic]]:
    """The text with fixes in it, from the end to the beginning, and those that could be made."""
    lines = text.split("\n")
    reached: dict[int, int] = {}
    done = []
    for one in sorted(found, key=lambda d: d.place, reverse=True):
        assert one.fix is not None
        assert one.span is not None
        row, column = one.span.line - 1, one.span.column - 1
        line = lines[row] if row < len(lines) else ""
        end = column + len(one.fix.written)
        if line[column:end] != one.fix.written or end > reached.get(row, len(line)):
            continue
        lines[row] = line[:column] + one.fix.words + line[end:]
        reached[row] = column
        done.append(one)
    return "\n".join(lines), done


def _only_words(before: str, after: str, name: str) -> bool:
    """Whether two YAML files differ in nothing but words that are printed."""
    problems: list[Diagnostic] = []
    old, new = read_text(before, name, []).data, read_text(after, name, problems).data
    return not problems and _alike(old, new)


def _alike(old: Value, new: Value) -> bool:
    if isinstance(old, Text) and isinstance(new, Text):
        return old == new or structure(old) == structure(new)
    if isinstance(old, dict) and isinstance(new, dict):
        return list(old) == list(new) and all(_alike(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_alike, old, new))
    return type(old) is type(new) and old == new
