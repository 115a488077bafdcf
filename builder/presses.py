"""Presses: sections are laid out in worker processes, each of which has the layout engine loaded once.

The result of a section does not depend on which worker lays it out, or when.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from functools import partial
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TypeAlias, TypeVar

from pebble import ProcessExpired

from builder import crew
from builder.cache import Cache, key
from builder.crew import Made, Sketch
from builder.diagnostics import Diagnostic, ExitCode, ReportError, in_order
from builder.drawing import Drawn
from builder.fragment import Fragment, Job
from builder.keys import Keys, figure_keys
from builder.setting import Setting
from builder.stages import Task
from builder.workers import FAILURES, PATIENCE, Workers, processors

T = TypeVar("T")
# A figure as a worker hands it over.
_Waiting: TypeAlias = "Future[tuple[Drawn, tuple[Task, ...]]]"
# So many jobs wait behind each worker, so that none idles while the next is composed.
AHEAD = 2
# So often, in seconds, does who waits for a worker look whether there is still something to wait for.
_LOOK = 0.2
# And so much longer than PATIENCE does it wait at most.
_GRACE = 60


class Figures(Mapping[str, Drawn]):
    """Figures by the names of their topics; asking for one waits until it is drawn."""

    def __init__(
        self,
        names: Sequence[str],
        drawn: dict[str, Drawn],
        ask: Callable[[str], _Waiting],
        keys: Mapping[str, str],
        presses: Presses,
    ) -> None:
        """`ask` has one drawn; `keys` are those of the figures that are not `drawn`."""
        self._names, self._drawn, self._ask, self._keys, self._presses = names, drawn, ask, keys, presses
        self._waiting = {name: ask(name) for name in keys}

    def waiting(self, name: str) -> bool:
        return name in self._waiting and name not in self._drawn and not self._waiting[name].done()

    def __getitem__(self, name: str) -> Drawn:
        """Raises ReportError where the worker that drew it failed."""
        if name not in self._drawn:
            try:
                drawn, tasks = self._presses.done(self._waiting[name], lambda: self._ask(name))
            except FAILURES as error:
                message = f'the figure of "{name}" could not be drawn: {error or "it did not end"}'
                raise ReportError([Diagnostic("layout-failed", message, "look at its data")], ExitCode.BUG) from error
            self._presses.tasks += tasks
            self._drawn[name] = drawn
            self._presses.cache.put(self._keys[name], drawn)
        return self._drawn[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Presses:
    """Where sections are laid out and figures drawn, or found in the cache. Leaving the context ends the workers."""

    def __init__(self, jobs: int | None = None, cache: Cache | None = None, workers: Workers | None = None) -> None:
        self.jobs = jobs or processors()
        self.cache = cache or Cache(None)
        self.programs: dict[bytes, bytes] = {}
        self.tasks: list[Task] = []
        self.look: Callable[[], object] = lambda: None  # called now and then while workers are waited for
        self.first_setting = b""
        self._workers = workers or Workers()
        self._folder = TemporaryDirectory(prefix="builder-")

    def __enter__(self) -> Presses:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.__exit__(kind, error, trace)
        self._folder.cleanup()
        self.cache.trim()

    @property
    def folder(self) -> Path:
        """Where what is on its way may lie until the presses are left."""
        return Path(self._folder.name)

    def warm_up(self, setting: Setting, workers: int) -> None:
        """Let so many workers do what their first sections would wait for; returns at once."""

        def work() -> None:
            with suppress(OSError):  # files that cannot be read: the sections will say so
                file, _ = self._setting(setting)
                for _worker in range(workers):
                    self.ask(crew.set_up, file)

        self._workers.meanwhile(work)

    def set_up(self, setting: Setting) -> Layouts:
        """The presses with the stylesheets, fonts and figures of one edition."""
        file, keys = self._setting(setting)
        return Layouts(self, file, keys)

    def draw(self, sketch: Sketch, names: Sequence[str]) -> Figures:
        """Begin to draw the figures of these topics, where the cache has them not."""
        keys = figure_keys(sketch.report, sketch.theme, sketch.project, sketch.space, names)
        drawn: dict[str, Drawn] = {name: one for name in names if (one := self.cache.get(keys[name])) is not None}
        missing = [name for name in names if name not in drawn]
        file = self._handed(sketch) if missing else ""
        return Figures(
            names,
            drawn,
            lambda name: self._workers.draw(crew.draw, file, name),
            {name: keys[name] for name in missing},
            self,
        )

    def ask(self, function: Callable[..., T], *words: object) -> Future[T]:
        """Have something done by a worker."""
        return self._workers.lay_out(self.jobs, function, *words)

    def done(self, asked: Future[T], again: Callable[[], Future[T]]) -> T:
        """What was asked for, or once more where its workers were killed for no reason of its own. Raises FAILURES."""
        try:
            return self.result(asked, again)
        except BrokenProcessPool:
            return self.result(again(), again)

    def result(self, asked: Future[T], again: Callable[[], Future[T]] | None = None) -> T:
        """Waits for it, and looks now and then whether that is still wanted. Raises what the worker raised."""
        since = time.monotonic()
        while not wait([asked], timeout=_LOOK).done:
            self.look()
            if self.renewed() and again is not None and not asked.done():
                asked = again()
            if time.monotonic() - since > PATIENCE + _GRACE:  # its worker was killed before it said that it had begun
                raise TimeoutError
        return asked.result()

    def renewed(self) -> bool:
        """Whether what was asked for has to be asked for again, since workers were killed."""
        return self._workers.renewed()

    def whole(self, fragment: Fragment) -> Fragment | None:
        """A fragment with the programs of its fonts, which it names by their digests; None where one is lost."""
        faces = []
        for face in fragment.typefaces:
            program = self.programs.get(face.program) or self.cache.get(key("program", face.program))
            if program is None:
                return None
            self.programs[face.program] = program
            faces.append(replace(face, program=program))
        return replace(fragment, typefaces=tuple(faces))

    def learn(self, programs: Mapping[bytes, bytes]) -> None:
        """Keep font programs that a worker has sent."""
        for digest, program in programs.items():
            if digest not in self.programs:
                self.programs[digest] = program
                self.cache.put(key("program", digest), program)

    def _setting(self, setting: Setting) -> tuple[str, Keys]:
        keys = Keys(setting)
        file = self._handed(replace(setting, beside=keys.beside))
        self.first_setting = self.first_setting or Path(file).read_bytes()
        return file, keys

    def _handed(self, what: Setting | Sketch) -> str:
        """A file with what all jobs of a kind need, where every worker can read it once."""
        beside = self.folder / f"{threading.get_ident()}.part"
        with beside.open("w+b") as written:
            pickle.dump(what, written)
            written.seek(0)
            file = self.folder / file_digest(written, "sha256").hexdigest()
        beside.replace(file)
        return str(file)


class Layouts:
    """Sections on their way through the presses, in one setting."""

    def __init__(self, presses: Presses, setting: str, keys: Keys) -> None:
        self._presses, self._setting, self._keys = presses, setting, keys
        self._under_way: dict[Future[Made], tuple[Job, str | None]] = {}
        self._kept: deque[tuple[Job, str]] = deque()
        self._wrong: list[Diagnostic] = []
        self.read: frozenset[Path] = frozenset()

    @property
    def room(self) -> int:
        return self._presses.jobs * AHEAD - len(self._under_way)

    def ask(self, job: Job) -> None:
        """Have a section laid out at once, or taken out of the cache later: so none waits for those that are there."""
        cached = self._keys.section(job)
        if cached is not None and self._presses.cache.has(cached):
            self._kept.append((job, cached))
        else:
            self._lay_out(job, cached)

    def _lay_out(self, job: Job, cached: str | None) -> None:
        self._under_way[self._presses.ask(crew.lay_out, self._setting, job)] = job, cached

    def take(self) -> tuple[Job, Fragment, bool]:
        """The next section that is done, and whether it was in the cache.

        Raises ReportError where stylesheets are wrong, or workers failed.
        """
        while self._kept:
            job, name = self._kept.popleft()
            found = self._presses.cache.get(name)
            whole = self._presses.whole(found[0]) if found is not None else None
            if whole is not None:
                self.read |= found[1]
                return job, whole, True
            self._lay_out(job, name)  # it was damaged, or has gone
        since = time.monotonic()
        while self._under_way:
            done, _ = wait(self._under_way, timeout=_LOOK, return_when=FIRST_COMPLETED)
            if not done:
                self._presses.look()
                if self._presses.renewed():
                    for future in [one for one in self._under_way if not one.done()]:
                        self._lay_out(*self._under_way.pop(future))
                    continue
                if time.monotonic() - since > PATIENCE + _GRACE:
                    for job, _cached in self._under_way.values():
                        self._fail(job, f'nothing was heard of the process that should have laid out "{job.name}"')
                    self._under_way.clear()
                continue
            future = next(one for one in self._under_way if one in done)
            job, cached = self._under_way.pop(future)
            try:
                again = partial(self._presses.ask, crew.lay_out, self._setting, job)
                made = self._presses.done(future, again)
            except TimeoutError:
                self._fail(job, f'the layout of "{job.name}" did not end within {PATIENCE // 60} minutes')
                continue
            except ProcessExpired as error:
                self._fail(job, f'the process that laid out "{job.name}" died (exit code {error.exitcode})')
                continue
            except BrokenProcessPool:
                self._fail(job, f'the processes that lay out died again and again, the last time over "{job.name}"')
                continue
            except ReportError:
                raise
            except Exception as error:  # noqa: BLE001 - a bug of ours or of a library: the others finish
                self._fail(job, f'"{job.name}" could not be laid out: {type(error).__name__}: {error}')
                continue
            return job, self._taken(job, made, cached), False
        raise ReportError(in_order(self._wrong), ExitCode.BUG)

    def _taken(self, job: Job, made: Made, cached: str | None) -> Fragment:
        self._presses.learn(made.programs)
        self._presses.tasks += made.tasks
        self.read |= made.read
        now = self._keys.anew()
        if cached is not None and now.covers(job, made.read) and now.section(job) == cached:  # nothing saved meanwhile
            self._presses.cache.put(cached, (made.fragment, made.read))
        whole = self._presses.whole(made.fragment)
        if whole is None:  # its programs came with a section that nobody took
            made = self._presses.result(self._presses.ask(crew.lay_out, self._setting, job, True))
            self._presses.learn(made.programs)
            whole = self._presses.whole(made.fragment)
            assert whole is not None
        return whole

    def give_up(self) -> None:
        """Nobody wants what is still waiting; what is under way ends by itself."""
        for future in self._under_way:
            if not future.running():
                future.cancel()
        self._under_way.clear()

    def _fail(self, job: Job, message: str) -> None:
        hint = "look at what is special in this section; with little memory, use --jobs 1"
        self._wrong.append(Diagnostic("layout-failed", message, hint, job.span))
