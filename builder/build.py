"""The whole pipeline on one screen; the only module that knows the order of the stages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from builder import data, job_sheet
from builder.approval import approvals
from builder.attachment import Attachment
from builder.back import back
from builder.bind import bind
from builder.book import Book, Progress, paginate
from builder.cache import Cache, key
from builder.check import check
from builder.compose import Composer
from builder.delivery import Delivery
from builder.diagnostics import Diagnostic, ExitCode, ReportError, Span, errors, in_order
from builder.edition import EMAIL, STEPS, Edition, Step
from builder.finish import Bound, Finished, describe, finish, moment
from builder.folios import settled
from builder.fragment import Fragment, Job, Start
from builder.job_sheet import Delivered
from builder.keys import Setting
from builder.load import load
from builder.model import Report
from builder.plan import Section, anchor_titles, figures, plan
from builder.plan import job_sheet as plan_job_sheet
from builder.preflight import Verdict, preflight, proof
from builder.presses import Figures, Layouts, Presses, Sketch
from builder.printer import COVER_PAGES, Printer
from builder.project import Project
from builder.rules.waivers import Waived
from builder.theme import Space, Theme
from builder.trace import Trace, strangers, trace
from builder.weight import weights

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Built:
    """A finished edition: its files, the first of them the book itself, and what should be said of them."""

    paths: tuple[Path, ...]
    pages: int
    diagnostics: tuple[Diagnostic, ...]
    remarks: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return self.paths[0]


def build(
    project: Project,
    edition: Edition,
    output: Path | None = None,
    *,
    strict: bool = False,
    release: bool = False,
    jobs: int | None = None,
    cache: Cache | None = None,
    progress: Progress = lambda _stage, _done, _of: None,
) -> Built:
    """One edition. Raises ReportError with every problem."""
    made = builds(project, [edition], output, strict=strict, release=release, jobs=jobs, cache=cache, progress=progress)
    return list(made)[-1]


def builds(
    project: Project,
    editions: Sequence[Edition],
    output: Path | None = None,
    *,
    strict: bool = False,
    release: bool = False,
    jobs: int | None = None,
    cache: Cache | None = None,
    presses: Presses | None = None,
    progress: Progress = lambda _stage, _done, _of: None,
) -> Iterator[Built]:
    """load → check → draw → compose → paginate → bind → finish → preflight, for each edition.

    What editions share is made once; `jobs` processes lay out sections (None: as many as there are processors), and
    what is in the `cache` is not laid out again; or `presses` do it that are at work already. A `release` wants every
    signature. Raises ReportError with every problem; an edition's files take their names only where there is none.
    """
    with nullcontext(presses) if presses is not None else Presses(jobs, cache) as at_work:
        progress("load", 0, 1)
        manuscript = load(project)
        progress("check", 0, 1)
        judged = check(manuscript, project)
        _stop_at_errors(judged.diagnostics, strict)
        assert judged.report is not None
        assert judged.theme is not None
        if release and (wanting := _unsigned(judged.report, project)):
            raise ReportError(wanting)
        inputs = tuple(project.root / name for name in manuscript.read)
        job = _Job(project, judged.report, judged.theme, judged.diagnostics, inputs, strict, progress, at_work)
        drawn: dict[Space, Figures] = {}
        laid: dict[Printer | None, _Laid] = {}
        for edition in editions:
            if edition.space not in drawn:
                drawn[edition.space] = _draw(job, edition.space)
            if edition.printer not in laid:  # compose and paginate, which the editions for screens share
                laid[edition.printer] = _lay_out(job, edition, drawn[edition.space])
            with Delivery(output or project.output) as delivery:
                yield _deliver(job, edition, laid[edition.printer], delivery)


def checked(project: Project) -> Report:
    """The report as it stands, without building it. Raises ReportError with every problem."""
    found = check(load(project), project)
    _stop_at_errors(found.diagnostics, strict=False)
    assert found.report is not None
    return found.report


@dataclass(frozen=True, slots=True)
class Traced:
    """Where every number of a report comes from and stands, and the findings that are waived."""

    title: str
    organisation: str
    trace: Trace
    waived: tuple[Waived, ...]


def traced(project: Project) -> Traced:
    """Lay the book out as for screens, and follow its numbers. Raises ReportError with every problem."""
    manuscript = load(project)
    judged = check(manuscript, project)
    _stop_at_errors(judged.diagnostics, strict=False)
    assert judged.report is not None
    assert judged.theme is not None
    report = judged.report
    with Presses() as presses:
        job = _Job(project, report, judged.theme, (), (), False, lambda _stage, _done, _of: None, presses)
        laid = _lay_out(job, EMAIL, _draw(job, EMAIL.space))
    found = trace(report, manuscript, laid.book.fragments, judged.waived, approvals(report, project))
    return Traced(report.front.title.flat, str(report.front.organisation), found, judged.waived)


def _unsigned(report: Report, project: Project) -> tuple[Diagnostic, ...]:
    hint = "`builder sign NAME --by WHO` once they have seen it; without --release a draft is built"
    return tuple(
        Diagnostic(
            "unsigned", f'{one.by} has not signed the {one.kind} "{one.name}"', hint, Span("content/report.yaml")
        )
        for one in approvals(report, project)
        if not one.signed
    )


@dataclass(frozen=True, slots=True)
class _Job:
    """What all editions of one run share."""

    project: Project
    report: Report
    theme: Theme
    diagnostics: tuple[Diagnostic, ...]
    inputs: tuple[Path, ...]
    strict: bool
    progress: Progress
    presses: Presses


@dataclass(frozen=True, slots=True)
class _Laid:
    """The sections of a book on their pages, and what they were made with."""

    sections: tuple[Section, ...]
    composer: Composer
    layouts: Layouts
    book: Book
    back: Fragment | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        return (*self.book.fragments, *([self.back] if self.back is not None else []))


def _draw(job: _Job, space: Space) -> Figures:
    job.progress("draw", 0, 1)
    return job.presses.draw(Sketch(job.report, job.theme, job.project, space), figures(job.report))


def _lay_out(job: _Job, edition: Edition, drawn: Figures) -> _Laid:
    report, theme, project = job.report, job.theme, job.project
    sections = plan(report, theme)
    composer = Composer(report, theme, project, drawn, sections, drawn.waiting)
    tokens = theme.css(edition.space, project.fonts, bleed=edition.bleed)
    setting = Setting(project, tokens, edition.tagged)
    layouts = job.presses.set_up(setting)
    cache, name = job.presses.cache, key("lengths", str(project.root), edition.file)
    try:
        book = paginate(sections, composer, layouts, report, edition.printer, job.progress, cache.get(name))
    except BaseException:
        layouts.give_up()
        raise
    cache.put(name, {fragment.name: fragment.pages for fragment in book.fragments})
    spine = back(book, composer, layouts, report, theme, project, edition.printer)
    fragments = [*book.fragments, *([spine] if spine is not None else [])]
    found = [*(d for f in fragments for d in f.diagnostics), *strangers(report, fragments)]
    said = in_order([*job.diagnostics, *found])
    _stop_at_errors(said, job.strict)
    return _Laid(sections, composer, layouts, book, spine, said)


def _deliver(job: _Job, edition: Edition, laid: _Laid, delivery: Delivery) -> Built:
    """bind → finish → preflight. Pictures of a file to be mailed step down until it is within its budget."""
    name = f"{job.report.slug}-{edition.file}"
    attached = _attachments(job, edition, laid)
    budget = float(job.report.front.budget) * MB if edition.mailed else None
    remarks: list[str] = []
    before = 0
    for number, step in enumerate(STEPS if budget is not None else STEPS[:1]):
        finished = _finished(job, edition, laid, attached, step)
        said = in_order([*laid.diagnostics, *finished.diagnostics])
        _stop_at_errors(said, job.strict)
        job.progress("preflight", 0, 1)
        files = {part: delivery.pdf(f"{name}{part}.pdf", pdf, finished.version) for part, pdf in finished.files.items()}
        size = files[""].stat().st_size
        if number:
            cost = f"{before / MB:.1f} → {size / MB:.1f} MB"
            remarks.append(f"pictures at {step.resolution} dpi and quality {step.quality}: {cost}")
        if budget is None or size <= budget:
            break
        before = size
    else:
        raise ReportError([_too_large(files[""], job)], ExitCode.PREFLIGHT)
    for pdf in finished.files.values():
        if found := proof(pdf, job.theme, edition):
            raise ReportError(found, ExitCode.PREFLIGHT)
        pdf.close()
    if edition.printer is not None:
        verdicts = _for_the_press(job, edition.printer, laid, name, files, delivery)
        said = in_order([*said, *(d for verdict in verdicts for d in verdict.diagnostics)])
        remarks += _remarks(laid.book, verdicts)
    return Built(delivery.publish(), laid.book.pages, said, tuple(remarks))


def _finished(job: _Job, edition: Edition, laid: _Laid, attached: Sequence[Attachment], step: Step) -> Finished:
    job.progress("bind", 0, 1)
    titles, language = anchor_titles(job.report, laid.sections), job.report.front.language
    bound = bind(laid.fragments, titles, language, tagged=edition.tagged)
    job.progress("finish", 0, 1)
    thick = None
    if laid.back is not None and edition.printer is not None:
        thick = edition.printer.spine(laid.book.pages - COVER_PAGES)
    about = Bound(laid.book.blank, thick)
    return finish(bound, job.report, job.theme, edition, job.project, about, attached, step)


def _attachments(job: _Job, edition: Edition, laid: _Laid) -> tuple[Attachment, ...]:
    if not edition.with_data:
        return ()
    book = laid.book
    files = data.attachments(job.report, laid.sections, book.folios, book.printed)
    inputs = {*job.inputs, *laid.layouts.read, *laid.composer.read}
    return (*files, data.receipt(files, inputs, job.project.root, edition.name, moment()))


def _for_the_press(
    job: _Job, printer: Printer, laid: _Laid, name: str, files: Mapping[str, Path], delivery: Delivery
) -> list[Verdict]:
    """Hold the files against the printer's rules, and write the job sheet that goes with them."""
    book, report, theme = laid.book, job.report, job.theme
    checked = []
    for part, file in files.items():
        spine = printer.spine(book.pages - COVER_PAGES) if laid.back is not None else 0.0
        spread = (2 * float(theme.page.width) + spine, float(theme.page.height)) if part == "-cover" else None
        checked.append(Delivered(f"{name}{part}.pdf", file, preflight(file, printer, spread=spread)))
    wrong = [d for one in checked for d in one.verdict.diagnostics]
    if errors(wrong) or (job.strict and wrong):
        raise ReportError(in_order([*laid.diagnostics, *wrong]), ExitCode.PREFLIGHT)
    lines = job_sheet.rows(report, theme, printer, checked, book.notes)
    sheet = plan_job_sheet(report, theme)
    html = laid.composer.compose(sheet, {"rows": lines})
    assert html is not None
    screen = job.presses.set_up(Setting(job.project, theme.css("srgb", job.project.fonts, bleed=0), tagged=True))
    screen.ask(Job(sheet.name, html, Start("recto", 1)))
    fragment = settled(screen.take()[1], 1, {})
    with bind([fragment], {}, report.front.language, tagged=True) as one_page:
        describe(one_page, report, tagged=True, part=f", {sheet.title}")
        delivery.pdf(f"{name}-job-sheet.pdf", one_page, "1.7")
    delivery.text(f"{name}-job-sheet.txt", job_sheet.as_text(sheet.title, lines))
    return [one.verdict for one in checked]


