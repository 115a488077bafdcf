"""Sign-off: who must approve what, the digest of what they saw, and what is still unsigned."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, TypeAlias

from builder.diagnostics import Diagnostic, ReportError, Span, warning
from builder.model import Indicator, Report, Signature, Topic
from builder.project import Project
from builder.prose import QUOTE
from builder.references import REPORT
from builder.yamlfile import entry_lines

Kind: TypeAlias = Literal["indicator", "topic"]
# What has no part in what a signature stands for.
_OUTSIDE = {"signed", "waive", "approvers"}
# So many characters of a SHA-256 are written: a slip or a change is found, and a line stays readable.
_SHORT = 16


@dataclass(frozen=True, slots=True)
class Approval:
    """What somebody must sign, and whether they have signed what stands there now."""

    kind: Kind
    name: str
    by: str
    signed: bool


def approvals(report: Report, project: Project) -> tuple[Approval, ...]:
    """Every signature that the report needs, in the order of the book; indicators first."""
    defaults = report.front.approvals
    found: list[Approval] = []
    entries: list[tuple[Kind, str, Indicator | Topic, tuple[str, ...]]] = [
        ("indicator", name, one, defaults.indicators) for name, one in report.indicators.items()
    ]
    entries += [("topic", str(name), report.topics[name], defaults.topics) for name, _ in report.in_order()]
    for kind, name, one, usual in entries:
        wanted = one.approvers if one.approvers is not None else usual
        if wanted:
            own = digest(report, project, kind, name)
            signed = {str(s.by) for s in one.signed if s.digest == own}
            found += [Approval(kind, name, str(by), str(by) in signed) for by in wanted]
    return tuple(found)


def void(report: Report, project: Project) -> Iterator[Diagnostic]:
    """Signatures under something that has changed since."""
    signed: list[tuple[Kind, str, tuple[Signature, ...]]] = [
        ("indicator", name, one.signed) for name, one in report.indicators.items() if one.signed
    ]
    signed += [("topic", name, one.signed) for name, one in report.topics.items() if one.signed]
    for kind, name, signatures in signed:
        own = digest(report, project, kind, name)
        for signature in signatures:
            if signature.digest != own:
                yield warning(
                    "void-signature",
                    f'{signature.by} signed another "{name}" than this on {signature.day}',
                    f'it has changed since: show it, and `builder sign {name} --by "{signature.by}"` again',
                    signature.digest.span,
                )


def digest(report: Report, project: Project, kind: Kind, name: str) -> str:
    """The digest of all that a signature stands for: the entry, its source, and for a topic the numbers it prints."""
    seen: Any
    if kind == "indicator":
        seen = _indicator(report, name)
    else:
        topic = report.topics[name]
        told = topic.model_dump(mode="json", exclude=_OUTSIDE, exclude_none=True)
        names = {m[2] for m in QUOTE.finditer(json.dumps(told, ensure_ascii=False)) if m[1] is None} - {REPORT}
        names |= {str(n) for n in (topic.key, *(topic.figure.uses if topic.figure else ())) if n is not None}
        picture = ""
        if topic.image is not None:
            path = project.content / topic.image.file
            picture = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        seen = [told, picture, [_indicator(report, n) for n in sorted(names & set(report.indicators))]]
    return sha256(json.dumps(seen, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:_SHORT]


def _indicator(report: Report, name: str) -> Any:
    one = report.indicators[name]
    source = report.sources[one.source]
    return [
        name,
        one.model_dump(mode="json", exclude=_OUTSIDE, exclude_defaults=True),
        source.model_dump(mode="json", exclude=_OUTSIDE, exclude_defaults=True),
    ]


def sign(report: Report, project: Project, name: str, by: str, day: str) -> Path:
    """Write a signature into the YAML, below what it stands for; returns the file. Raises ReportError."""
    kind: Kind = "indicator" if name in report.indicators else "topic"
    one = report.indicators.get(name) or report.topics[name]
    usual = report.front.approvals.indicators if kind == "indicator" else report.front.approvals.topics
    wanted = one.approvers if one.approvers is not None else usual
    if by not in map(str, wanted):
        who = ", ".join(map(str, wanted)) or "nobody"
        raise ReportError([_refused(f'"{name}" is not for {by} to sign', f"its approvers are: {who}")])
    path = project.content / ("indicators.yaml" if kind == "indicator" else f"topics/{name}.yaml")
    written = path.read_bytes().decode("utf-8-sig")
    line = f'- {{by: "{by}", day: "{day}", digest: "{digest(report, project, kind, name)}"}}'
    lines = written.splitlines()
    place = entry_lines(lines, name if kind == "indicator" else None)
    if place is None:
        hint = f"add it by hand below the entry:  signed: [{line.removeprefix('- ')}]"
        raise ReportError([_refused(f'"{name}" is written on one line, or comes from a table', hint)])
    first, last, indent = place
    existing = next((n for n in range(first, last + 1) if lines[n].startswith(" " * indent + "signed:")), None)
    if existing is not None:
        end = existing + 1
        while end <= last and (lines[end].startswith(" " * (indent + 1)) or lines[end].startswith(" " * indent + "-")):
            end += 1
        kept = [ln for ln in lines[existing + 1 : end] if f'by: "{by}"' not in ln and f"by: {by}," not in ln]
        if lines[existing].split(":", 1)[1].strip():
            hint = f"add it by hand: {line}"
            raise ReportError([_refused(f'the signatures of "{name}" stand on one line', hint)])
        lines[existing + 1 : end] = [*kept, " " * (indent + 2) + line]
    else:
        lines[last + 1 : last + 1] = [" " * indent + "signed:", " " * (indent + 2) + line]
    beside = path.with_name(f".{path.name}.part")
    beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    beside.replace(path)
    return path


def _refused(message: str, hint: str) -> Diagnostic:
    return Diagnostic("cannot-sign", message, hint, Span("content"))
