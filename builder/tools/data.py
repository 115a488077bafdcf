"""Reading back what a PDF carries: its embedded files, and whether they are still what the receipt says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import get_args

import pikepdf
from pikepdf import Dictionary, Name

from builder.model.attachment import Attachment, Relationship
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, refused
from builder.pdf.data import RECEIPT

# No file of a report comes near; what is larger is meant to fill a disk.
LARGEST = 200_000_000


@dataclass(frozen=True, slots=True)
class Read:
    """The files inside a PDF, and what is wrong with them."""

    files: tuple[Attachment, ...]
    diagnostics: tuple[Diagnostic, ...]


def read(file: Path) -> Read:
    """The embedded files of any PDF, checked against their checksums and the receipt.

    Raises ReportError where `file` is no PDF that can be read.
    """
    try:
        with pikepdf.open(file) as pdf:
            files = tuple(_files(pdf))
            wrong = tuple(_changed(pdf))
    except (pikepdf.PdfError, pikepdf.PasswordError, OSError, ValueError) as error:
        raise ReportError(
            [Diagnostic("no-pdf", f"{file.name} cannot be read: {str(error)[:120]}", "is it a PDF, and whole?")],
            ExitCode.PREFLIGHT,
        ) from error
    return Read(files, (*wrong, *_receipt_problems(files)))


def extract(files: tuple[Attachment, ...], folder: Path) -> tuple[Path, ...]:
    """Write the files into `folder`, each under its own name. Raises ReportError where that is not possible."""
    targets = [folder / one.name for one in files]
    there = [target.name for target in targets if target.exists()]
    if there:
        raise ReportError(
            [Diagnostic("file-exists", f"{folder} has {', '.join(there)} already", "name an empty folder")],
            ExitCode.CANNOT_WRITE,
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one, target in zip(files, targets, strict=True):
            target.write_bytes(one.data)
    except OSError as error:
        raise refused(folder, error, "name another folder") from error
    return tuple(targets)


def _files(pdf: pikepdf.Pdf) -> Iterator[Attachment]:
    seen: set[str] = set()
    for key, spec in sorted(pdf.attachments.items()):
        embedded = spec.get_file()
        size = int(spec.obj.EF.F.get(Name.Params, Dictionary()).get(Name.Size, 0))
        data = embedded.read_bytes() if size <= LARGEST else b""
        # A name is a name and no path: it must not lead out of the folder.
        name = PureWindowsPath(PurePosixPath(spec.filename or key).name).name.lstrip(".") or "file"
        while name in seen:
            name = f"other-{name}"
        seen.add(name)
        stated = str(spec.obj.get(Name.AFRelationship, "/Unspecified"))[1:]
        relationship: Relationship = stated if stated in get_args(Relationship) else "Unspecified"  # type: ignore[assignment]
        yield Attachment(name, data, embedded.mime_type or "application/octet-stream", relationship, spec.description)


def _changed(pdf: pikepdf.Pdf) -> Iterator[Diagnostic]:
    """Embedded files that are not what their own checksum says (ISO 32000-1, table 46)."""
    for key, spec in sorted(pdf.attachments.items()):
        stream = spec.obj.EF.F
        stated = stream.get(Name.Params, Dictionary()).get(Name.CheckSum)
        if stated is not None and bytes(stated) != md5(stream.read_bytes(), usedforsecurity=False).digest():
            yield _altered(key, "its checksum")


def _receipt_problems(files: tuple[Attachment, ...]) -> Iterator[Diagnostic]:
    receipt = next((one for one in files if one.name == RECEIPT), None)
    if receipt is None:
        return
    try:
        stated = json.loads(receipt.data)["files"]
        assert isinstance(stated, dict)
    except (ValueError, KeyError, TypeError, AssertionError):
        yield Diagnostic("bad-receipt", f"{RECEIPT} cannot be read", "take the file from its maker again")
        return
    there = {one.name: one.digest for one in files}
    for name, digest in stated.items():
        if name not in there:
            yield Diagnostic(
                "lost-file", f"{name} is in the receipt and not in the PDF", "take it from its maker again"
            )
        elif there[name] != digest:
            yield _altered(name, "the receipt")
    for name in sorted(set(there) - set(stated) - {RECEIPT}):
        yield Diagnostic("foreign-file", f"{name} is in the PDF and not in the receipt", "somebody has added it")


def _altered(name: str, by: str) -> Diagnostic:
    return Diagnostic(
        "altered-file", f"{name} is not what {by} says", "it was changed after the build: take the PDF from its maker"
    )
