"""The data inside the archive edition, read back and held against the YAML number by number."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
import yaml
from pikepdf import Name

from builder.build import build, builds
from builder.build.run import Built
from builder.cli.app import main
from builder.design.edition import ARCHIVE, EMAIL
from builder.model.diagnostics import ReportError
from builder.model.project import Project
from builder.pages import PRELOAD
from builder.pages.layout_queue import LayoutQueue, Programs
from builder.pages.setting import Setting
from builder.runtime.presses import Presses
from builder.runtime.workers import Workers
from builder.tools.data import extract, read
from tests import verapdf
from tests.conftest import ROOT, Change
from tests.drawn import texts


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(Project.at(ROOT), ARCHIVE, tmp_path_factory.mktemp("archive"))


def files(built: Built) -> dict[str, bytes]:
    found = read(built.path)
    assert found.diagnostics == ()
    return {one.name: one.data for one in found.files}


def numbers_in_yaml() -> dict[str, dict[str, str | None]]:
    """Every number of every indicator, as it is written."""
    registered = yaml.load((ROOT / "content" / "indicators.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    found = {}
    for name, entry in registered.items():
        base, end, period = entry.get("base", {}), entry.get("end", {}), entry.get("period", {})
        found[name] = {
            "value": entry.get("value"),
            "upper": entry.get("upper"),
            "base": base.get("value"),
            "base_year": base.get("year"),
            "end": end.get("value"),
            "end_year": end.get("year"),
            "period_from": period.get("from"),
            "period_to": period.get("to", period.get("from")),
        }
    return found


def test_the_table_is_the_yaml_number_by_number(archive: Built) -> None:
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(files(archive)["indicators.csv"].decode()))}
    expected = numbers_in_yaml()
    assert list(rows) == list(expected)
    for name, numbers in expected.items():
        withheld = rows[name]["status"] == "withheld"
        for key, written in numbers.items():
            assert rows[name][key] == ("" if written is None or withheld else written), (name, key)


def test_the_json_is_the_yaml_number_by_number(archive: Built) -> None:
    whole = json.loads(files(archive)["report.json"], parse_float=Decimal, parse_int=Decimal)
    for entry in whole["indicators"]:
        for key, written in numbers_in_yaml()[entry["id"]].items():
            withheld = entry["status"] == "withheld"  # from the page, and from the data
            assert entry.get(key) == (None if written is None or withheld else Decimal(written)), (entry["id"], key)


def test_the_pages_are_those_on_which_the_number_stands(archive: Built) -> None:
    pages = texts(archive.path)
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(files(archive)["indicators.csv"].decode()))}
    for name, words in (("soddisfazione", "+14"), ("consulenze", "1.600"), ("uffici-tecnici", "300")):
        own = [int(page) for page in rows[name]["pages"].split()]
        assert own == [n for n, text in enumerate(pages, 1) if words in text], name
    assert rows["fondi-commercio"]["pages"] == ""


def test_the_figures_data_are_there(archive: Built) -> None:
    rows = list(csv.DictReader(io.StringIO(files(archive)["figures.csv"].decode())))
    first = [(row["what"], row["year"], row["value"], row["unit"]) for row in rows if row["figure"] == "1"]
    assert first == [("base", "2014", "66", "percent"), ("end", "2019", "80", "percent"), ("value", "", "14", "points")]
    assert {row["figure"] for row in rows} == {str(n) for n in range(1, 8)}


def test_the_columns_are_described(archive: Built) -> None:
    own = files(archive)
    for table in json.loads(own["csv-metadata.json"])["tables"]:
        header = own[table["url"]].decode().split("\r\n")[0].split(",")
        assert [column["name"] for column in table["tableSchema"]["columns"]] == header


def test_the_receipt_names_every_input(archive: Built) -> None:
    receipt = json.loads(files(archive)["receipt.json"])
    inputs = set(receipt["inputs"])
    assert {
        "content/report.yaml",
        "layouts/theme.yaml",
        "layouts/pages/result.html",
        "layouts/styles/1-book.css",
    } <= inputs
    assert {f"content/topics/{p.name}" for p in (ROOT / "content" / "topics").glob("*.yaml")} <= inputs
    assert any(name.startswith("fonts/") for name in inputs)
    assert receipt["libraries"]["weasyprint"] == "70.0"


def test_each_file_has_its_relationship(archive: Built) -> None:
    with pikepdf.open(archive.path) as pdf:
        assert {str(spec.F): str(spec.AFRelationship) for spec in pdf.Root.AF} == {
            "indicators.csv": "/Data",
            "figures.csv": "/Data",
            "report.json": "/Data",
            "csv-metadata.json": "/Supplement",
            "receipt.json": "/Supplement",
        }


def test_verapdf_passes_the_archive(archive: Built) -> None:
    assert verapdf.failures(archive.path, "3a") == []
    assert verapdf.failures(archive.path, "ua1") == []


def embed(pdf: pikepdf.Pdf, key: str, name: str) -> None:
    data = key.encode()
    pdf.attachments[key] = pikepdf.AttachedFileSpec(
        pdf, data, description="", filename=name, mime_type="text/plain", creation_date="", mod_date=""
    )


def test_a_changed_file_is_found(archive: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", str(archive.path)]) == 0
    with pikepdf.open(archive.path) as pdf:
        stream = pdf.attachments["indicators.csv"].obj.EF.F
        stream.write(stream.read_bytes().replace(b",14,", b",41,"))
        pdf.save(tmp_path / "changed.pdf")
    assert main(["data", str(tmp_path / "changed.pdf")]) == 4
    assert "indicators.csv is not what" in capsys.readouterr().err
    with pikepdf.open(archive.path) as pdf:
        del pdf.attachments["figures.csv"]
        embed(pdf, "more.txt", "more.txt")
        pdf.save(tmp_path / "other.pdf")
    codes = {d.code for d in read(tmp_path / "other.pdf").diagnostics}
    assert codes == {"lost-file", "foreign-file"}


def test_extracting_stays_in_its_folder(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        embed(pdf, "a", "../../outside.txt")
        embed(pdf, "b", "c:\\windows\\outside.txt")
        pdf.save(tmp_path / "hostile.pdf")
    written = extract(read(tmp_path / "hostile.pdf").files, tmp_path / "out")
    assert {path.parent for path in written} == {tmp_path / "out"}
    assert {path.read_bytes() for path in written} == {b"a", b"b"}
    with pytest.raises(ReportError, match="already"):
        extract(read(tmp_path / "hostile.pdf").files, tmp_path / "out")


def test_a_file_that_is_no_pdf_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.pdf").write_bytes(b"no")
    assert main(["data", str(tmp_path / "x.pdf")]) == 4
    assert "cannot be read" in capsys.readouterr().err


def test_editions_for_screens_are_laid_out_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    laid: list[Setting] = []
    own = LayoutQueue.__init__

    def counted(self: LayoutQueue, presses: Presses, setting: Setting, programs: Programs) -> None:
        laid.append(setting)
        own(self, presses, setting, programs)

    monkeypatch.setattr(LayoutQueue, "__init__", counted)
    with Presses(Workers(PRELOAD)) as presses:
        one = list(builds(Project.at(ROOT), [EMAIL], tmp_path, presses))
        assert len(laid) == 1
        both = list(builds(Project.at(ROOT), [EMAIL, ARCHIVE], tmp_path, presses))
    assert len(laid) == 2
    assert [b.pages for b in both] == [one[0].pages] * 2


def test_the_mailed_edition_has_nothing_inside(report: Built) -> None:
    with pikepdf.open(report.path) as pdf:
        assert len(pdf.attachments) == 0
        assert Name.AF not in pdf.Root


def strings(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Everything that is written in a PDF and not painted: tags, links, bookmarks, metadata, files inside."""
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary):
            yield from (str(value) for value in one.values() if isinstance(value, pikepdf.String))
    yield from (file.get_file().read_bytes().decode("utf-8", "replace") for file in pdf.attachments.values())


