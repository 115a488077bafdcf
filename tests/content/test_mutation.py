"""Every value, base, unit, period and source of the report, changed to a wrong one: each change must be seen."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.content.check import check
from builder.content.load import load
from builder.model.diagnostics import Diagnostic, errors
from builder.model.project import Project
from tests.conftest import ROOT

INDICATORS: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "content" / "indicators.yaml").read_text("utf-8"))
UNITS = ("points", "percent", "million-euro", "euro", "hours", None)
CHECKS = (ROOT / "docs" / "checks.md").read_text("utf-8")


def mutations(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each wrong entry with what was changed in it."""
    one = INDICATORS[name]

    def changed(what: str, *path: str, to: Any) -> tuple[str, dict[str, Any]]:
        wrong = copy.deepcopy(one)
        inner = wrong
        for step in path[:-1]:
            inner = inner[step]
        if to is None:
            inner.pop(path[-1], None)
        else:
            inner[path[-1]] = to
        return f"{name}: {what}", wrong

    for key in ("value", "upper"):
        if key in one:
            value = one[key]
            swapped = int(str(value)[::-1].lstrip("0") or 0)
            for wrong in {value + 1, value - 1, value * 10, -value, swapped, value + 0.5} - {value}:
                yield changed(f"{key} {value} → {wrong}", key, to=wrong)
    for key in ("base", "end"):
        if key in one:
            for wrong in (one[key]["value"] + 1, one[key]["value"] - 10):
                yield changed(f"{key} → {wrong}", key, "value", to=wrong)
            for wrong in (one[key]["year"] + 1, one[key]["year"] - 1):
                yield changed(f"{key} year → {wrong}", key, "year", to=wrong)
    if "base" in one and "end" in one:
        both = copy.deepcopy(one)
        both["base"], both["end"] = both["end"], both["base"]
        yield f"{name}: base and end exchanged", both
    for unit in UNITS:
        if unit != one.get("unit"):
            yield changed(f"unit → {unit}", "unit", to=unit)
    if "period" in one:
        for end in one["period"]:
            for step in (1, -1, 10):
                yield changed(f"period {end} {step:+}", "period", end, to=one["period"][end] + step)
        yield changed("period to the year after", "period", "to", to=one["period"].get("to", one["period"]["from"]) + 1)
    yield changed("another source", "source", to="altra")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("mutation") / "report"
    for part in ("content", "layouts", "fonts"):
        shutil.copytree(ROOT / part, root / part)
    other = root / "content" / "sources" / "altra.txt"
    other.write_text("Un altro documento, con altri numeri: 14, 20, 17, 66, 39.", encoding="utf-8")
    sources = (root / "content" / "sources.yaml").read_text("utf-8")
    added = "altra:\n  title: Un altro documento\n  file: sources/altra.txt\n  sha256: "
    digest = sha256(other.read_bytes()).hexdigest()
    (root / "content" / "sources.yaml").write_text(f"{sources}\n{added}{digest}\n", encoding="utf-8")
    return root


def said(root: Path, indicators: dict[str, Any]) -> tuple[Diagnostic, ...]:
    text = yaml.dump(indicators, allow_unicode=True, sort_keys=False, width=1000)
    (root / "content" / "indicators.yaml").write_text(text, encoding="utf-8")
    project = Project.at(root)
    return check(load(project), project).diagnostics


@pytest.mark.parametrize("name", INDICATORS)
def test_no_wrong_number_passes(copied: Path, name: str) -> None:
    usual = {(d.code, d.message) for d in said(copied, INDICATORS)}
    unseen = []
    count = 0
    for what, wrong in mutations(name):
        count += 1
        found = said(copied, {**INDICATORS, name: wrong})
        new = [d for d in found if (d.code, d.message) not in usual]
        grave = errors(new)
        if not grave and f"`{what}`" not in CHECKS:
            unseen.append(what)
    assert count >= 6
    assert not unseen


def test_what_cannot_be_seen_is_listed() -> None:
    """The list in docs/checks.md names only changes that really are made here."""
    listed = set(re.findall(r"`(\S+: (?:value|upper|base|end|unit|period|another)[^`]*)`", CHECKS))
    assert listed <= {what for name in INDICATORS for what, _ in mutations(name)}
