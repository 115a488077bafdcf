"""PDF/X: what tells a print shop for which press a file is made (ISO 15930-7: X-4; -6: X-3; -4: X-1a)."""

from __future__ import annotations

import uuid
from hashlib import sha256
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from builder.design.printer import TRANSPARENT, XMP_IDENTIFICATION, XMP_MEDIA, Printer


def conform(book: pikepdf.Pdf, printer: Printer) -> None:
    """The output intent, the version, Trapped and identity; nothing that is no paint stays. Info is made before."""
    for page in book.pages:
        for key in (Name.Annots, Name.StructParents, Name.Tabs, Name.AA, Name.Group):
            if key in page.obj:
                del page.obj[key]
    for key in (Name.StructTreeRoot, Name.MarkInfo, Name.Names, Name.Outlines, Name.OpenAction, Name.AA, Name.AcroForm):
        if key in book.Root:
            del book.Root[key]
    book.Root.PageMode = Name.UseNone
    book.docinfo[Name.Trapped] = Name("/False")
    if printer.pdfx not in TRANSPARENT:
        _ungroup(book)
    condition, icc = printer.condition, printer.icc
    if condition is None or icc is None:
        return
    profile = book.make_stream(icc.read_bytes(), N=4, Alternate=Name.DeviceCMYK)
    book.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFX,
                OutputConditionIdentifier=String(str(condition.identifier)),
                OutputCondition=String(str(condition.name)),
                RegistryName=String(str(condition.registry)),
                Info=String(str(condition.name)),
                DestOutputProfile=profile,
            )
        ]
    )
    if printer.pdfx in ("PDF/X-3:2003", "PDF/X-1a:2003"):
        book.docinfo[Name.GTS_PDFXVersion] = String(printer.pdfx)
    with book.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        _register(xmp)
        xmp["pdf:Trapped"] = "False"
        if printer.pdfx == "PDF/X-4":
            xmp["pdfxid:GTS_PDFXVersion"] = "PDF/X-4"
        name = uuid.uuid5(uuid.NAMESPACE_URL, _digest(book))
        xmp["xmpMM:DocumentID"] = f"uuid:{name}"
        xmp["xmpMM:VersionID"] = "1"
        xmp["xmpMM:RenditionClass"] = "default"


def _ungroup(book: pikepdf.Pdf) -> None:
    """Groups that let nothing shine through paint the same without being groups (ISO 32000-1, 11.4.5)."""
    for one in book.objects:
        if isinstance(one, pikepdf.Stream) and Name.Group in one:
            del one[Name.Group]


def _register(xmp: Any) -> None:
    xmp.register_xml_namespace(XMP_IDENTIFICATION, "pdfxid")
    xmp.register_xml_namespace(XMP_MEDIA, "xmpMM")


def _digest(book: pikepdf.Pdf) -> str:
    """What the pages paint, so that the same content has the same identity."""
    found = sha256()
    for page in book.pages:
        found.update(page.obj.Contents.read_bytes())
        for _, form in page.obj.Resources.get(Name.XObject, Dictionary()).items():
            found.update(form.read_bytes())
    return found.hexdigest()
