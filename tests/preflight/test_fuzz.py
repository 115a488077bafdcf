"""Any PDF gets a verdict: content streams of random operators, and files in which random bytes were changed."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import pikepdf
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from builder.content.printers import printer
from builder.pdf.scan import scan
from builder.preflight import Verdict, preflight
from tests.conftest import ROOT, examples

OFFICE = printer("office", None)  # no inks: Ghostscript has its own fuzzers
SAMPLE = (ROOT / "tests" / "files" / "chromium.pdf").read_bytes()
# ISO 32000-1, annex A; and one that is none.
OPERATORS = (
    *("b", "B", "b*", "B*", "BDC", "BI", "BMC", "BT", "BX", "c", "cm", "CS", "cs", "d", "d0", "d1", "Do", "DP", "EI"),
    *("EMC", "ET", "EX", "f", "F", "f*", "G", "g", "gs", "h", "i", "ID", "j", "J", "K", "k", "l", "m", "M", "MP", "n"),
    *("q", "Q", "re", "RG", "rg", "ri", "s", "S", "SC", "sc", "SCN", "scn", "sh", "T*", "Tc", "Td", "TD", "Tf", "Tj"),
    *("TJ", "TL", "Tm", "Tr", "Ts", "Tw", "Tz", "v", "w", "W", "W*", "y", "'", '"', "nonsense"),
)
NUMBERS = st.one_of(
    st.integers(-300, 300).map(str),
    st.sampled_from(
        ["0", "1", "-1", "1" + "0" * 30, "-9999999999999999999", "4294967296", "1e5", "--3", ".", "0.0001"]
    ),
    st.decimals(-1000, 1000, places=3, allow_nan=False).map(str),
)
NAMES = st.sampled_from(
    [
        "/F1",
        "/F2",
        "/Form",
        "/Ring",
        "/Odd",
        "/Tile",
        "/Shade",
        "/State",
        "/DeviceCMYK",
        "/Pattern",
        "/Spot",
        "/ICC",
        "/Nowhere",
    ]
)
OPERANDS = st.recursive(
    st.one_of(NUMBERS, NAMES, st.binary(max_size=8).map(lambda data: f"<{data.hex()}>"), st.just("null")),
    lambda inner: st.lists(inner, max_size=4).map(lambda items: f"[{' '.join(items)}]"),
    max_leaves=6,
)
LINES = st.tuples(st.lists(OPERANDS, max_size=7), st.sampled_from(OPERATORS)).map(
    lambda one: " ".join([*one[0], one[1]])
)
PROGRAMS = st.lists(LINES, max_size=40).map("\n".join)


# What the form paints at its end, after whatever its program did.
MARK = (0.123,)
ENTERED = b"\nQ Q Q Q ET EMC 0.123 g 1 1 2 2 re f"


def odd_book(program: str) -> pikepdf.Pdf:
    """A page that runs the program, with resources of every kind; some paint themselves, or are not what they say."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 300))
    content = program.encode()
    form = pdf.make_stream(content + ENTERED, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 10, 10]))
    odd = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 10, "x"]))
    ring = pdf.make_stream(b"/Ring Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 10, 10]))
    ring.Resources = Dictionary(XObject=Dictionary(Ring=ring))
    tile = pdf.make_stream(content, PatternType=1, PaintType=1, XStep=0, YStep=0, BBox=Array([0, 0, 5, 5]))
    drawn = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type3, CharProcs=Dictionary(a=form), FontMatrix=Array([0] * 6))
    )
    resources = Dictionary(
        Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Times), F2=drawn),
        XObject=Dictionary(Form=form, Ring=ring, Odd=odd),
        Pattern=Dictionary(Tile=tile, Shade=Dictionary(PatternType=2, Shading=Dictionary(ColorSpace=Name.Nowhere))),
        Shading=Dictionary(Shade=Dictionary(ShadingType=2)),
        ExtGState=Dictionary(State=Dictionary(CA=-1, LW=Name.wide, SMask=Dictionary(), Font=Array([]), D=Array([1]))),
        ColorSpace=Dictionary(
            Spot=Array([Name.Separation, Name.Gold]), ICC=Array([Name.ICCBased]), Pattern=Name.Pattern
        ),
    )
    resources = pdf.make_indirect(resources)  # QPDF wants circles to lead through indirect objects
    form.Resources = tile.Resources = drawn.Resources = resources
    page = pdf.pages[0]
    page.obj.Resources = resources
    page.obj.Contents = pdf.make_stream(content)
    page.obj.Annots = Array([Dictionary(Subtype=Name.Stamp, AP=Dictionary(N=form), Rect=Array([0, 0, 1]))])
    return pdf


def verdict(data: bytes) -> Verdict:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "odd.pdf"
        file.write_bytes(data)
        return preflight(file, OFFICE)


def test_forms_are_entered_wherever_they_hang() -> None:
    """By a page, by the glyphs of a font and by an annotation: so what random programs do there is read too."""
    with odd_book("") as pdf:
        pdf.pages[0].obj.Contents = pdf.make_stream(b"/Form Do BT /F2 10 Tf (a) Tj ET")
        marks = scan(pdf.pages[0])
    assert not marks.cut_short
    assert sum(one.paint.values == MARK for one in marks.painted) == 3


def test_forms_within_forms_come_to_an_end() -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 300))
        inner = pdf.make_stream(b"q Q", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        for _ in range(20):
            inner = pdf.make_stream(
                b"/X Do " * 10,
                Subtype=Name.Form,
                BBox=Array([0, 0, 9, 9]),
                Resources=Dictionary(XObject=Dictionary(X=inner)),
            )
        pdf.pages[0].obj.Contents = pdf.make_stream(b"/X Do")
        pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=inner))
        assert scan(pdf.pages[0]).cut_short


@settings(max_examples=examples(150))
@given(PROGRAMS)
def test_any_content_is_read_to_its_end(program: str) -> None:
    with odd_book(program) as pdf:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # QPDF warns of content that breaks off; `preflight` listens
            marks = scan(pdf.pages[0])
        assert all(one.box.left <= one.box.right for one in marks.painted)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "odd.pdf"
            pdf.save(file)
            assert preflight(file, OFFICE).pages in (0, 1)


@settings(max_examples=examples(150))
@given(
    st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(min_size=1, max_size=12)), min_size=1, max_size=30)
)
def test_any_damage_gets_a_verdict(changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(SAMPLE)
    for at, put in changes:
        data[at : at + len(put)] = put
    found = verdict(bytes(data))
    assert found.as_json()


@settings(max_examples=examples(50))
@given(st.integers(0, len(SAMPLE)))
def test_a_file_that_breaks_off_gets_a_verdict(length: int) -> None:
    assert not verdict(SAMPLE[:length]).good or length > len(SAMPLE) - 10
