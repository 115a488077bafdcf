"""Mend what can be mended: the fixes of diagnostics, written into the files; comments and layout stay."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from builder.diagnostics import Diagnostic


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
        lines = data.decode("utf-8-sig").split("\n")
        reached: dict[int, int] = {}
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
            mended.append(one)
        beside = path.with_name(f".{path.name}.part")
        beside.write_bytes(mark + "\n".join(lines).encode())
        beside.replace(path)
    return tuple(mended)
