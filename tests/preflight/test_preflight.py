"""Each rule has one clean file and at least one that is broken on purpose; and files that others made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import typst
from pikepdf import Array, Dictionary, Name, String
from PIL import Image
from weasyprint import HTML

from builder.build.run import Built
from builder.cli.app import main
from builder.content.printers import printer
from builder.content.yamlfile import read_yaml
from builder.design.printer import Printer
from builder.design.theme import Theme
from builder.model.diagnostics import ExitCode, Severity
from builder.model.project import Project
from builder.pdf.scan.typeset import read_font
from builder.preflight import RULES, Verdict, preflight, proof
from builder.preflight.fonts import fonts_of
from tests.conftest import PRINT, ROOT, Change

PRESS = printer("coated-fogra39", None)
FILES = ROOT / "tests" / "files"
Fault = Callable[[pikepdf.Pdf], None]


@pytest.fixture(scope="module")
def four(printed: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four pages of the report as it goes to the press: contents, a part opener, two results."""
    path = tmp_path_factory.mktemp("four") / "four.pdf"
    with pikepdf.open(printed.path) as pdf:
        keep = {2, 8, 10, 13}
        for number in reversed(range(len(pdf.pages))):
            if number not in keep:
                del pdf.pages[number]
        pdf.save(path)
    return path


@pytest.fixture
def broken(four: Path, tmp_path: Path) -> Callable[[Fault], Path]:
    def make(fault: Fault, **how: Any) -> Path:
        path = tmp_path / "broken.pdf"
        with pikepdf.open(four) as pdf:
            fault(pdf)
            pdf.save(path, **how)
        return path

    return make


def codes(verdict: Verdict, severity: Severity = Severity.ERROR) -> set[str]:
    return {one.code for one in verdict.findings if one.severity is severity}


def paint(content: str, **resources: Dictionary) -> Fault:
    """Adds content to the first page, in pt from the trim."""

    def fault(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        for kind, entries in resources.items():
            own = page.obj.Resources.get(Name("/" + kind), Dictionary())
            for key, value in entries.items():
                own[Name(key)] = value
            page.obj.Resources[Name("/" + kind)] = own
        bleed = float(page.trimbox[0])
        page.contents_add(pdf.make_stream(f"q 1 0 0 1 {bleed} {bleed} cm {content} Q".encode()))

    return fault


def text(content: str, **resources: Dictionary) -> Fault:
    """Adds text in the page's own font: `CODES` are three of its glyphs."""

    def fault(pdf: pikepdf.Pdf) -> None:
        font = next(iter(pdf.pages[0].obj.Resources.XObject.Page0.Resources.Font.values()))
        code = f"<{next(code for code, letter in read_font(font).letters.items() if letter.strip()):04x}>"
        paint(content.replace("CODES", code), Font=Dictionary(F=font), **resources)(pdf)

    return fault


def stream(content: bytes, **entries: Any) -> Callable[[pikepdf.Pdf], Any]:
    return lambda pdf: pdf.make_stream(content, **entries)


def painted(content: str, kind: str, make: Callable[[pikepdf.Pdf], Any]) -> Fault:
    return lambda pdf: paint(content, **{kind: Dictionary(X=make(pdf))})(pdf)


def picture(width: int, height: int, space: Any, data: bytes | None = None) -> Callable[[pikepdf.Pdf], Any]:
    channels = 3 if space == Name.DeviceRGB else 4
    return stream(
        data or b"\x20" * (width * height * channels),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=space,
        BitsPerComponent=8,
    )


def on_root(key: str, value: Any) -> Fault:
    def fault(pdf: pikepdf.Pdf) -> None:
        pdf.Root[Name("/" + key)] = value

    return fault


def without(*keys: str) -> Fault:
    def fault(pdf: pikepdf.Pdf) -> None:
        for key in keys:
            del pdf.Root[Name("/" + key)]

    return fault


def each_page(change: Callable[[Any], None]) -> Fault:
    def fault(pdf: pikepdf.Pdf) -> None:
        change(pdf.pages[1].obj)

    return fault


def no_trim(page: Any) -> None:
    del page.TrimBox


def small_bleed(page: Any) -> None:
    a, b, c, d = (float(v) for v in page.TrimBox)
    page.BleedBox = Array([a - 3, b - 3, c + 3, d + 3])


def no_media_round_the_bleed(page: Any) -> None:
    page.MediaBox = page.TrimBox


def another_size(page: Any) -> None:
    page.TrimBox = Array([9, 9, 429, 604])


def turned(page: Any) -> None:
    page.Rotate = 90


def annotated(page: Any) -> None:
    page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]))])


