"""Progress for a person at a terminal; silence elsewhere."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

STAGES = ("start", "load", "check", "draw", "paginate", "bind", "finish", "preflight", "end")


class Bar:
    """A bar with the stage under way; called as `bar(stage, done, of)`. `spent` are seconds by stage."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self._progress: Progress | None = None
        self._stage, self._since = "", time.monotonic()
        self.spent: dict[str, float] = {}
        self._task: TaskID | None = None
        if console.is_terminal and not quiet:
            self._progress = Progress(
                TextColumn("{task.description:10}"),
                BarColumn(bar_width=32),
                TextColumn("{task.fields[said]}"),
                console=console,
                transient=True,
            )

    def __enter__(self) -> Bar:
        if self._progress:
            self._progress.start()
            self._task = self._progress.add_task("start", said="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress:
            self._progress.stop()

    def __call__(self, stage: str, done: int, of: int) -> None:
        now = time.monotonic()
        if self._stage:
            self.spent[self._stage] = self.spent.get(self._stage, 0) + now - self._since
        self._stage, self._since = stage, now
        if self._progress and self._task is not None:
            whole = (STAGES.index(stage) + done / max(1, of)) / len(STAGES)
            said = f"{done} of {of} sections" if stage == "paginate" else ""
            self._progress.update(self._task, description=stage, completed=100 * whole, said=said)

    def clear(self) -> None:
        """Take the bar away before something is printed."""
        if self._progress:
            self._progress.stop()
