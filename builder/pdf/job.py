"""Photos are prepared in the worker processes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from builder.runtime.jobs import done, tasks
from builder.runtime.progress import Task, timed

if TYPE_CHECKING:
    from builder.design.colour import Separation
    from builder.pdf.picture import Need, Prepared


def prepare(file: str, scale: float, icc: str | None, need: Need) -> tuple[Prepared | str, tuple[Task, ...]]:
    """The picture in `file`, for the press whose profile is in the file `icc`, or for screens; or what is wrong."""
    from builder.pdf.picture import prepare

    with timed(tasks, "prepare", Path(file).name):
        made = prepare(Path(file), scale, _separation(icc), need)
    return made, done()


@lru_cache(maxsize=2)
def _separation(icc: str | None) -> Separation:
    from builder.design.colour import Separation

    return Separation(Path(icc) if icc is not None else None)
