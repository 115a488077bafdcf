"""Presses: sections are laid out in worker processes, each of which has the layout engine loaded once.

Workers come from a fork server, where the system has one, that loads the engine while the main process still reads the
YAML; elsewhere they are spawned. The result of a section does not depend on which worker lays it out, or when.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, TypeAlias

from pebble import ProcessExpired, ProcessPool

from builder import fork_server
from builder.cache import Cache, key
from builder.diagnostics import Diagnostic, ExitCode, ReportError, in_order
from builder.drawing import Drawn
from builder.fragment import Fragment, Job
from builder.keys import Keys, Setting, figure_keys
from builder.model import Report
from builder.project import Project
from builder.theme import Space, Theme

if TYPE_CHECKING:
    from builder.paginate import Press

# A fragment whose fonts are named by digests, the files that were read, and programs not yet sent.
Made: TypeAlias = tuple[Fragment, frozenset[Path], dict[bytes, bytes]]
# A section that takes longer than this, in seconds, hangs. The longest measured, a table of 300 pages, takes about 60.
PATIENCE = 900
# So many figures are worth a worker of their own.
_BATCH = 12
# So many jobs wait behind each worker, so that none idles while the next is composed.
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Sketch:
    """What all figures of an edition are drawn from."""

    report: Report
    theme: Theme
    project: Project
    space: Space


class Figures(Mapping[str, Drawn]):
    """Figures by the names of their topics; asking for one waits until it is drawn."""

    def __init__(
        self,
        names: Sequence[str],
        drawn: dict[str, Drawn],
        waiting: Mapping[str, Future[dict[str, Drawn]]],
        keys: Mapping[str, str],
        cache: Cache,
    ) -> None:
        self._names, self._drawn, self._waiting, self._keys, self._cache = names, drawn, waiting, keys, cache

    def waiting(self, name: str) -> bool:
        return name in self._waiting and name not in self._drawn and not self._waiting[name].done()

    def __getitem__(self, name: str) -> Drawn:
        """Raises ReportError where the worker that drew it failed."""
        if name not in self._drawn:
            try:
                batch = self._waiting[name].result()
            except (TimeoutError, ProcessExpired) as error:
                message = f'the figure of "{name}" could not be drawn: {error or "it did not end"}'
                raise ReportError([Diagnostic("layout-failed", message, "look at its data")], ExitCode.BUG) from error
            for one, drawn in batch.items():
                self._drawn[one] = drawn
                self._cache.put(self._keys[one], drawn)
        return self._drawn[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def processors() -> int:
    """The processors that this process may use: of its affinity, and of its control group (cgroup v2, cpu.max)."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        usable = min(usable, max(1, int(quota) // int(period))) if quota != "max" else usable
    except (OSError, ValueError):
        pass
    return max(1, usable)


