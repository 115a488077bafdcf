"""From a page back to the source: origins of all digits, trace, sign-off, differences."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import attr
import pypdfium2
import pytest
import sarif_om

from builder.build import build, checked
from builder.build.run import Built
from builder.cli.app import main
from builder.content.approval import approvals
from builder.content.load import load
from builder.design.edition import EMAIL
from builder.model.diagnostics import ExitCode, ReportError
from builder.model.project import Project
from builder.tools.diff.revision import take_out
from builder.tools.trace import traced
from tests.conftest import ROOT, Change

# What a digit may come from, besides an indicator. `loose` and nothing are not among them.
KNOWN = {"indicator", "about", "folio", "number", "period", "title", "source"} | {
    "year",
    "ordinal",
    "name",
    "list",
    "phrase",
}


def digits(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d", text))


def test_every_digit_of_the_pdf_has_an_origin(report: Built) -> None:
    """pdfium's text of each page against the numbers that the layout accounts for: digit by digit."""
    found = traced(Project.at(ROOT)).trace
    with pypdfium2.PdfDocument(report.path) as pdf:
        assert len(pdf) == found.pages
        for number, page in enumerate(pdf, 1):
            there = digits(page.get_textpage().get_text_bounded())
            accounted: Counter[str] = Counter()
            for standing in found.on(number):
                accounted += digits(standing.number.text)
            assert there == accounted, f"page {number}"
    kinds = Counter(one.number.kind for one in found.standings)
    assert set(kinds) <= KNOWN, kinds
    assert sum(kinds.values()) > 300
    for one in found.standings:
        assert (one.number.kind in ("indicator", "about")) == bool(one.number.names)


def test_a_number_that_a_layout_makes_up_is_said(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    page = '{% extends "_section.html" %}{% block body %}<h1>A</h1><p>42 uffici</p>{% endblock %}'
    topic = "page: letter\ntitle: A\ntext: B\n"
    place = project({"content/topics/volunteers.yaml": topic, "layouts/pages/letter.html": page})
    build(place, EMAIL, place.root / "out")
    assert main(["build", "-e", "email", "-p", str(place.root), "-q"]) == ExitCode.OK
    assert 'warning[untraced-number]: "42" in volunteers' in capsys.readouterr().err


def test_trace_of_an_indicator_a_page_and_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "soddisfazione", "-p", str(ROOT)]) == ExitCode.OK
    said = capsys.readouterr().out
    for words in ("+14 punti", "2014–2019", "content/indicators.yaml:4:1", "da 66% a 80%", "p. 11", "to verify"):
        assert words in said.replace("\u00a0", " "), words
    assert main(["trace", "page:18", "-p", str(ROOT)]) == ExitCode.OK
    said = capsys.readouterr().out
    assert re.search(r"117\.000\s+← invii", said)
    assert re.search(r"1\s+← ordinal", said)
    assert main(["trace", "117.000", "-p", str(ROOT), "--format", "json"]) == ExitCode.OK
    places = json.loads(capsys.readouterr().out)["places"]
    assert {one["page"] for one in places} == {18, 27, 29, 31}
    assert all("invii" in one["names"] for one in places)
    assert main(["trace", "soddisfazion", "-p", str(ROOT)]) == ExitCode.USAGE
    assert 'did you mean "soddisfazione"' in " ".join(capsys.readouterr().err.replace("│", "").split())


def test_the_trace_as_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "--html", str(tmp_path / "t.html"), "-p", str(ROOT)]) == ExitCode.OK
    capsys.readouterr()
    page = (tmp_path / "t.html").read_text("utf-8")
    ids = set(re.findall(r'id="([^"]+)"', page))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= ids
    assert {"soddisfazione", "page-11", "waived"} <= ids
    assert "È il periodo della programmazione europea" in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page), "it needs nothing but itself"


