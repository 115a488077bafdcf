"""Signing: a signature written into the YAML, below what it stands for; nothing else in the file changes."""

from __future__ import annotations

import json
from pathlib import Path

from builder.content.approval import Kind, digest
from builder.content.yamlfile import entry_lines, read_text, read_yaml
from builder.model.diagnostics import Diagnostic, ReportError, Span
from builder.model.front import Topic
from builder.model.indicator import Indicator
from builder.model.project import SIGNATURES, Project
from builder.model.report import Report
from builder.model.spelling import composed, on_disk
from builder.runtime.files import replace_file


def sign(report: Report, project: Project, kind: Kind, name: str, by: str, day: str) -> Path:
    """Write a signature into the YAML, below what it stands for; returns the file. Raises ReportError.

    The file is left alone unless its new text says the same, plus the signature.
    """
    path = on_disk(project.content / ("indicators.yaml" if kind == "indicator" else f"topics/{name}.yaml"))
    one: Indicator | Topic = report.indicators[name] if kind == "indicator" else report.topics[name]
    line = f'- {{by: {_quoted(by)}, day: "{day}", digest: "{digest(report, project, kind, name)}"}}'
    hint = f"add it by hand below the entry:  signed: [{line.removeprefix('- ')}]"
    if isinstance(one, Indicator) and one.label.span is not None and one.label.span.file != project.name(path):
        path = project.content / SIGNATURES  # it comes from a table, which can hold none
        there = read_yaml(path, project.name(path), []).data if path.is_file() else None
        if not isinstance(there, dict) or name not in there:
            return _signed_apart(path, name, line)
    file = project.name(path)
    data = path.read_bytes()
    mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
    lines = data.decode("utf-8-sig").split("\n")  # as they are, with their accents and a Windows file's ends
    end_of_line = "\r" if b"\r\n" in data else ""
    place = entry_lines([composed(one) for one in lines], name if kind == "indicator" else None)
    if place is not None:
        first, last, indent = place
        margin = " " * indent
        existing = next((n for n in range(first, last + 1) if lines[n].startswith(f"{margin}signed:")), None)
        signed = [f"{margin}signed:", f"{margin}  {line}"]
        if existing is None:
            existing = end = last + 1
        else:
            end = existing + 1
            while end <= last and (lines[end].startswith((f"{margin} ", f"{margin}-")) or not lines[end].strip()):
                end += 1
            others = [s for s in one.signed if str(s.by) != by]
            kept = [f'{margin}  - {{by: {_quoted(s.by)}, day: "{s.day}", digest: "{s.digest}"}}' for s in others]
            signed[1:1] = kept
        if end == len(lines):  # the last line has no end
            lines[-1] += end_of_line if existing == end else ""
            lines.append("")
        lines[existing:end] = [one + end_of_line for one in signed]
        text = "\n".join(lines)
        if _same_but_signed(path, text, file, kind, name):
            replace_file(path, (mark + text).encode())
            return path
    message = f'the signature of "{name}" cannot be written below it'
    raise ReportError([Diagnostic("cannot-sign", message, hint, Span(file))])


def _signed_apart(path: Path, name: str, line: str) -> Path:
    """The first signature of an indicator from a table."""
    before = (
        path.read_text(encoding="utf-8") if path.is_file() else "# Signatures of indicators that come from tables.\n"
    )
    replace_file(path, f"{before.rstrip()}\n{name}:\n  signed:\n    {line}\n".encode())
    return path


def _same_but_signed(path: Path, text: str, file: str, kind: Kind, name: str) -> bool:
    """Whether a file with this text says what it said, and a signature."""
    problems: list[Diagnostic] = []
    was, will = read_yaml(path, file, problems).data, read_text(text, file, problems).data
    if problems or not isinstance(was, dict) or not isinstance(will, dict):
        return False
    for data in (was, will):
        entry = data.get(name) if kind == "indicator" else data  # type: ignore[call-overload]
        if not isinstance(entry, dict):
            return False
        entry.pop("signed", None)  # type: ignore[call-overload]
    return was == will


def _quoted(words: str) -> str:
    """As a scalar in double quotation marks: JSON's strings are YAML's (YAML 1.2, 1.3)."""
    return json.dumps(str(words), ensure_ascii=False)