class Presses:
    """The worker processes of a build. Leaving the context ends them, whatever they are doing."""

    def __init__(self, jobs: int | None = None, cache: Cache | None = None) -> None:
        self.jobs = jobs or processors()
        self.cache = cache or Cache(None)
        self.programs: dict[bytes, bytes] = {}
        self._builds = 0
        self._pool: ProcessPool | None = None
        self._folder = TemporaryDirectory(prefix="builder-")

    def __enter__(self) -> Presses:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
        self._folder.cleanup()

    @property
    def pool(self) -> ProcessPool:
        if self._pool is None:
            self._pool = ProcessPool(max_workers=self.jobs, initializer=_ready, context=fork_server.context())
        return self._pool

    def set_up(self, setting: Setting) -> Layouts:
        """The presses with the stylesheets, fonts and figures of one edition."""
        keys = Keys(setting)
        self._builds += 1
        return Layouts(self, self._handed(replace(setting, beside=keys.beside)), self._builds, keys)

    def draw(self, sketch: Sketch, names: Sequence[str]) -> Figures:
        """Begin to draw the figures of these topics, where the cache has them not."""
        keys = figure_keys(sketch.report, sketch.theme, sketch.project, sketch.space, names)
        drawn: dict[str, Drawn] = {name: one for name in names if (one := self.cache.get(keys[name])) is not None}
        missing = [name for name in names if name not in drawn]
        file = str(self._handed(sketch)) if missing else ""
        # A worker that draws loads matplotlib first, which takes as long as a dozen figures.
        batches = min(self.jobs, -(-len(missing) // _BATCH))
        waiting: dict[str, Future[dict[str, Drawn]]] = {}
        for number in range(batches):
            batch = missing[number::batches]
            waiting |= dict.fromkeys(batch, self.pool.schedule(_draw, args=(file, batch), timeout=PATIENCE))
        return Figures(names, drawn, waiting, {name: keys[name] for name in missing}, self.cache)

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

    def _handed(self, what: Setting | Sketch) -> Path:
        """What all jobs of a kind need, where every worker can read it once."""
        data = pickle.dumps(what)
        file = Path(self._folder.name) / sha256(data).hexdigest()
        file.write_bytes(data)
        return file


class Layouts:
    """Sections on their way through the presses, in one setting."""

    def __init__(self, presses: Presses, setting: Path, build: int, keys: Keys) -> None:
        self._presses, self._setting, self._build, self._keys = presses, setting, build, keys
        self._under_way: dict[Future[Made], tuple[Job, str | None]] = {}
        self._ready: deque[tuple[Job, Fragment]] = deque()
        self._wrong: list[Diagnostic] = []
        self.read: frozenset[Path] = frozenset()

    @property
    def room(self) -> int:
        return self._presses.jobs * _AHEAD - len(self._under_way)

    def ask(self, job: Job) -> None:
        cached = self._keys.section(job)
        found = self._presses.cache.get(cached) if cached is not None else None
        if found is not None:
            fragment, read = found
            if (whole := self._presses.whole(fragment)) is not None:
                self.read |= read
                self._ready.append((job, whole))
                return
        future = self._presses.pool.schedule(_lay_out, args=(str(self._setting), job, self._build), timeout=PATIENCE)
        self._under_way[future] = job, cached

    def take(self) -> tuple[Job, Fragment]:
        """The next section that is done. Raises ReportError where stylesheets are wrong, or workers failed."""
        if self._ready:
            return self._ready.popleft()
        while self._under_way:
            done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
            future = next(one for one in self._under_way if one in done)
            job, cached = self._under_way.pop(future)
            try:
                fragment, read, programs = future.result()
            except TimeoutError:
                self._fail(job, f'the layout of "{job.name}" did not end within {PATIENCE // 60} minutes')
                continue
            except ProcessExpired as error:
                self._fail(job, f'the process that laid out "{job.name}" died (exit code {error.exitcode})')
                continue
            self._presses.learn(programs)
            self.read |= read
            if cached is not None:
                self._presses.cache.put(cached, (fragment, read))
            whole = self._presses.whole(fragment)
            assert whole is not None  # its programs came with it, or before
            return job, whole
        raise ReportError(in_order(self._wrong), ExitCode.BUG)

    def give_up(self) -> None:
        """Nobody wants what is still waiting; what is under way ends by itself."""
        for future in self._under_way:
            if not future.running():
                future.cancel()
        self._under_way.clear()

    def _fail(self, job: Job, message: str) -> None:
        hint = "look at what is special in this section; with little memory, use --jobs 1"
        self._wrong.append(Diagnostic("layout-failed", message, hint, job.span))


def _ready() -> None:
    """In each worker: the main process alone answers to Ctrl-C, and ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import builder.press_room  # noqa: F401 - where workers are spawned, each loads it

    gc.freeze()  # what is loaded stays: the collector need not look at it again


@lru_cache(maxsize=2)
def _sketch(file: str) -> Sketch:
    found: Sketch = pickle.loads(Path(file).read_bytes())
    return found


def _draw(file: str, names: Sequence[str]) -> dict[str, Drawn]:
    from builder.draw import drawn

    sketch = _sketch(file)
    return {name: drawn(sketch.report, sketch.theme, sketch.project, sketch.space, name) for name in names}


@lru_cache(maxsize=4)
def _press(setting: str) -> Press:
    try:
        from builder.paginate import Press
    except (ImportError, OSError) as error:  # Pango and HarfBuzz are loaded with the layout engine
        message = f"the layout engine cannot start: {str(error).splitlines()[0]}"
        hint = "run `builder doctor`: it says what to install"
        raise ReportError([Diagnostic("missing-library", message, hint)], ExitCode.MISSING_TOOL) from error
    # Written by the main process of this build, into a folder that nobody else may enter.
    known: Setting = pickle.loads(Path(setting).read_bytes())
    return Press(known.project, known.tokens, tagged=known.tagged)


@lru_cache(maxsize=4)
def _sent(_setting: str) -> set[bytes]:
    """Digests of the font programs that this worker has handed over."""
    return set()


@lru_cache(maxsize=1)
def _new_build(press: Press, _build: int) -> None:
    press.forget_pictures()


def _lay_out(setting: str, job: Job, build: int) -> Made:
    press = _press(setting)
    _new_build(press, build)
    gc.disable()  # boxes point at each other until the section is done: looking for rubbish before is in vain
    try:
        fragment = press.paginate(job)
    finally:
        gc.enable()
    sent, programs, faces = _sent(setting), {}, []
    for face in fragment.typefaces:
        digest = sha256(face.program).digest()
        if digest not in sent:
            programs[digest] = face.program
        faces.append(replace(face, program=digest))
    sent |= set(programs)
    return replace(fragment, typefaces=tuple(faces)), press.read, programs
