"""PDF/A with PDF/UA: files that last and that can be read by ear (ISO 19005-2 and -3, level A; ISO 14289-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, String

from builder.design.colour import screen_profile
from builder.design.edition import PdfA
from builder.model.attachment import Attachment

# Print, of an annotation's flags (ISO 32000-1, table 165; ISO 19005-2, 6.3.2).
_PRINT = 4
# Creation date and version of the profile's maker are taken out of its header (ICC.1:2010, 7.2): the same bytes always.
_DATE = slice(24, 36)
_FIXED_DATE = bytes((0x07, 0xE8, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))

# PDF/A knows no property of PDF/UA: the file describes it itself (ISO 19005-2, 6.6.2.3.3).
_PDFUA_SCHEMA = """<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


def conform(book: pikepdf.Pdf, level: PdfA, attached: Sequence[Attachment], made: datetime) -> None:
    """What makes `book`, already described, a PDF/A of `level` as well as PDF/UA-1."""
    for page in book.pages:
        for annotation in page.obj.get(Name.Annots, Array()):
            annotation.F = _PRINT
    profile = book.make_stream(_srgb(), N=3)
    book.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
                Info=String("sRGB IEC61966-2.1"),
                DestOutputProfile=profile,
            )
        ]
    )
    with book.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["pdfaid:part"], xmp["pdfaid:conformance"] = level[0], level[1].upper()
    packet = book.Root.Metadata.read_bytes()
    head, end, tail = packet.rpartition(b"</rdf:RDF>")
    book.Root.Metadata = book.make_stream(head + _PDFUA_SCHEMA.encode() + end + tail)
    book.Root.Metadata.Type, book.Root.Metadata.Subtype = Name.Metadata, Name.XML
    if attached:
        _attach(book, attached, made)


def _srgb() -> bytes:
    profile = bytearray(screen_profile().tobytes())
    profile[_DATE] = _FIXED_DATE
    return bytes(profile)


def _attach(book: pikepdf.Pdf, attached: Sequence[Attachment], made: datetime) -> None:
    """Embedded files, each with its relationship to the document (ISO 19005-3, 6.8 and annex E)."""
    associated = Array()
    for one in attached:
        spec = AttachedFileSpec(
            book,
            one.data,
            filename=one.name,
            description=one.about,
            mime_type=one.kind,
            creation_date=made.strftime("D:%Y%m%d%H%M%S+00'00'"),
            mod_date=made.strftime("D:%Y%m%d%H%M%S+00'00'"),
        )
        spec.relationship = Name(f"/{one.relationship}")
        book.attachments[one.name] = spec
        associated.append(spec.obj)
    book.Root.AF = associated
