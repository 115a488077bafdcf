"""Every check, on true and on false cases; severities, waivers and fixes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook

from builder.content.check import Checked, check
from builder.content.fix import mend
from builder.content.load import load
from builder.content.rules import CHECKS
from builder.model.diagnostics import Severity
from builder.model.project import Project
from tests.conftest import ROOT

CASES: dict[str, dict[str, list[dict[str, Any]]]] = yaml.safe_load(
    (ROOT / "tests" / "content" / "rules.yaml").read_text("utf-8")
)
ALL = [(code, kind, n) for code, kinds in CASES.items() for kind in ("wrong", "right") for n in range(len(kinds[kind]))]

INDICATORS = """
utenti: {label: Utenti della biblioteca, kind: count, value: 4300, period: {from: 2023}, source: bilancio}
spesa: {label: Spesa per i servizi, kind: total, value: 12, unit: million-euro, period: {from: 2021}, source: bilancio}
contributo: {label: Contributo annuo, kind: yearly-flow, value: 3, unit: million-euro, source: bilancio}
iscritti: {label: Nuovi iscritti, kind: count, value: 200, source: bilancio}
quota:
  {label: Quota di raccolta differenziata, kind: share, value: 72, unit: percent, period: {from: 2023},
   source: bilancio}
punti:
  {label: Gradimento dei servizi, kind: change-in-points, value: 9, unit: points, sign: shown,
   base: {value: 71, year: 2019}, end: {value: 80, year: 2023}, period: {from: 2019, to: 2023}, source: bilancio}
