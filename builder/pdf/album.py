"""The album: pictures as an edition prints them, in a PDF on disk in which the book is then bound.

So no process ever holds them all: QPDF reads each when the book is saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from builder.model.diagnostics import refused
from builder.pages.standin import SOURCE_FILE
from builder.pdf.picture import Prepared

_SPACES = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
_PICTURES = "/Pictures"


class Album:
    """Written picture by picture (ISO 32000-1, 7.5). Leaving the context completes the file.

    Raises ReportError where it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: list[int] = []
        self._names: dict[str, int] = {}

    def __enter__(self) -> Album:
        try:
            self._file = self._path.open("wb")
            self._file.write(b"%PDF-1.7\n")
        except OSError as error:
            raise refused(self._path, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if error is None:
                try:
                    self._complete()
                    self._file.flush()
                except OSError as fault:
                    raise refused(self._path, fault) from fault

    def add(self, names: Sequence[str], picture: Prepared, source: str) -> None:
        """One picture for all these places; `source` is what messages call it."""
        try:
            self._names |= dict.fromkeys(names, self._add(picture, source))
        except OSError as error:
            raise refused(self._path, error) from error

    def _add(self, made: Prepared, name: str = "") -> int:
        mask = self._add(made.alpha) if made.alpha is not None else 0
        width, height = made.size
        about: dict[str, Any] = {
            "/Type": Name.XObject,
            "/Subtype": Name.Image,
            "/Width": width,
            "/Height": height,
            "/ColorSpace": _SPACES[made.mode],
            "/BitsPerComponent": 8,
            "/Length": len(made.data),
        }
        if made.jpeg:
            about["/Filter"] = Name.DCTDecode
        if made.inverted:  # Adobe's JPEGs in CMYK are inverted (Adobe Technical Note 5116, 18)
            about["/Decode"] = Array([1, 0] * 4)
        if name:
            about[SOURCE_FILE] = String(name)
        said = Dictionary(about).unparse()
        if mask:
            said = said.removesuffix(b">>") + f"/SMask {mask} 0 R >>".encode()
        return self._object(said + b"\nstream\n" + made.data + b"\nendstream")

    def _object(self, said: bytes) -> int:
        self._places.append(self._file.tell())
        self._file.write(f"{len(self._places)} 0 obj\n".encode() + said + b"\nendobj\n")
        return len(self._places)

    def _complete(self) -> None:
        pages = self._object(b"<< /Type /Pages /Kids [] /Count 0 >>")
        names = b" ".join(String(name).unparse() + f" {number} 0 R".encode() for name, number in self._names.items())
        root = self._object(f"<< /Type /Catalog /Pages {pages} 0 R {_PICTURES} [".encode() + names + b"] >>")
        start = self._file.tell()
        entries = "".join(f"{place:010} 00000 n \n" for place in self._places)
        size = len(self._places) + 1
        self._file.write(f"xref\n0 {size}\n0000000000 65535 f \n{entries}trailer\n".encode())
        self._file.write(f"<< /Size {size} /Root {root} 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())


def opened(album: Path | None) -> tuple[pikepdf.Pdf, dict[str, Any]]:
    """A PDF without pages, and the pictures in it by name. The file must stay until the PDF is saved."""
    if album is None:
        return pikepdf.new(), {}
    book = pikepdf.open(album, access_mode=pikepdf.AccessMode.stream)
    names = list(book.Root[_PICTURES])
    del book.Root[_PICTURES]
    return book, {str(name): image for name, image in zip(names[::2], names[1::2], strict=True)}
