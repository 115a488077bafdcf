"""Sign-off: who must approve what, the digest of what they saw, and what is still unsigned."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, TypeAlias

from builder.content import numbers
from builder.content.markup import REPORT, quotes_in
from builder.model.body import TableBlock
from builder.model.diagnostics import Diagnostic, warning
from builder.model.front import Topic
from builder.model.indicator import Indicator, Signature
from builder.model.project import Project
from builder.model.report import Report
from builder.model.spelling import on_disk

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
    """Every signature that the report needs, indicators in the order of their file, then topics in that of the book."""
    defaults = report.front.approvals
    found: list[Approval] = []
    entries: list[tuple[Kind, str, Indicator | Topic, tuple[str, ...]]] = [
        ("indicator", name, one, defaults.indicators) for name, one in report.register.items()
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
        names = {quote.target for quote in quotes_in(said).values()}
        period = numbers.period(report.front.period) if REPORT in names else ""
        names |= {str(name) for name in topic.uses}
        files = [*(str(one.file) for one in topic.photos), *_PICTURE.findall(said)]
        paths = [on_disk(project.content / file) for file in files]
        pictures = [sha256(path.read_bytes()).hexdigest() for path in paths if path.is_file()]
        seen = [told, pictures, period, [_indicator(report, n) for n in sorted(names & set(report.indicators))]]
        tables = [report.tables[str(one.table)] for one in topic.body if isinstance(one, TableBlock)]
        seen += [[[str(cell.value), cell.words] for row in one.rows for cell in row.cells] for one in tables]
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
