"""Sign-off: who must approve what, the digest of what they saw, and what is still unsigned."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, TypeAlias

from builder.content import numbers
from builder.content.prose import QUOTE, REPORT
from builder.content.yamlfile import entry_lines, read_text, read_yaml
from builder.model.diagnostics import Diagnostic, ReportError, Span, warning
from builder.model.front import Topic
from builder.model.indicator import Indicator, Signature
from builder.model.project import SIGNATURES, Project
from builder.model.report import Report
from builder.model.spelling import composed, on_disk
from builder.runtime.files import replace_file

Kind: TypeAlias = Literal["indicator", "topic"]
# What has no part in what a signature stands for.
_OUTSIDE = {"signed", "waive", "approvers"}
# So many characters of a SHA-256 are written: a slip or a change is found, and a line stays readable.
_SHORT = 16
# A picture in a Markdown text.
_PICTURE = re.compile(r"!\[[^\]]*\]\(<?([^)>\s]+)")


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
        said = json.dumps(told, ensure_ascii=False)
        names = {m[2] for m in QUOTE.finditer(said) if m[1] is None}
        period = numbers.period(report.front.period) if REPORT in names else ""
        names |= {str(n) for n in (topic.key, *(topic.figure.uses if topic.figure else ())) if n is not None}
        files = [*([str(topic.image.file)] if topic.image is not None else []), *_PICTURE.findall(said)]
        paths = [on_disk(project.content / file) for file in files]
        pictures = [sha256(path.read_bytes()).hexdigest() for path in paths if path.is_file()]
        seen = [told, pictures, period, [_indicator(report, n) for n in sorted(names & set(report.indicators))]]
    return sha256(json.dumps(seen, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:_SHORT]


def _indicator(report: Report, name: str) -> Any:
    one = report.indicators[name]
    source = report.sources[one.source]
    labels, language = report.labels, report.front.language
    return [
        name,
        "" if one.withheld else [str(numbers.in_form(one, form, labels, language)) for form in numbers.FORMS],
        one.model_dump(mode="json", exclude=_OUTSIDE, exclude_defaults=True),
        source.model_dump(mode="json", exclude=_OUTSIDE, exclude_defaults=True),
    ]


def sign(report: Report, project: Project, kind: Kind, name: str, by: str, day: str) -> Path:
    """Write a signature into the YAML, below what it stands for; returns the file. Raises ReportError.

    The file stays as it is where the result would not say the same and the signature.
    """
    path = on_disk(project.content / ("indicators.yaml" if kind == "indicator" else f"topics/{name}.yaml"))
    one: Indicator | Topic = report.indicators[name] if kind == "indicator" else report.topics[name]
    line = f'- {{by: {_quoted(by)}, day: "{day}", digest: "{digest(report, project, kind, name)}"}}'
    hint = f"add it by hand below the entry:  signed: [{line.removeprefix('- ')}]"
    if isinstance(one, Indicator) and one.label.span is not None and one.label.span.file != project.name(path):
        path = project.content / SIGNATURES  # it comes from a table, which can hold none
        if not path.is_file() or f"\n{name}:" not in "\n" + composed(path.read_text(encoding="utf-8")):
            return _signed_apart(path, name, line)
    file = project.name(path)
    data = path.read_bytes()
    mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
    written = composed(data.decode("utf-8-sig"))
    ends = "\r\n" if "\r\n" in written else "\n"
    lines = written.replace("\r\n", "\n").rstrip("\n").split("\n")
    place = entry_lines(lines, name if kind == "indicator" else None)
    if place is not None:
        first, last, indent = place
        margin = " " * indent
        existing = next((n for n in range(first, last + 1) if lines[n].startswith(f"{margin}signed:")), None)
        if existing is None:
            lines[last + 1 : last + 1] = [f"{margin}signed:", f"{margin}  {line}"]
        else:
            end = existing + 1
            while end <= last and (lines[end].startswith((f"{margin} ", f"{margin}-")) or not lines[end].strip()):
                end += 1
            others = [s for s in one.signed if str(s.by) != by]
            kept = [f'{margin}  - {{by: {_quoted(s.by)}, day: "{s.day}", digest: "{s.digest}"}}' for s in others]
            lines[existing:end] = [f"{margin}signed:", *kept, f"{margin}  {line}"]
        text = ends.join([*lines, ""])
        if _same_but_signed(path, text, file, kind, name):
            replace_file(path, (mark + text).encode())
            return path
    raise ReportError([_refused(f'the signature of "{name}" cannot be written below it', hint, Span(file))])


def _signed_apart(path: Path, name: str, line: str) -> Path:
    """The first signature of an indicator from a table."""
    before = (
        path.read_text(encoding="utf-8") if path.is_file() else "# Signatures of indicators that come from tables.\n"
    )
    replace_file(path, f"{before.rstrip()}\n{name}:\n  signed:\n    {line}\n".encode())
    return path


def may_sign(report: Report, name: str, by: str) -> Iterator[tuple[Kind, bool]]:
    """What is called `name` (`topic:NAME` and `indicator:NAME` say which), and whether it is for `by` to sign."""
    only, _, bare = name.rpartition(":")
    defaults = report.front.approvals
    entries: list[tuple[Kind, Indicator | Topic | None, tuple[str, ...]]] = [
        ("indicator", report.indicators.get(bare), defaults.indicators),
        ("topic", report.topics.get(bare), defaults.topics),
    ]
    for kind, one, usual in entries:
        if one is not None and only in ("", kind):
            yield kind, by in map(str, one.approvers if one.approvers is not None else usual)


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


def _refused(message: str, hint: str, span: Span) -> Diagnostic:
    return Diagnostic("cannot-sign", message, hint, span)