def _too_large(file: Path, job: _Job) -> Diagnostic:
    heaviest = "; ".join(f"{name} {size / MB:.1f} MB" for name, size in weights(file)[:5])
    return Diagnostic(
        "too-large",
        f"the edition to be mailed has {file.stat().st_size / MB:.1f} MB with its pictures at their smallest, and the "
        f"budget is {job.report.front.budget} MB",
        f"what takes the space: {heaviest}. Use fewer pictures, or raise `budget` in content/report.yaml",
        Span("content/report.yaml"),
    )


def _remarks(book: Book, verdicts: Sequence[Verdict]) -> Iterator[str]:
    if book.notes:
        yield f"{book.notes} page{'s' if book.notes > 1 else ''} for notes added to fill the last sheet"
    names = ("inside: ", "cover: ") if len(verdicts) > 1 else ("",)
    yield from (name + verdict.summary for name, verdict in zip(names, verdicts, strict=False))


def _stop_at_errors(diagnostics: Sequence[Diagnostic], strict: bool) -> None:
    if errors(diagnostics) or (strict and diagnostics):
        fonts = all(d.code == "missing-font" for d in errors(diagnostics)) and errors(diagnostics)
        raise ReportError(diagnostics, ExitCode.MISSING_TOOL if fonts else ExitCode.CONTENT)
