"""Diagnostics as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from builder.content.rules import CHECKS
from builder.content.rules.waivers import Waived
from builder.model.about import __version__
from builder.model.diagnostics import Diagnostic

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(diagnostics: Sequence[Diagnostic], waived: Iterable[Waived]) -> str:
    """One run. Waived findings are in it as suppressed, with their reason (SARIF 3.27.23)."""
    passed = tuple(waived)
    codes = sorted({d.code for d in diagnostics} | {w.diagnostic.code for w in passed} | set(CHECKS))
    index = {code: n for n, code in enumerate(codes)}
    results = [_result(one, index) for one in diagnostics]
    for one in passed:
        suppression = {"kind": "inSource", "justification": one.reason}
        results.append(_result(one.diagnostic, index) | {"suppressions": [suppression]})
    driver = {"name": "builder", "version": __version__, "rules": [_rule(code) for code in codes]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(code: str) -> dict[str, Any]:
    rule = CHECKS.get(code)
    if rule is None:
        return {"id": code}
    level = rule.level
    said = rule.asks[0].upper() + rule.asks[1:] + "."
    return {"id": code, "shortDescription": {"text": said}, "defaultConfiguration": {"level": level}}


def _result(one: Diagnostic, index: dict[str, int]) -> dict[str, Any]:
    text = one.message + (f"\n{one.hint}" if one.hint else "")
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": index[one.code],
        "level": str(one.severity),
        "message": {"text": text},
    }
    if one.span is None:
        return result
    artifact = {"uri": quote(one.span.file)}
    place: dict[str, Any] = {"artifactLocation": artifact}
    place["region"] = {"startLine": one.span.line, "startColumn": one.span.column}
    location: dict[str, Any] = {"physicalLocation": place}
    if one.span.cell:
        location["logicalLocations"] = [{"name": one.span.cell, "kind": "member"}]
    result["locations"] = [location]
    if one.fix is not None:
        end = one.span.column + len(one.fix.written)
        region = {"startLine": one.span.line, "startColumn": one.span.column, "endColumn": end}
        replacement = {"deletedRegion": region, "insertedContent": {"text": one.fix.words}}
        result["fixes"] = [{"artifactChanges": [{"artifactLocation": artifact, "replacements": [replacement]}]}]
    return result
