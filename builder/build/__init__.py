"""The whole pipeline on one screen; the only module that knows the order of the stages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from threading import Thread

from builder.build.run import Built as Built
from builder.build.run import LaidOut, Run
from builder.content.approval import approvals
from builder.content.check import Checked, Sound, content_error, sound, stop_at_errors
from builder.content.check import check as check_manuscript
from builder.content.check.background import Judging
from builder.content.load import load
from builder.content.plan import figures, plan
from builder.content.rules.waivers import Waived
from builder.content.schema_errors import validated
from builder.design.edition import EMAIL, Edition
from builder.design.printer import Printer
from builder.design.theme import Space, Theme
from builder.figures import asked
from builder.figures.asked import Figures
from builder.figures.job import Sketch
from builder.model.diagnostics import Diagnostic, ReportError, Span, errors, in_order
from builder.model.drawing import no_room
from builder.model.front import Frontmatter
from builder.model.manuscript import Manuscript
from builder.model.project import Project
from builder.model.report import Report
from builder.pages import PRELOAD
from builder.pages.book import BookLayout
from builder.pages.compose import Composer
from builder.pages.layout_queue import LayoutQueue, Programs, warm_up
from builder.pages.setting import setting
from builder.pages.spine import lay_out_spine
from builder.pages.strangers import strangers
from builder.pages.tables import set_tables
from builder.pages.tables.parted import parted
from builder.runtime.cache import Cache, key
from builder.runtime.presses import Presses
from builder.runtime.progress import Progress, Stage, nobody
from builder.runtime.workers import Workers

# Sections that are no topic: with more workers than these and the topics, some would have nothing to do.
_AROUND = 16


def build(
    project: Project,
    edition: Edition = EMAIL,
    output: Path | str | None = None,
    *,
    strict: bool = False,
    release: bool = False,
    jobs: int | None = None,
    cache: Cache | None = None,
    progress: Progress = nobody,
) -> Built:
    """Build one edition, into the folder `output` or the project's own, with so many worker processes (`jobs`).

    `strict`: warnings count as errors; `release`: every signature is wanted. Raises ReportError with every problem;
    the files of the last build are then as they were.
    """
    with Presses(Workers(PRELOAD), jobs, cache) as presses:
        folder = None if output is None else Path(output)
        return list(builds(project, [edition], folder, presses, strict=strict, release=release, progress=progress))[-1]


def builds(
    project: Project,
    editions: Sequence[Edition],
    output: Path | None,
    presses: Presses,
    *,
    strict: bool = False,
    release: bool = False,
    progress: Progress = nobody,
) -> Iterator[Built]:
    """load → check → draw → compose → paginate → bind → finish → preflight, for each edition.

    What editions share is made once. A `release` wants every signature. Raises ReportError with every problem; an
    edition's files are replaced only where there was none.
    """
    progress(Stage("load"))
    manuscript = load(project)
    presses.at_most(len(manuscript.topics) + _AROUND)
    _warm_up(presses, manuscript, project, editions[0])
    progress(Stage("check"))
    found = _sound(manuscript, project)
    if release and (wanting := _unsigned(found.report, project)):
        raise ReportError(in_order([*wanting, *errors(found.judged().diagnostics)]))
    judging = Judging(found, strict)
    inputs = tuple(project.root / name for name in manuscript.read)
    run = Run(
        project, found.report, found.theme, inputs, strict, judging.stopping(progress), presses, Programs(presses.cache)
    )
    drawn: dict[Space, Figures] = {}
    laid: dict[Printer | None, LaidOut] = {}
    for edition in editions:
        if edition.space not in drawn:
            drawn[edition.space] = _draw(run, edition.space)
        if edition.printer not in laid:  # compose and paginate, which the editions for screens share
            laid[edition.printer] = _lay_out(run, edition, drawn[edition.space], judging)
        from builder.build.deliver import deliver

        yield deliver(run, edition, laid[edition.printer], output or project.output)


def check(project: Project) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with the content, in the order of files and lines; nothing is built."""
    try:
        return check_manuscript(load(project), project).diagnostics
    except ReportError as error:
        return error.diagnostics


def checked(project: Project) -> Report:
    """The report as it stands, without building it. Raises ReportError with every problem."""
    found = check_manuscript(load(project), project)
    stop_at_errors(found.diagnostics, strict=False)
    assert found.report is not None
    return found.report