def test_derived_numbers_are_followed_both_ways(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    more = "both: {label: Both, kind: count, formula: {sum: [meals, meals-delivered]}, source: example}\n"
    root = project().root
    path = root / "content" / "indicators.yaml"
    path.write_text(path.read_text("utf-8") + more, encoding="utf-8")
    topic = root / "content" / "topics" / "meals.yaml"
    topic.write_text(
        topic.read_text("utf-8").replace("in {{ meals.period }}", "or {{ both }} in all"), encoding="utf-8"
    )
    assert main(["trace", "both", "-p", str(root)]) == ExitCode.OK
    assert "uses      meals, meals-delivered" in capsys.readouterr().out
    assert main(["trace", "meals", "-p", str(root)]) == ExitCode.OK
    assert "used by   both" in capsys.readouterr().out


APPROVALS = "approvals: {indicators: [Director], topics: []}\n"


def unsigned(project: Change) -> Project:
    place = project()
    path = place.content / "report.yaml"
    path.write_text(path.read_text("utf-8") + APPROVALS, encoding="utf-8")
    return place


def words(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def test_a_draft_says_so_on_each_page_until_all_have_signed(
    project: Change, capsys: pytest.CaptureFixture[str]
) -> None:
    place = unsigned(project)
    names = ["volunteers", "satisfaction", "meals", "meals-delivered", "donations"]
    built = build(place, EMAIL)
    assert all("DRAFT" in text for text in words(built.path))
    assert main(["build", "--release", "-e", "email", "-p", str(place.root)]) == ExitCode.CONTENT
    assert capsys.readouterr().err.count("error[unsigned]") == 5
    assert main(["sign", "-p", str(place.root)]) == ExitCode.OK
    assert "5 signatures wanting" in capsys.readouterr().out
    before = (place.content / "indicators.yaml").read_text("utf-8")
    assert main(["sign", *names, "--by", "Director", "--day", "2024-06-01", "-p", str(place.root)]) == ExitCode.OK
    after = (place.content / "indicators.yaml").read_text("utf-8")
    kept = [line for line in after.splitlines() if "signed:" not in line and "by: " not in line]
    assert kept == before.splitlines(), "nothing else is touched"
    assert main(["build", "--release", "-e", "email", "-p", str(place.root)]) == ExitCode.OK
    assert not any("DRAFT" in text for text in words(built.path))
    assert main(["sign", "-p", str(place.root)]) == ExitCode.OK
    assert "nothing is left to sign" in capsys.readouterr().out.splitlines()[-1]


def test_a_later_change_voids_a_signature(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    place = unsigned(project)
    assert main(["sign", "donations", "--by", "Director", "-p", str(place.root)]) == ExitCode.OK
    path = place.content / "indicators.yaml"
    path.write_text(path.read_text("utf-8").replace("value: 2\n", "value: 3\n"), encoding="utf-8")
    assert main(["check", "-p", str(place.root)]) == ExitCode.OK
    assert 'warning[void-signature]: Director signed another "donations"' in capsys.readouterr().err
    with pytest.raises(ReportError) as caught:
        build(place, EMAIL, release=True)
    assert len(caught.value.diagnostics) == 5
    assert main(["sign", "donations", "--by", "Director", "-p", str(place.root)]) == ExitCode.OK
    assert path.read_text("utf-8").count("digest:") == 1
    assert main(["sign", "donations", "--by", "Somebody", "-p", str(place.root)]) == ExitCode.USAGE
    assert "is not for Somebody to sign" in " ".join(capsys.readouterr().err.split())


def test_names_shared_and_indicators_from_tables_can_be_signed(project: Change) -> None:
    place = project(
        {
            "content/topics/donations.yaml": "title: Donations\nkey: donations\n",
            "content/more.csv": "id;label;value\nhours;Hours given;120\n",
        }
    )
    front = place.content / "report.yaml"
    source = next(iter(load(place).sources.data))  # type: ignore[arg-type]
    columns = "{id: id, label: label, value: value}"
    table = f"tables: [{{file: more.csv, columns: {columns}, all: {{kind: count, source: {source}}}}}]\n"
    front.write_text(front.read_text("utf-8") + "approvals: {indicators: ['Dott. \"Rossi\"'], topics: [X]}\n" + table)
    report = checked(place)
    for one in approvals(report, place):
        assert main(["sign", f"{one.kind}:{one.name}", "--by", one.by, "-p", str(place.root)]) == ExitCode.OK
    assert all(one.signed for one in approvals(checked(place), place))
    assert "hours:" in (place.content / "signatures.yaml").read_text("utf-8")
    front.write_text(front.read_text("utf-8").replace("2023", "2024"))


def test_signing_keeps_what_the_file_says(project: Change) -> None:
    """Line ends, byte order mark and an entry on two lines, which is refused and left as it is."""
    place = project()
    front = place.content / "report.yaml"
    front.write_text(front.read_text("utf-8") + "approvals: {indicators: [X]}\n", encoding="utf-8")
    path = place.content / "indicators.yaml"
    text = path.read_text("utf-8").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    name = next(iter(checked(place).indicators))
    assert main(["sign", f"indicator:{name}", "--by", "X", "-p", str(place.root)]) == ExitCode.OK
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n") == text.count("\r\n") + 2


def test_a_number_with_its_unit_is_told_from_others(capsys: pytest.CaptureFixture[str]) -> None:
    for words, named, other in (
        ("66%", "soddisfazione", "piccoli-comuni"),
        ("66 Mln di €", "piccoli-comuni", "soddisf"),
    ):
        assert main(["trace", words, "-p", str(ROOT)]) == ExitCode.OK
        said = capsys.readouterr().out
        assert f"← {named}" in said
        assert f"← {other}" not in said
    assert main(["trace", "articolo 66", "-p", str(ROOT)]) == ExitCode.USAGE
    assert main(["trace", "117.000", "-p", str(ROOT)]) == ExitCode.OK
    assert "mail" not in capsys.readouterr().out.split("← invii")[1]


def test_differences_of_two_projects(project: Change, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = project()
    other = tmp_path / "other"
    shutil.copytree(place.root, other)
    for name, old, new in (
        ("indicators.yaml", "value: 3100", "value: 3150"),
        ("indicators.yaml", "2024: 3100", "2024: 3150"),
        ("topics/donations.yaml", "Gifts that carry the work", "Gifts that bear the work"),
    ):
        path = other / "content" / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    page = tmp_path / "d.html"
    assert main(["diff", str(place.root), str(other), "--format", "json", "--html", str(page)]) == ExitCode.OK
    found = json.loads(capsys.readouterr().out)
    changed = {(one["name"], one["what"], one["old"], one["new"]) for one in found["numbers"]}
    assert ("meals-delivered", "value", "3100", "3150") in changed
    assert {one["name"] for one in found["numbers"]} == {"meals-delivered"}
    assert [one["name"] for one in found["figures"]] == ["Meals by year (example data)"]
    told = [w for p in found["pages"] for w in p["words"]]
    assert ["old", "carry"] in told
    assert ["new", "bear"] in told
    html = page.read_text("utf-8")
    assert html.count("data:image/webp;base64,") >= 2 * len([p for p in found["pages"] if p["looks"]])
    assert main(["diff", str(place.root), str(place.root)]) == ExitCode.OK
    assert "nothing changed" in capsys.readouterr().out


def test_differences_of_pdfs_and_moved_pages(
    project: Change, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = project()
    old = build(place, EMAIL, tmp_path / "old").path
    report = place.content / "report.yaml"
    text = report.read_text("utf-8").replace("      - volunteers\n      - satisfaction\n", "      - volunteers\n")
    report.write_text(text, encoding="utf-8")
    new = build(place, EMAIL, tmp_path / "new").path
    assert main(["diff", str(old), str(new)]) == ExitCode.OK
    said = capsys.readouterr().out
    assert "numbers are told by their pages only" in said
    assert ": gone" in said
    assert re.search(r"moved: \d+.* → \d+", said)
    assert main(["diff", str(tmp_path / "old"), str(tmp_path / "nowhere")]) == ExitCode.USAGE
    (tmp_path / "x.pdf").write_bytes(b"no pdf")
    assert main(["diff", str(old), str(tmp_path / "x.pdf")]) != ExitCode.OK
    assert "Traceback" not in capsys.readouterr().err


def test_differences_of_revisions(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    root = project().root

    def git(*arguments: str) -> None:
        who = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(root), *who, *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "one")
    path = root / "content" / "indicators.yaml"
    path.write_text(path.read_text("utf-8").replace("value: 2\n", "value: 4\n"), encoding="utf-8")
    assert main(["diff", "HEAD", "-p", str(root), "--format", "json", str(root)]) == ExitCode.OK
    found = json.loads(capsys.readouterr().out)
    assert [(one["name"], one["old"], one["new"]) for one in found["numbers"]] == [("donations", "2", "4")]
    assert main(["diff", "HEAD~9", str(root), "-p", str(root)]) == ExitCode.USAGE


SARIF = {
    "runs": sarif_om.Run,
    "tool": sarif_om.Tool,
    "driver": sarif_om.ToolComponent,
    "rules": sarif_om.ReportingDescriptor,
    "shortDescription": sarif_om.MultiformatMessageString,
    "defaultConfiguration": sarif_om.ReportingConfiguration,
    "results": sarif_om.Result,
    "message": sarif_om.Message,
    "locations": sarif_om.Location,
    "physicalLocation": sarif_om.PhysicalLocation,
    "artifactLocation": sarif_om.ArtifactLocation,
    "region": sarif_om.Region,
    "deletedRegion": sarif_om.Region,
    "logicalLocations": sarif_om.LogicalLocation,
    "fixes": sarif_om.Fix,
    "artifactChanges": sarif_om.ArtifactChange,
    "replacements": sarif_om.Replacement,
    "insertedContent": sarif_om.ArtifactContent,
    "suppressions": sarif_om.Suppression,
}


def conforms(node: object, model: type, where: str = "log") -> int:
    """Hold a SARIF object against the object model that is made from the standard's schema; returns objects seen."""
    assert isinstance(node, dict), where
    fields = {f.metadata["schema_property_name"]: f for f in model.__attrs_attrs__}  # type: ignore[attr-defined]
    seen = 1
    assert set(node) <= set(fields), (where, set(node) - set(fields))
    for name, field in fields.items():
        if field.default is attr.NOTHING:
            assert name in node, (where, name)
    for name, value in node.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                seen += conforms(one, SARIF[name], f"{where}.{name}")
    return seen


def test_sarif_is_what_the_standard_says(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    place = project({"content/topics/extra.yaml": "page: text\ntitle: It's 99... here\ntext: 'è – a'\n"})
    assert main(["check", "-p", str(place.root), "--format", "sarif"]) == ExitCode.OK
    log = json.loads(capsys.readouterr().out)
    assert conforms(log, sarif_om.SarifLog) > 60
    run = log["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for one in run["results"]:
        assert ids[one["ruleIndex"]] == one["ruleId"]
        assert one["level"] in ("error", "warning")
    fixed = next(one for one in run["results"] if one["ruleId"] == "three-dots")
    region = fixed["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]
    line = (place.content / "topics" / "extra.yaml").read_text("utf-8").splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "..."
    assert main(["check", "-p", str(ROOT), "--format", "sarif"]) == ExitCode.OK
    own = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    passed = [one["suppressions"][0]["justification"] for one in own if "suppressions" in one]
    assert passed == ["È il periodo della programmazione europea; lo dicono la frase, l’ambito e la nota."]


def test_nothing_that_a_projects_git_sets_up_is_run(project: Change, tmp_path: Path) -> None:
    place = project({"content/notes.txt": "An example.\n", ".gitattributes": "* filter=own\n"})
    ran = tmp_path / "ran"
    for words in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-qm", "one"],
    ):
        subprocess.run(["git", "-C", str(place.root), *words], check=True)
    for key in ("filter.own.smudge", "filter.own.process", "core.fsmonitor", "core.pager", "diff.external"):
        subprocess.run(["git", "-C", str(place.root), "config", key, f"touch {ran}"], check=True)
    old = take_out("HEAD", place, tmp_path / "old")
    assert not ran.exists()
    for path in place.root.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            assert (old.root / path.relative_to(place.root)).read_bytes() == path.read_bytes()


_MEALS = (
    "page: text\ntitle: Meals\nbody:\n  - {table: costs, title: Costs, file: costs.csv, unit: euro, source: example}\n"
)


def test_a_cell_that_no_text_quotes_is_traced_and_compared(
    project: Change, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = "Item;2023;2024\nRent;100;120\nStaff;2000;2100\n"
    place = project({"content/topics/meals.yaml": _MEALS, "content/costs.csv": sheet})
    assert main(["trace", "costs.staff.2024", "-p", str(place.root)]) == ExitCode.OK
    said = capsys.readouterr().out
    for words in ("2,100 euro", "Staff, 2024", "content/costs.csv:C3", "table 1, which begins on p. "):
        assert words in said, words
    other = tmp_path / "other"
    shutil.copytree(place.root, other)
    (other / "content" / "costs.csv").write_text(sheet.replace("2100", "2010"), "utf-8")
    assert main(["diff", str(place.root), str(other), "--format", "json"]) == ExitCode.OK
    changed = [(one["name"], one["old"], one["new"]) for one in json.loads(capsys.readouterr().out)["numbers"]]
    assert changed == [("costs.staff.2024", "2100", "2010")]