"""
REPORT = """
title: Bilancio sociale
organisation: Comune
period: {from: 2019, to: 2023}
language: it
"""
USES = "{{ spesa }}, {{ contributo }}, {{ iscritti }}, {{ quota }}, {{ punti }}"


@pytest.fixture(scope="module")
def place(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("rules") / "project"
    shutil.copytree(planted, root)
    return root


def written(root: Path, case: dict[str, Any]) -> Project:
    """The small project with one case written into it."""
    content = root / "content"
    shutil.rmtree(content)
    (content / "topics").mkdir(parents=True)
    for name, text in case.get("files", {}).items():
        (content / name).parent.mkdir(exist_ok=True)
        (content / name).write_text(text, encoding="utf-8")
    if "sheet" in case:
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.append(["Codice", "Valore", "Unità"])
        for row, (name, value, form, unit) in enumerate(case["sheet"], 2):
            sheet.append([name, value, unit])
            sheet.cell(row, 2).number_format = form
            sheet.row_dimensions[row].hidden = name in case.get("hide", ())
        book.save(content / "dati.xlsx")
    indicators = yaml.safe_load(INDICATORS)
    for name, keys in case.get("set", {}).items():
        merged = {**indicators.get(name, {}), **keys}
        indicators[name] = {key: value for key, value in merged.items() if value is not None}
    sources = {"bilancio": {"title": "Bilancio consuntivo"}, **case.get("sources", {})}
    for source in sources.values():
        if source.get("sha256") == "@":
            source["sha256"] = sha256((content / source["file"]).read_bytes()).hexdigest()
    topics = {
        "biblioteca": {
            "title": "La biblioteca piace",
            "key": "utenti",
            "lead": case.get("lead", "utenti, con la tessera"),
        },
        "dati": {
            "title": case.get("title", "I dati"),
            "page": "text",
            "text": case.get("text", "Altro."),
            "extra": {"x": USES},
        },
        **case.get("topics", {}),
    }
    if "waive" in case:
        topics["dati"]["waive"] = case["waive"]
    order = [*({"topic": name} for name in topics), {"page": "indicators"}]
    report = {**yaml.safe_load(REPORT), "order": order, **case.get("report", {})}
    if "sheet" in case:
        columns = {"id": "Codice", "value": "Valore", "unit": "Unità"}
        defaults = {"label": "Dal foglio", "kind": "total", "source": "bilancio"}
        report["tables"] = [{"file": "dati.xlsx", "columns": columns, "all": defaults}]
    for name, data in (("report", report), ("indicators", indicators), ("sources", sources)):
        _dump(content / f"{name}.yaml", data)
    for name, data in topics.items():
        _dump(content / "topics" / f"{name}.yaml", data)
    return Project.at(root)


def _dump(path: Path, data: Any) -> None:
    path.write_text(yaml.dump(data, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")


def judged(root: Path, case: dict[str, Any]) -> Checked:
    project = written(root, case)
    return check(load(project), project)


@pytest.mark.parametrize(("code", "kind", "number"), ALL, ids=[f"{c}-{k}-{n}" for c, k, n in ALL])
def test_each_check_tells_right_from_wrong(place: Path, code: str, kind: str, number: int) -> None:
    found = judged(place, CASES[code][kind][number])
    codes = [d.code for d in found.diagnostics]
    said = "\n".join(d.human() for d in found.diagnostics)
    assert (code in codes) == (kind == "wrong"), said
    for one in found.diagnostics:
        assert one.code in CHECKS or one.code == "unused-topic", said
        assert one.hint, said
        assert one.span is not None, said


def test_every_check_has_two_cases_of_each_kind() -> None:
    assert set(CASES) == set(CHECKS)
    for code, kinds in CASES.items():
        assert len(kinds["wrong"]) >= 2, code
        assert len(kinds["right"]) >= 2, code


def test_the_small_project_is_in_order(place: Path) -> None:
    assert not judged(place, {}).diagnostics


def test_severities_are_the_reports_to_say(place: Path) -> None:
    text = {"text": "Sono 99 gli utenti..."}
    usual = {d.code: d.severity for d in judged(place, text).diagnostics}
    assert usual == {"loose-number": Severity.WARNING, "three-dots": Severity.WARNING}
    graver = judged(place, {**text, "report": {"checks": {"loose-number": "error", "three-dots": "none"}}})
    assert {d.code: d.severity for d in graver.diagnostics} == {"loose-number": Severity.ERROR}
    assert graver.report is None


def test_a_waiver_needs_a_reason_and_a_check_that_there_is(place: Path) -> None:
    bare = judged(place, {"text": "Ecco...", "waive": [{"check": "three-dots", "reason": "ok"}]})
    assert "no-reason" in [d.code for d in bare.diagnostics]
    other = judged(place, {"waive": [{"check": "tre-punti", "reason": "Resta così com’è."}]})
    assert "unknown-check" in [d.code for d in other.diagnostics]
    whole = judged(place, {"text": "Ecco...", "report": {"waive": [{"check": "three-dots", "reason": "Resta così."}]}})
    assert "missing-key" in [d.code for d in whole.diagnostics]


def test_a_waiver_holds_where_it_is_given_and_for_what_it_names(place: Path) -> None:
    waive = [{"check": "loose-number", "about": "99", "reason": "Un modo di dire."}]
    found = judged(place, {"text": "Sono 99 o 98.", "waive": waive})
    assert [d.message for d in found.diagnostics] == ['"98" comes from no indicator']
    assert [(w.diagnostic.message, w.reason) for w in found.waived] == [
        ('"99" comes from no indicator', "Un modo di dire.")
    ]
    elsewhere = judged(place, {"lead": "sono 99 qui vicino", "waive": waive})
    assert sorted(d.code for d in elsewhere.diagnostics) == ["idle-waiver", "loose-number"]


def test_fixes_mend_the_yaml_and_keep_its_comments(place: Path) -> None:
    project = written(place, {})
    path = place / "content" / "topics" / "dati.yaml"
    text = (
        "# un commento che resta\ntitle: \"L'ente e la citta'\"   # e anche questo\npage: text\n"
        "text: |\n  Perche' no...  disse  \"lui\".\n\n  Sono {{ spesa.value }} Mln di €, all'anno.\n"
        "lead: 'E'' il caso dell''ente.'\nextra: {x: \"" + USES + '"}\n'
    )
    path.write_text(text, encoding="utf-8")
    for _round in range(4):
        done = mend(check(load(project), project).diagnostics, place)
        if not done:
            break
    assert path.read_text("utf-8") == (
        '# un commento che resta\ntitle: "L’ente e la città"   # e anche questo\npage: text\n'
        "text: |\n  Perché no… disse «lui».\n\n  Sono {{ spesa.value }}\u00a0Mln di €, all’anno.\n"
        "lead: 'È il caso dell’ente.'\nextra: {x: \"" + USES + '"}\n'
    )
    assert not check(load(project), project).diagnostics


def test_a_loose_number_is_told_what_it_probably_means(place: Path) -> None:
    def hints() -> Iterator[str]:
        texts = ("Sono 4.300 utenti.", "Sono quattromilatrecento, tredici.", "Dal 2019 al 2023.", "Nel 2019–2023.")
        for text in texts:
            for one in judged(place, {"text": text}).diagnostics:
                yield one.hint

    said = " | ".join(hints())
    assert "{{ utenti }}" in said
    assert "{{ report.from }}" in said
    assert "{{ report.to }}" in said
    assert "{{ report.period }}" in said
    assert "[2019]{as=year}" in said


def test_there_is_no_change_in_per_cent_from_less_than_nothing(place: Path) -> None:
    change = {"label": "Variazione", "kind": "change-in-percent", "unit": "percent", "digits": 1, "source": "bilancio"}
    for base, code in ((-100, ["formula-negative"]), (0, ["formula-zero"]), (100, [])):
        before = {"label": "Saldo prima", "kind": "count", "value": base, "source": "bilancio"}
        after = {"label": "Saldo dopo", "kind": "count", "value": 50, "source": "bilancio"}
        made = change | {"formula": {"change-in-percent": ["prima", "dopo"]}}
        found = judged(place, {"set": {"prima": before, "dopo": after, "variazione": made}})
        assert [d.code for d in found.diagnostics if d.code.startswith("formula")] == code
