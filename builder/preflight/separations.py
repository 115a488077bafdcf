"""Separations: what each ink of a page comes to, painted by Ghostscript with overprint (its adapter)."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TypeAlias

import numpy as np
import numpy.typing as npt

from builder.model.diagnostics import Diagnostic, ExitCode, ReportError
from builder.preflight.rules import UnpaintableError

# rows × columns × C, M, Y, K; 255 is full ink. The first row is the top of the page.
Plates: TypeAlias = npt.NDArray[np.uint8]
# A hostile file must not paint for ever.
SECONDS = 600


def ghostscript() -> str:
    """Its program. Raises ReportError (missing tool) where there is none."""
    found = shutil.which("gs")
    if found is None:
        raise ReportError(
            [
                Diagnostic(
                    "missing-ghostscript",
                    "Ghostscript, which measures the ink, is not installed",
                    "apt install ghostscript, or brew install ghostscript; `builder doctor` says what else is missing",
                )
            ],
            ExitCode.MISSING_TOOL,
        )
    return found


def separations(file: Path, dpi: float, *, first: int = 1, last: int | None = None) -> Iterator[Plates]:
    """The plates of each page's MediaBox, at `dpi`, one page at a time.

    Raises ReportError where Ghostscript is missing, UnpaintableError where it gives up.
    """
    command = [
        ghostscript(),
        *("-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dNOPROMPT", "-dAutoRotatePages=/None"),
        # Ink is measured as it is given: no antialiasing, and CMYK is not run through a profile.
        *("-sDEVICE=pamcmyk32", f"-r{dpi:g}", "-dOverprint=/enable", "-dInterpolateControl=0"),
        f"-dFirstPage={first}",
        *([f"-dLastPage={last}"] if last else []),
        *("-sOutputFile=%stdout", "-sstdout=%stderr"),
        *("-f", str(file.resolve())),  # a name that begins with %pipe% would be run as a command
    ]
    with (
        tempfile.TemporaryFile() as said,  # not a pipe: a broken file makes it talk more than a pipe holds
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said) as process,
    ):
        assert process.stdout is not None
        late = threading.Timer(SECONDS, process.kill)
        late.start()
        try:
            while (page := _read(process.stdout)) is not None:
                yield page
            if process.wait():
                said.seek(0)
                lines = said.read(10_000).decode("utf-8", "replace").splitlines()
                raise UnpaintableError(next((line for line in lines if "rror" in line), "it gave no reason"))
        finally:
            late.cancel()
            process.kill()


def _read(stream: IO[bytes]) -> Plates | None:
    """One image in the PAM format (netpbm.sourceforge.net/doc/pam.html)."""
    if not stream.readline():
        return None
    header: dict[str, str] = {}
    while (line := stream.readline().decode("ascii", "replace").strip()) not in ("ENDHDR", ""):
        key, _, value = line.partition(" ")
        header[key] = value
    width, height = int(header["WIDTH"]), int(header["HEIGHT"])
    raw = stream.read(width * height * 4)
    if len(raw) < width * height * 4:
        raise UnpaintableError("a page broke off")
    return np.frombuffer(raw, np.uint8).reshape(height, width, 4)
