"""Delivery: files are written beside their targets and take their names together, so that the last good ones stay."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import RawIOBase
from pathlib import Path
from shutil import copyfile
from threading import get_ident
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, cast

import pikepdf

from builder.model.diagnostics import refused
from builder.runtime.processes import alive

if TYPE_CHECKING:
    from typing_extensions import Buffer


class _Disk(RawIOBase):
    """A file to which QPDF writes. It must not hear of a full disk, since it would end the process; `fault` tells."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.fault: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        size = memoryview(data).nbytes
        if self.fault is None:
            try:
                self._file.write(data)
            except OSError as error:
                self.fault = error
        return size


class Delivery:
    """Files on their way into a folder. Leaving the context without `publish` takes them away again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: dict[Path, Path] = {}
        self._scratch: list[Path] = []

    def __enter__(self) -> Delivery:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for beside in (*self._waiting.values(), *self._scratch):
            with suppress(OSError):
                beside.unlink(missing_ok=True)

    def pdf(self, name: str, book: pikepdf.Pdf, version: str) -> Path:
        """Save `book` as PDF `version`; returns where it waits to be published. Raises ReportError (cannot write)."""
        old = version < "1.5"  # object streams came with PDF 1.5

        def save(path: Path) -> None:
            with path.open("wb") as file:
                disk = _Disk(file)
                book.save(
                    cast(BinaryIO, disk),
                    deterministic_id=True,
                    object_stream_mode=pikepdf.ObjectStreamMode.disable if old else pikepdf.ObjectStreamMode.generate,
                    compress_streams=True,
                    recompress_flate=False,
                    force_version=version,
                )
            if disk.fault is not None:
                raise disk.fault

        return self._write(name, save)

    def text(self, name: str, words: str) -> Path:
        return self._write(name, lambda path: path.write_text(words, encoding="utf-8"))

    def scratch(self, name: str) -> Path:
        """Where something may lie until the context is left. Raises ReportError (cannot write)."""
        try:
            self._scratch.append(self._beside(name))
        except OSError as error:
            raise refused(self._folder / name, error) from error
        return self._scratch[-1]

    def _write(self, name: str, save: Callable[[Path], object]) -> Path:
        target = self._folder / name
        try:
            beside = self._waiting[target] = self._beside(name)
            save(beside)
        except OSError as error:
            raise refused(target, error) from error
        return beside

    def _beside(self, name: str) -> Path:
        """The file beside its target; those that builds have left which are no more are taken away."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for left in self._folder.glob(f".{name}.*.part"):
            process = left.suffixes[-2].lstrip(".")
            if not process.isdecimal() or not alive(int(process)):
                left.unlink(missing_ok=True)
        return self._folder / f".{name}.{get_ident()}.{os.getpid()}.part"

    def publish(self) -> tuple[Path, ...]:
        """Give all files their names; returns them. Raises ReportError (cannot write): then all are as they were."""
        before: dict[Path, Path | None] = {}
        done: list[Path] = []
        for target, beside in self._waiting.items():
            try:
                before[target] = self._second_name(target)
                beside.replace(target)
            except OSError as error:
                self._restore({one: before[one] for one in done})
                raise refused(target, error) from error
            done.append(target)
        self._waiting = {}
        return tuple(done)

    def _second_name(self, target: Path) -> Path | None:
        """Another name for the file that is about to be replaced; None where there is none. Raises OSError."""
        if not target.exists():
            return None
        second = self.scratch(f"{target.name}.before")
        second.unlink(missing_ok=True)
        try:
            os.link(target, second)
        except OSError:  # file systems without links
            copyfile(target, second)
        return second

    @staticmethod
    def _restore(before: Mapping[Path, Path | None]) -> None:
        for target, second in before.items():
            with suppress(OSError):
                target.unlink() if second is None else second.replace(target)
