"""Progress for a person: a bar at a terminal, and a line now and then where there is none."""

from __future__ import annotations

import os
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from builder.runtime.progress import STAGES, Stage, Task

# Where there is no terminal, a long stage is heard of so often, in seconds.
_EVERY = 5.0


class Bar:
    """Called with each step of a build; `tasks` are the stages that are over."""

    def __init__(self, console: Console, *, quiet: bool, since: float) -> None:
        """`since` is when the build began, in seconds of `time.monotonic`."""
        self._console, self._plain = console, not quiet and not console.is_terminal
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._stage, self._since, self._said = Stage("start"), since, time.monotonic()
        self.tasks: list[Task] = []
        if console.is_terminal and not quiet:
            self._progress = Progress(
                TextColumn("{task.description:10}"),
                BarColumn(bar_width=32),
                TextColumn("{task.fields[said]}", markup=False),
                console=console,
                transient=True,
            )

    @property
    def spent(self) -> dict[str, float]:
        """Seconds by stage."""
        found: dict[str, float] = {}
        for task in self.tasks:
            found[task.what] = found.get(task.what, 0.0) + task.end - task.start
        return found

    def __enter__(self) -> Bar:
        if self._progress:
            self._progress.start()
            self._task = self._progress.add_task("start", said="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def end(self) -> None:
        """The last stage is over."""
        self._over(time.monotonic())

    def _over(self, now: float) -> None:
        self.tasks.append(Task(self._stage.name, "", os.getpid(), self._since, now))
        self._since = now

    def __call__(self, stage: Stage) -> None:
        now = time.monotonic()
        if stage.name != self._stage.name:
            self._over(now)
            if self._plain and self._stage.last:
                self._console.print(f"{self._stage.name}: {_said(self._stage)}", markup=False)
        elif self._plain and stage.last and now - self._said > _EVERY:
            self._said = now
            self._console.print(f"{stage.name}: {_said(stage)}; {stage.last}", markup=False)
        self._stage = stage
        if self._progress and self._task is not None and stage.name != STAGES[-1]:
            self._progress.start()  # again, where something was printed
            whole = (STAGES.index(stage.name) + stage.done / max(1, stage.of)) / len(STAGES)
            said = f"{_said(stage)}; {stage.last}" if stage.last else ""
            self._progress.update(self._task, description=stage.name, completed=100 * whole, said=said)

    def clear(self) -> None:
        """Take the bar away before something is printed."""
        if self._progress:
            self._progress.stop()


def _said(stage: Stage) -> str:
    cached = f", {stage.cached} from the cache" if stage.cached else ""
    return f"{stage.done} of {stage.of} sections{cached}"
