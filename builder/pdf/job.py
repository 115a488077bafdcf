"""Photos are prepared in the worker processes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from builder.runtime.jobs import done, tasks
from builder.runtime.progress import Task, timed

if TYPE_CHECKING:
    from builder.design.colour import Separation
    from builder.design.duotone import Duotone
    from builder.pdf.picture import Need, Prepared


def prepare(
    file: str, page: int, scale: float, tone: Duotone | None, icc: str | None, need: Need
) -> tuple[Prepared | str, tuple[Task, ...]]:
    """The picture in `file`, or a `page` of it, for the press whose profile is in the file `icc`, or for screens.

    Or what is wrong with it.
    """
    from builder.pdf.picture import prepare

    with timed(tasks, "prepare", Path(file).name):
        made = prepare(Path(file), scale, _separation(icc), need, page, tone)
    return made, done()


@lru_cache(maxsize=2)
def _separation(icc: str | None) -> Separation:
    from builder.design.colour import Separation

    return Separation(Path(icc) if icc is not None else None)