def laid_out(project: Project) -> tuple[Manuscript, Report, LaidOut, tuple[Waived, ...]]:
    """The book as it stands on its pages for screens, what it was made from, and the findings that are waived.

    Raises ReportError with every problem.
    """
    manuscript = load(project)
    found = _sound(manuscript, project)
    judging = Judging(found, strict=False)
    with Presses(Workers(PRELOAD)) as presses:
        programs = Programs(presses.cache)
        run = Run(project, found.report, found.theme, (), False, judging.stopping(nobody), presses, programs)
        laid = _lay_out(run, EMAIL, _draw(run, EMAIL.space), judging)
    return manuscript, found.report, laid, judging.result().waived


def _sound(manuscript: Manuscript, project: Project) -> Sound:
    found = sound(manuscript, project)
    if isinstance(found, Checked):
        raise content_error(found.diagnostics)
    return found


def _unsigned(report: Report, project: Project) -> tuple[Diagnostic, ...]:
    hint = "`builder sign NAME --by WHO` once they have seen it; without --release a draft is built"
    return tuple(
        Diagnostic(
            "unsigned", f'{one.by} has not signed the {one.kind} "{one.name}"', hint, Span("content/report.yaml")
        )
        for one in approvals(report, project)
        if not one.signed
    )


def _warm_up(presses: Presses, manuscript: Manuscript, project: Project, edition: Edition) -> None:
    """While the content is checked, the workers read fonts and stylesheets."""
    if (theme := validated(Theme, manuscript.theme, [])) is not None:
        # Most that was laid out before is in the cache: one will do, and leaves the processors to the check.
        known = presses.cache.has(_lengths(project, edition))
        front = validated(Frontmatter, manuscript.report, [])
        warm_up(presses, setting(project, theme, edition, front), 1 if known else presses.jobs)


def _load_the_rest() -> None:
    """What will be wanted when all sections are laid out; pikepdf writes metadata with lxml."""
    for name in ("builder.build.deliver", "lxml.etree"):
        import_module(name)


def _lengths(project: Project, edition: Edition) -> str:
    """The cache's name for the pages and digests that the sections of an edition had the last time."""
    return key("lengths", str(project.root), edition.file)


def _draw(run: Run, space: Space) -> Figures:
    run.progress(Stage("draw"))
    sketch = Sketch(run.report, run.theme, run.project, space)
    return asked.begin(run.presses, sketch, figures(run.report))


def _without_room(report: Report, drawn: Figures) -> Iterator[Diagnostic]:
    """Texts that figures have no room for, at the lines of these."""
    for name, fault in drawn.faults():
        yield no_room(fault, report.figure(name).figure.title.span)


def _lay_out(run: Run, edition: Edition, drawn: Figures, judging: Judging) -> LaidOut:
    """compose and paginate. While the first sections are laid out, the rest of the check begins."""
    report, theme, project = run.report, run.theme, run.project
    tables = set_tables(report, theme, project)
    sections = parted(
        plan(report, theme), tables, frozenset(p.stem for p in (project.layouts / "pages").glob("*.html"))
    )
    composer = Composer(report, theme, project, drawn, tables, sections, drawn.waiting, run.presses.cache)
    queue = LayoutQueue(run.presses, setting(project, theme, edition, report.front), run.programs)
    cache, name = run.presses.cache, _lengths(project, edition)

    def meanwhile() -> None:
        judging.begin()
        Thread(target=_load_the_rest, daemon=True).start()

    try:
        layout = BookLayout(sections, composer, queue, report, edition.printer, run.progress, cache.get(name) or {})
        book = layout.book(meanwhile)
        cache.put(name, layout.lengths())
        spine = lay_out_spine(book, composer, queue, report, theme, project, edition.printer)
    except ReportError as error:
        queue.give_up()
        raise judging.with_findings(error) from error
    except BaseException:
        queue.give_up()
        raise
    fragments = [*book.fragments, *([spine] if spine is not None else [])]
    found = [
        *_without_room(report, drawn),
        *(fault for one in tables.values() for fault in one.faults),
        *(d for f in fragments for d in f.diagnostics),
        *strangers(report, fragments),
    ]
    said = in_order([*judging.result().diagnostics, *found])
    stop_at_errors(said, run.strict)
    return LaidOut(sections, composer, queue, book, spine, said)
