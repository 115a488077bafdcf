"""finish: what makes the bound pages an edition: metadata, viewer settings, a name in the file that can be repeated."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name

from builder import __version__
from builder.diagnostics import Diagnostic, ExitCode, ReportError
from builder.model import Report

PRODUCER = f"builder {__version__} with WeasyPrint"


def moment() -> datetime:
    """Now, or SOURCE_DATE_EPOCH, so that a build can be repeated byte for byte (reproducible-builds.org)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ReportError(
            [Diagnostic("environment", f'SOURCE_DATE_EPOCH is "{epoch}", not a number of seconds', "unset it")],
            ExitCode.USAGE,
        ) from error


def finish(book: pikepdf.Pdf, report: Report) -> None:
    """Title, author, language and dates, the same in XMP and in info (ISO 14289-1, 7.1; ISO 19005-2, 6.6)."""
    when = moment()
    front = report.front
    title = f"{front.title.flat} {front.period.from_}–{front.period.last}"
    with book.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["dc:title"] = title
        xmp["dc:creator"] = [str(front.organisation)]
        xmp["dc:language"] = [str(front.language)]
        if front.description:
            xmp["dc:description"] = front.description.flat
        xmp["xmp:CreateDate"] = xmp["xmp:ModifyDate"] = xmp["xmp:MetadataDate"] = when.isoformat()
        xmp["xmp:CreatorTool"] = xmp["pdf:Producer"] = PRODUCER
        xmp["pdfuaid:part"] = "1"
    stamp = when.strftime("D:%Y%m%d%H%M%S+00'00'")
    book.trailer.Info = book.make_indirect(
        Dictionary(
            Title=title,
            Author=str(front.organisation),
            Creator=PRODUCER,
            Producer=PRODUCER,
            CreationDate=stamp,
            ModDate=stamp,
        )
    )
    if front.description:
        book.docinfo[Name.Subject] = front.description.flat
    book.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    book.Root.PageMode = Name.UseOutlines
    book.Root.PageLayout = Name.TwoPageRight


def _alive(process: str) -> bool:
    """Whether the build that is writing a part still runs."""
    try:
        os.kill(int(process), 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def write(book: pikepdf.Pdf, target: Path) -> int:
    """Save beside `target` and rename over it: a build that fails half-way leaves the last good file. Returns bytes.

    Raises ReportError (cannot write) where the disk or the folder refuses.
    """
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in target.parent.glob(f".{target.name}.*.part"):
            if not _alive(left.suffixes[-2].lstrip(".")):
                left.unlink(missing_ok=True)
        book.save(
            beside,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            min_version="1.7",
        )
        size = beside.stat().st_size
        beside.replace(target)
    except OSError as error:
        raise ReportError(
            [
                Diagnostic(
                    "cannot-write",
                    f"{target} could not be written: {error.strerror or error}",
                    "check that the folder exists, that you may write there and that the disk has room; "
                    "the last good file is untouched",
                )
            ],
            ExitCode.CANNOT_WRITE,
        ) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return size
