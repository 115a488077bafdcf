"""The darkroom: pictures are brought to what an edition prints, in worker processes, or found in the cache."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import TypeAlias

from builder.design.duotone import Duotone
from builder.design.edition import STEPS, Edition, Step
from builder.design.pdf_pages import is_pdf
from builder.design.printer import TRANSPARENT
from builder.model.diagnostics import Diagnostic, ReportError
from builder.pages.layout_queue import AHEAD
from builder.pages.standin import apart, page_of, tone_of
from builder.pdf import job
from builder.pdf.album import Album
from builder.pdf.picture import Need, Prepared
from builder.runtime.cache import key
from builder.runtime.presses import Presses
from builder.runtime.progress import Task

_NO_TONES: Mapping[str, Duotone] = {}
_HINT = "look at the file; with little memory, use --jobs 1"
_Waiting: TypeAlias = "Future[tuple[Prepared | str, tuple[Task, ...]]]"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A picture, or a page of a PDF (0 for none), at so much of its size: made once for all its places."""

    file: str
    page: int
    scale: float
    tone: Duotone | None = None


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

    def fill(
        self, album: Path, placed: Mapping[str, float | None], need: Need, tones: Mapping[str, Duotone] = _NO_TONES
    ) -> None:
        """Put pictures into `album`. `placed` names them, as paths in the project, with the dpi of their largest place.

        `tones` are the duotones of the edition, by name.

        Raises ReportError with all that cannot be printed, or where a worker failed.
        """
        problems: list[Diagnostic] = []
        wanted: dict[_Wanted, list[str]] = {}
        for name, dpi in placed.items():
            file, query = apart(name)
            scale = ceil(need.scale(dpi if dpi is not None else need.need) * 10_000) / 10_000
            page = page_of(query) if query and is_pdf(self._root / file) else 0
            wanted.setdefault(_Wanted(file, page, scale, tones.get(tone_of(query))), []).append(name)
        with Album(album) as pages:
            for one, made in self._prepared(wanted, need):
                if isinstance(made, Prepared):
                    pages.add(wanted[one], made, f"{one.file}#{one.page}" if one.page else one.file)
                    continue
                message = f'"{one.file}" cannot be printed: {made}'
                problems.append(Diagnostic("bad-image", message, "save it again as JPEG or PNG, in sRGB"))
        if problems:
            raise ReportError(problems)

    def _prepared(self, wanted: Iterable[_Wanted], need: Need) -> Iterator[tuple[_Wanted, Prepared | str]]:
        """Pictures as they are to be printed, or what is wrong with each. Few are held at once."""
        asked = iter(wanted)
        under_way: deque[tuple[_Wanted, str, _Waiting | None]] = deque()
        while True:
            for one in asked:
                own = self._key(one, need)
                there = own and self._presses.cache.has(own)
                under_way.append((one, own, None if there else self._ask(one, need)))
                if len(under_way) >= self._presses.jobs * AHEAD:
                    break
            if not under_way:
                return
            one, own, waiting = under_way.popleft()
            made = self._presses.cache.get(own) if waiting is None else None
            if made is None:  # not in the cache, or damaged there
                made = self._done(one.file, waiting or self._ask(one, need), partial(self._alone, one, need))
                if isinstance(made, Prepared) and own and own == self._key(one, need):
                    self._presses.cache.put(own, made)
            yield one, made

    def _key(self, one: _Wanted, need: Need) -> str:
        """Empty where the file cannot be read: the worker says why."""
        try:
            data = sha256((self._root / one.file).read_bytes()).digest()
            return key("picture", data, one.page, one.scale, one.tone, need, self._press)
        except OSError:
            return ""

    def _ask(self, one: _Wanted, need: Need) -> _Waiting:
        return self._presses.ask(job.prepare, *self._words(one, need))

    def _alone(self, one: _Wanted, need: Need) -> _Waiting:
        return self._presses.ask_alone(job.prepare, *self._words(one, need))

    def _words(self, one: _Wanted, need: Need) -> tuple[object, ...]:
        icc = str(self._icc) if self._icc is not None else None
        return str(self._root / one.file), one.page, one.scale, one.tone, icc, need

    def _done(self, name: str, waiting: _Waiting, alone: Callable[[], _Waiting]) -> Prepared | str:
        made, tasks = self._presses.made(f'the picture "{name}"', _HINT, waiting, alone)
        self._presses.tasks += tasks
        return made