def test_a_page_that_a_text_names_has_its_number_in_every_output(project: Change) -> None:
    """Quoted wherever a text may name a page: printed, read aloud, in bookmarks, in the data."""
    see = "see page {{ page:donations }}"
    place = project(
        {
            "content/topics/meals.yaml": f'title: Meals\nkey: meals\nlead: "{see}"\ntext: "{see}"\nfigure:\n'
            f'  {{kind: lines, indicators: [meals], title: "Meals, {see}", note: "{see}", alt: "Lines, {see}"}}\n'
        }
    )
    order = place.content / "report.yaml"
    said = (
        order.read_text("utf-8")
        .replace("method: ", f"method: {see}. ")
        .replace("colophon: |\n", f"colophon: |\n  {see}\n\n")
    )
    order.write_text(said, encoding="utf-8")
    built = build(place, ARCHIVE)
    with pikepdf.open(built.path) as pdf:
        where = pdf.Root.Names.Dests.Names
        target = next(where[n + 1][0] for n in range(0, len(where), 2) if str(where[n]) == "donations")
        page = next(n for n, one in enumerate(pdf.pages, 1) if one.obj.objgen == target.objgen)
        written = "\n".join(strings(pdf))
    printed = " ".join(" ".join(texts(built.path)).split())
    for text, least in ((written, 3), (printed, 6)):
        named = re.findall(r"see page\s+(\d+|\S*)", text)
        assert len(named) >= least, text
        assert set(named) == {str(page)}
        assert not re.search("[\ue000-\ue0ff]", text)
