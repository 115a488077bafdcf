"""The darkroom: pictures are brought to what an edition prints, in worker processes, or found in the cache."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from builder.design.edition import STEPS, Edition, Step
from builder.design.printer import TRANSPARENT
from builder.model.diagnostics import Diagnostic, ReportError
from builder.pages.layout_queue import AHEAD
from builder.pdf import job
from builder.pdf.album import Album
from builder.pdf.picture import Need, Prepared
from builder.runtime.cache import key
from builder.runtime.presses import Presses
from builder.runtime.progress import Task

_HINT = "look at the file; with little memory, use --jobs 1"
_Waiting: TypeAlias = "Future[tuple[Prepared | str, tuple[Task, ...]]]"


def need(edition: Edition, step: Step) -> Need:
    """What an edition asks of its pictures; on screens they are as good as `step`."""
    printer = edition.printer
    if printer is not None:
        return Need(printer.pictures.need, printer.pictures.most, flat=printer.pdfx not in TRANSPARENT)
    squeezed = step.quality < STEPS[0].quality
    return Need(step.resolution, step.resolution * 5 // 4, flat=False, quality=step.quality, squeezed=squeezed)


class Darkroom:
    """Prepares the pictures of a project for one press, whose profile is in the file `icc`, or for screens."""

    def __init__(self, presses: Presses, root: Path, icc: Path | None) -> None:
        self._presses, self._root, self._icc = presses, root, icc
        self._press = sha256(icc.read_bytes()).digest() if icc is not None else b""

    def fill(self, album: Path, placed: Mapping[str, float | None], need: Need) -> None:
        """Put pictures into `album`. `placed` names them, as paths in the project, with the dpi of their largest place.

        Raises ReportError with all that cannot be printed, or where a worker failed.
        """
        problems: list[Diagnostic] = []
        wanted = {name: need.scale(dpi if dpi is not None else need.need) for name, dpi in placed.items()}
        with Album(album) as pages:
            for name, made in self._prepared(wanted, need):
                if isinstance(made, Prepared):
                    pages.add(name, made)
                    continue
                message = f'"{name}" cannot be printed: {made}'
                problems.append(Diagnostic("bad-image", message, "save it again as JPEG or PNG, in sRGB"))
        if problems:
            raise ReportError(problems)

    def _prepared(self, wanted: Mapping[str, float], need: Need) -> Iterator[tuple[str, Prepared | str]]:
        """Pictures as they are to be printed, or what is wrong with each. Few are held at once."""
        asked = iter(wanted.items())
        under_way: deque[tuple[str, str, float, _Waiting | None]] = deque()
        while True:
            for name, scale in asked:
                own = self._key(name, scale, need)
                there = own and self._presses.cache.has(own)
                under_way.append((name, own, scale, None if there else self._ask(name, scale, need)))
                if len(under_way) >= self._presses.jobs * AHEAD:
                    break
            if not under_way:
                return
            name, own, scale, waiting = under_way.popleft()
            made = self._presses.cache.get(own) if waiting is None else None
            if made is None:  # not in the cache, or damaged there
                made = self._done(
                    name, waiting or self._ask(name, scale, need), partial(self._alone, name, scale, need)
                )
                if isinstance(made, Prepared) and own and own == self._key(name, scale, need):
                    self._presses.cache.put(own, made)
            yield name, made

    def _key(self, name: str, scale: float, need: Need) -> str:
        """Empty where the file cannot be read: the worker says why."""
        try:
            file, _, page = name.partition("#")
            return key("picture", sha256((self._root / file).read_bytes()).digest(), page, scale, need, self._press)
        except OSError:
            return ""

    def _ask(self, name: str, scale: float, need: Need) -> _Waiting:
        return self._presses.ask(job.prepare, *self._words(name, scale, need))

    def _alone(self, name: str, scale: float, need: Need) -> _Waiting:
        return self._presses.ask_alone(job.prepare, *self._words(name, scale, need))

    def _words(self, name: str, scale: float, need: Need) -> tuple[object, ...]:
        return str(self._root / name), scale, str(self._icc) if self._icc is not None else None, need

    def _done(self, name: str, waiting: _Waiting, alone: Callable[[], _Waiting]) -> Prepared | str:
        made, tasks = self._presses.made(f'the picture "{name}"', _HINT, waiting, alone)
        self._presses.tasks += tasks
        return made