def annotation_in_rgb(pdf: pikepdf.Pdf) -> None:
    look = pdf.make_stream(b"1 0 0 rg 0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    note = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([0, 0, 9, 9]), AP=Dictionary(N=look))
    pdf.pages[0].obj.Annots = Array([note])


def form_in_rgb(pdf: pikepdf.Pdf) -> None:
    inner = pdf.make_stream(b"0 0 1 RG 0 0 m 9 9 l S", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    outer = pdf.make_stream(
        b"/In Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], Resources={"/XObject": {"/In": inner}}
    )
    paint("/X Do", XObject=Dictionary(X=outer))(pdf)


def pattern_in_rgb(pdf: pikepdf.Pdf) -> None:
    tile = pdf.make_stream(
        b"0 1 0 rg 0 0 5 5 re f",
        Type=Name.Pattern,
        PatternType=1,
        PaintType=1,
        TilingType=1,
        BBox=[0, 0, 9, 9],
        XStep=9,
        YStep=9,
        Resources=Dictionary(),
    )
    paint("/Pattern cs /X scn 100 100 90 90 re f", Pattern=Dictionary(X=tile))(pdf)


def shading(space: Name, count: int) -> Dictionary:
    blend = Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=Array([0] * count), C1=Array([1] * count))
    return Dictionary(ShadingType=2, ColorSpace=space, Coords=[0, 0, 90, 0], Function=blend)


def mask_in_rgb(pdf: pikepdf.Pdf) -> None:
    group = pdf.make_stream(
        b"1 1 0 rg 0 0 9 9 re f",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=[0, 0, 9, 9],
        Group=Dictionary(S=Name.Transparency, CS=Name.DeviceRGB),
    )
    state = Dictionary(SMask=Dictionary(Type=Name.Mask, S=Name.Luminosity, G=group))
    paint("/X gs 0 0 0 0.5 k 9 9 9 9 re f", ExtGState=Dictionary(X=state))(pdf)


def blank(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.Contents = pdf.make_stream(b"")


def fonts(pdf: pikepdf.Pdf) -> Iterator[Any]:
    yield from pdf.pages[0].obj.Resources.XObject.Page0.Resources.Font.values()


def font_left_out(pdf: pikepdf.Pdf) -> None:
    descriptor = next(fonts(pdf)).DescendantFonts[0].FontDescriptor
    for key in (Name.FontFile2, Name.FontFile3):
        if key in descriptor:
            del descriptor[key]


def whole_font(pdf: pikepdf.Pdf) -> None:
    next(fonts(pdf)).BaseFont = Name("/Titillium-Web")


def wrong_condition(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OutputIntents[0].OutputConditionIdentifier = String("CGATS TR 001")


def no_registry(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents[0].RegistryName


def no_profile(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents[0].DestOutputProfile


def screen_profile(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_stream(b"\0" * 200, N=3)


def not_trapped(pdf: pikepdf.Pdf) -> None:
    del pdf.docinfo[Name.Trapped]


def another_title(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo[Name.Title] = String("Another title")


def another_date(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo[Name.ModDate] = String("D:19990101000000Z")


def broken_xmp(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Metadata = pdf.make_stream(b"<not xml", Type=Name.Metadata, Subtype=Name.XML)


def another_version(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        xmp["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] = "PDF/X-6"


def stencil_of_few_points(pdf: pikepdf.Pdf) -> Any:
    return pdf.make_stream(
        b"\xaa" * 200,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=40,
        Height=40,
        ImageMask=True,
        BitsPerComponent=1,
    )


def same_name_twice(pdf: pikepdf.Pdf) -> None:
    found = [font for page in pdf.pages for font in fonts_of(page)]
    different = {font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes(): font for font in found}
    for font in list(different.values())[:2]:
        font.BaseFont = Name("/AAAAAA+One")


def another_press(pdf: pikepdf.Pdf) -> None:
    other = printer("uncoated-fogra29", None).icc
    assert other is not None
    pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_stream(other.read_bytes(), N=4)


def two_presses(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0])


OVER = Dictionary(OP=True, op=True, OPM=1)
FAULTS: list[tuple[str, Fault]] = [
    ("readable", paint("/Nowhere Do")),
    ("inks", paint("1 0 0 rg 100 100 50 50 re f")),
    ("inks", paint("0.2 0.4 0.6 RG 2 w 100 100 m 200 200 l S")),
    ("inks", paint("/DeviceRGB cs 1 0 0 sc 100 100 50 50 re f")),
    ("inks", text("BT /F 12 Tf 0 0 0 rg 200 200 Td CODES Tj ET")),
    ("inks", form_in_rgb),
    ("inks", pattern_in_rgb),
    ("inks", mask_in_rgb),
    ("inks", annotation_in_rgb),
    ("inks", paint("/X sh", Shading=Dictionary(X=shading(Name.DeviceRGB, 3)))),
    ("inks", painted("q 90 0 0 90 100 100 cm /X Do Q", "XObject", picture(400, 400, Name.DeviceRGB))),
    ("inks", paint("q 9 0 0 9 99 99 cm BI /W 1 /H 1 /BPC 8 /CS /RGB ID abc EI Q")),
    ("inks", paint("/L cs 50 9 9 sc 9 9 9 9 re f", ColorSpace=Dictionary(L=[Name.Lab, {"/WhitePoint": [1, 1, 1]}]))),
    (
        "inks",
        lambda pdf: paint(
            "/P cs 1 0 0 sc 9 9 9 9 re f",
            ColorSpace=Dictionary(P=Array([Name.ICCBased, pdf.make_stream(b"", N=3)])),
        )(pdf),
    ),
    (
        "spot-colour",
        paint(
            "/S cs 1 scn 100 100 50 50 re f",
            ColorSpace=Dictionary(
                S=[
                    Name.Separation,
                    Name("/PANTONE 485 C"),
                    Name.DeviceCMYK,
                    _tint := Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=[0, 0, 0, 0], C1=[0, 1, 1, 0]),
                ]
            ),
        ),
    ),
    (
        "spot-colour",
        paint("/S cs 1 scn 9 9 9 9 re f", ColorSpace=Dictionary(S=[Name.Separation, Name.All, Name.DeviceCMYK, _tint])),
    ),
    ("total-ink", paint("1 1 1 0.5 k 100 100 50 50 re f")),
    (
        "total-ink",
        painted("q 40 0 0 40 100 100 cm /X Do Q", "XObject", picture(200, 200, Name.DeviceCMYK, b"\xff" * 160000)),
    ),
    ("black-text", text("BT /F 12 Tf 0.7 0.65 0.6 0.9 k 200 200 Td CODES Tj ET")),
    ("black-text", text("1 0 0 0 k 90 90 300 300 re f BT /F 12 Tf 0 0 0 1 k 200 200 Td CODES Tj ET")),
    (
        "white-overprint",
        text("/O gs BT /F 12 Tf 0 0 0 0 k 200 200 Td CODES Tj ET", ExtGState=Dictionary(O={"/OP": True, "/OPM": 1})),
    ),
    ("reaches-bleed", paint("0 0.9 0.9 0 k 0 300 200 100 re f")),
    ("reaches-bleed", paint("0.5 0 0 0 k 300 -2 200 100 re f")),
    ("safety-margin", text("BT /F 10 Tf 0.2 1 1 0 k 2 400 Td CODES Tj ET")),
    ("safety-margin", text("BT /F 10 Tf 0.2 1 1 0 k 200 834 Td CODES Tj ET")),
    ("resolution", painted("q 300 0 0 300 100 100 cm /X Do Q", "XObject", picture(300, 300, Name.DeviceCMYK))),
    ("thin-line", paint("0.1 w 0 0 0 1 K 100 100 m 300 100 l S")),
    ("thin-line", paint("0 w 0 0 0 1 K 100 100 m 300 100 l S")),
    ("thin-line", paint("0 0 0 1 k 100 100 200 0.1 re f")),
    ("thin-line", paint("0.3 w 0 0 0 0.4 K 100 100 m 300 100 l S")),
    ("thin-line", paint("1 0 0 0 k 90 90 300 90 re f 0.3 w 0 0 0 0 K 100 100 m 300 100 l S")),
    ("small-type", text("BT /F 4 Tf 1 0 0 0 k 200 200 Td CODES Tj ET")),
    ("small-type", text("1 0 0 0 k 90 90 300 300 re f BT /F 6.5 Tf 0 0 0 0 k 200 200 Td CODES Tj ET")),
    ("boxes", each_page(no_trim)),
    ("boxes", each_page(small_bleed)),
    ("boxes", each_page(no_media_round_the_bleed)),
    ("page-size", each_page(another_size)),
    ("page-size", each_page(turned)),
    ("page-count", lambda pdf: pdf.pages.__delitem__(0)),
    ("fonts", font_left_out),
    ("output-intent", without("OutputIntents")),
    ("output-intent", wrong_condition),
    ("output-intent", no_registry),
    ("output-intent", no_profile),
    ("output-intent", screen_profile),
    ("metadata", without("Metadata")),
    ("metadata", not_trapped),
    ("metadata", another_title),
    ("metadata", another_date),
    ("metadata", broken_xmp),
    ("metadata", another_version),
    ("extras", each_page(annotated)),
    ("extras", on_root("OCProperties", Dictionary(OCGs=Array()))),
    ("extras", on_root("OpenAction", Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))),
    ("extras", on_root("AcroForm", Dictionary(Fields=Array()))),
    ("extras", on_root("Names", Dictionary(JavaScript=Dictionary(Names=Array())))),
    ("extras", on_root("Names", Dictionary(EmbeddedFiles=Dictionary(Names=Array())))),
]


def test_the_clean_file_is_clean(four: Path) -> None:
    verdict = preflight(four, PRESS)
    assert verdict.findings == ()
    assert verdict.pages == 4
    assert 200 < (verdict.ink or 0) <= 300


@pytest.mark.parametrize(("code", "fault"), FAULTS, ids=[f"{code}-{n}" for n, (code, _) in enumerate(FAULTS)])
def test_each_fault_is_found(broken: Callable[..., Path], code: str, fault: Fault) -> None:
    verdict = preflight(broken(fault), PRESS)
    assert code in codes(verdict)
    for one in verdict.findings:
        assert one.message
        assert one.remedy
        assert one.source


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("fonts", whole_font),
        ("blank-page", blank),
        ("resolution", painted("q 90 0 0 90 100 100 cm /X Do Q", "XObject", picture(1500, 1500, Name.DeviceCMYK))),
        ("resolution", painted("q 90 0 0 90 100 100 cm /X Do Q", "XObject", picture(320, 320, Name.DeviceCMYK))),
    ],
)
def test_each_doubt_is_told(broken: Callable[..., Path], code: str, fault: Fault) -> None:
    verdict = preflight(broken(fault), PRESS)
    assert code in codes(verdict, Severity.WARNING)


@pytest.mark.parametrize(
    "fault",
    [
        text("BT /F 72 Tf 0 0 0 1 k 200 200 Td CODES Tj ET"),  # black, knocked out of bare paper
        text("/O gs BT /F 12 Tf 1 g 200 200 Td CODES Tj ET", ExtGState=Dictionary(O=OVER)),  # grey always knocks out
        text("BT /F 4 Tf 3 Tr 0 0 0 1 k 200 200 Td CODES Tj ET"),  # text that is not painted
        paint("1 w 0 0 0 1 K 0 0 0 1 k 100 100 m 300 100 l B"),  # a line of an SVG, which is filled too
        paint("q 1 0 0 RG 0.01 w Q"),  # a colour that paints nothing
    ],
)
def test_what_is_no_fault(broken: Callable[..., Path], fault: Fault) -> None:
    assert preflight(broken(fault), PRESS).findings == ()


def test_transparency_is_a_fault_only_where_the_version_forbids_it(broken: Callable[..., Path]) -> None:
    fault = paint("/X gs 0 1 1 0 k 200 200 90 90 re f", ExtGState=Dictionary(X=Dictionary(ca=0.5)))
    old = Printer.model_construct(**{**dict(PRESS), "pdfx": "PDF/X-1a:2003"})
    assert "transparency" not in codes(preflight(broken(fault), PRESS))
    assert "transparency" in codes(preflight(broken(fault), old))


def test_an_encrypted_file(broken: Callable[..., Path]) -> None:
    free = broken(lambda _: None, encryption=pikepdf.Encryption(owner="secret", user=""))
    assert "extras" in codes(preflight(free, PRESS))
    locked = broken(lambda _: None, encryption=pikepdf.Encryption(owner="secret", user="word"))
    assert codes(preflight(locked, PRESS)) == {"readable"}


def test_every_rule_is_broken_here() -> None:
    warned = {"blank-page"}
    assert {rule.code for rule in RULES} == {code for code, _ in FAULTS} | warned | {"transparency"}


def test_the_same_fault_of_many_pages_is_said_once(broken: Callable[..., Path]) -> None:
    def fault(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            page.contents_add(pdf.make_stream(b"1 0 0 rg 100 100 50 50 re f"))

    found = [one for one in preflight(broken(fault), PRESS).findings if one.code == "inks"]
    assert [one.pages for one in found] == [(1, 2, 3, 4)]
    assert found[0].diagnostic().message.startswith("pages 1–4: areas in RGB")
    assert found[0].place is not None


# Files that others made


def of_weasyprint(path: Path) -> None:
    """WeasyPrint's own label, on a page in RGB with a screen picture."""
    shot = BytesIO()
    Image.new("RGB", (60, 60), (200, 30, 30)).save(shot, "PNG")
    (path.parent / "shot.png").write_bytes(shot.getvalue())
    html = '<title>x</title><h1 style="color: #d43d20">Mandato</h1><p>Testo nero</p><img src="shot.png" width="300">'
    HTML(string=html, base_url=str(path.parent) + "/").write_pdf(path, pdf_variant="pdf/x-4")


def of_typst(path: Path) -> None:
    source = path.with_suffix(".typ")
    source.write_text("#set page(width: 210mm, height: 297mm)\n= Mandato\nTesto nero, #text(red)[rosso].\n", "utf-8")
    typst.compile(source, output=path)


def of_chromium(path: Path) -> None:
    path.write_bytes((FILES / "chromium.pdf").read_bytes())


@pytest.mark.parametrize("make", [of_weasyprint, of_typst, of_chromium])
def test_files_of_other_tools(make: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "other.pdf"
    make(path)
    found = codes(preflight(path, PRESS))
    assert {"inks", "boxes", "page-count"} <= found
    assert {"output-intent", "metadata"} & found
    assert "readable" not in found


def hollow(path: Path) -> None:
    path.write_bytes(b"")


def noise(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)


def picture_named_pdf(path: Path) -> None:
    Image.new("RGB", (9, 9)).save(path, "PNG")


def without_pages(path: Path) -> None:
    pikepdf.new().save(path)


def endless(path: Path) -> None:
    """A form that paints itself."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        form = pdf.make_stream(b"/X Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
        form.Resources = Dictionary(XObject=Dictionary(X=form))
        page.obj.Resources = Dictionary(XObject=Dictionary(X=form))
        page.obj.Contents = pdf.make_stream(b"/X Do")
        pdf.save(path)


def vast(path: Path) -> None:
    """Pages as large as PDF allows, and a number of them."""
    with pikepdf.new() as pdf:
        for _ in range(40):
            pdf.add_blank_page(page_size=(14400, 14400))
        pdf.save(path)


def mistyped(path: Path) -> None:
    """Entries of the wrong type."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Array([1, 2])
        page.obj.Annots = Name.Nothing
        page.obj.TrimBox = Array([1, 2])
        page.obj.Rotate = String("left")
        pdf.Root.OutputIntents = Name.None_
        page.obj.Contents = pdf.make_stream(b"1 0 0 rg (a) Tj 0 0 re f [1 2 BT /F1 Tf")
        pdf.save(path)


@pytest.mark.parametrize("make", [hollow, noise, picture_named_pdf, without_pages, endless, vast, mistyped])
def test_no_file_brings_it_down(
    make: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.pdf"
    make(path)
    assert main(["preflight", str(path)]) == ExitCode.PREFLIGHT
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_that_breaks_off(four: Path, tmp_path: Path) -> None:
    whole = four.read_bytes()
    for part in (0.2, 0.5, 0.9, 0.99):
        path = tmp_path / "cut.pdf"
        path.write_bytes(whole[: int(len(whole) * part)])
        assert not preflight(path, PRESS).good


def test_bytes_changed_at_random(four: Path, tmp_path: Path) -> None:
    """Whatever a damaged file says, it is told in findings."""
    import random

    whole = four.read_bytes()
    dice = random.Random(3)
    for _ in range(12):
        data = bytearray(whole)
        for _ in range(60):
            data[dice.randrange(len(data))] = dice.randrange(256)
        path = tmp_path / "random.pdf"
        path.write_bytes(data)
        preflight(path, PRESS)


# On the command line


def test_the_command_in_both_forms(four: Path, broken: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preflight", str(four), "-p", str(ROOT)]) == ExitCode.OK
    assert "structure checked against coated-fogra39: 4 pages, highest ink" in capsys.readouterr().out
    path = broken(paint("1 0 0 rg 100 100 50 50 re f"))
    assert main(["preflight", str(path), "--format", "json"]) == ExitCode.PREFLIGHT
    said = json.loads(capsys.readouterr().out)
    assert said["passed"] is False
    assert said["checked"] == "structure checked, not certified"
    one = next(f for f in said["findings"] if f["rule"] == "inks")
    assert one["pages"] == [1]
    assert one["value"] == "1.00 0.00 0.00"
    assert one["source"].startswith("ISO 15930")
    assert one["place_mm"] == [pytest.approx(35.3, abs=0.1), pytest.approx(244.1, abs=0.1)]


def test_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preflight", str(tmp_path / "none.pdf")]) == ExitCode.USAGE
    assert main(["preflight", str(FILES / "chromium.pdf"), "--printer", "coated-fogra93"]) == ExitCode.USAGE
    assert 'did you mean "coated-fogra39"?' in capsys.readouterr().err


def test_without_ghostscript(four: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["preflight", str(four)]) == ExitCode.MISSING_TOOL
    assert "ghostscript" in capsys.readouterr().err
    assert main(["preflight", str(four), "--printer", "office"]) != ExitCode.MISSING_TOOL


def test_a_build_that_fails_writes_nothing(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    place = project({"layouts/styles/9-own.css": ".folio, p { font-size: 3pt !important }\n"})
    assert main(["build", "-p", str(place.root)]) == ExitCode.PREFLIGHT
    said = capsys.readouterr()
    assert "error[small-type]" in said.err
    assert "structure checked" not in said.out
    assert [p.name for p in place.output.iterdir()] == []


# Rules on every edition of this tool


@pytest.fixture(scope="module")
def theme() -> Theme:
    return Theme.model_validate(read_yaml(ROOT / "layouts" / "theme.yaml", "theme.yaml", []).data)


def a_font_of_the_system(pdf: pikepdf.Pdf) -> None:
    font = next(iter(pdf.pages[0].obj.Resources.Font.values()))
    font.BaseFont = Name("/ABCDEF+DejaVu-Sans")


def a_font_outside_the_file(pdf: pikepdf.Pdf) -> None:
    font = next(iter(pdf.pages[0].obj.Resources.Font.values()))
    for key in (Name.FontFile2, Name.FontFile3):
        if key in font.DescendantFonts[0].FontDescriptor:
            del font.DescendantFonts[0].FontDescriptor[key]


def a_link_to_nowhere(pdf: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), Dest=String("nowhere"))
    pdf.pages[3].obj.Annots = Array([pdf.make_indirect(link)])


def another_page_size(pdf: pikepdf.Pdf) -> None:
    pdf.pages[4].mediabox = Array([0, 0, 500, 700])


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (a_font_of_the_system, "foreign-font"),
        (a_font_outside_the_file, "font-not-embedded"),
        (a_link_to_nowhere, "dead-link"),
        (another_page_size, "page-size"),
    ],
)
def test_each_fault_of_an_edition_is_found(report: Built, theme: Theme, fault: Fault, code: str) -> None:
    from builder.design.edition import EMAIL

    with pikepdf.open(report.path) as pdf:
        assert proof(pdf, theme, EMAIL) == ()
        fault(pdf)
        assert code in {d.code for d in proof(pdf, theme, EMAIL)}


def test_a_font_of_the_system_stops_the_build(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    place: Project = project({"layouts/styles/9-own.css": "p { font-family: 'DejaVu Sans', monospace; }\n"})
    assert main(["build", "-p", str(place.root)]) == ExitCode.PREFLIGHT
    assert "foreign-font" in capsys.readouterr().err
    assert not list(place.output.glob("*.pdf"))
    assert PRINT.printer is not None


def test_what_stands_before_the_pdf_is_not_painted_in_its_place(tmp_path: Path) -> None:
    """Ghostscript takes such a file for PostScript: what it paints would be measured, and not the pages."""
    base = tmp_path / "base.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(base)
    (tmp_path / "both.pdf").write_bytes(b"%!PS-Adobe-3.0\nshowpage quit\n" + base.read_bytes())
    found = preflight(tmp_path / "both.pdf", printer("coated-fogra39", None)).findings
    assert [one.code for one in found] == ["readable"]


def test_no_name_of_a_file_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """%pipe% is a device of Ghostscript's, which runs what follows (Ghostscript, "Using Ghostscript": file names)."""
    monkeypatch.chdir(tmp_path)
    name = Path("%pipe%touch ran; x.pdf")
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(name)
    preflight(name, printer("coated-fogra39", None))
    assert not (tmp_path / "ran").exists()
