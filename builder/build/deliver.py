"""The second half of the pipeline: bind → finish → preflight, and the files that leave the house."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from builder.build.run import Built, LaidOut, Run
from builder.content.anchors import anchor_titles
from builder.content.check import stop_at_errors
from builder.content.plan import job_sheet as plan_job_sheet
from builder.design.duotone import duotones
from builder.design.edition import EMAIL, STEPS, Edition, Step
from builder.design.printer import COVER_PAGES, Printer
from builder.model.attachment import Attachment
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, Span, errors, in_order
from builder.model.folios import settled
from builder.model.fragment import Book, Fragment, SectionJob, Start
from builder.pages.layout_queue import LayoutQueue
from builder.pages.setting import setting
from builder.pdf import data
from builder.pdf.bind import bind
from builder.pdf.bind.pictures import placed
from builder.pdf.darkroom import Darkroom, need
from builder.pdf.delivery import Delivery
from builder.pdf.finish import Bound, Finished, describe, finish, moment
from builder.pdf.streams import share_equal_streams
from builder.pdf.weight import weights
from builder.preflight import Verdict, job_sheet, preflight, proof
from builder.preflight.job_sheet import Delivered
from builder.runtime.progress import Stage

MB = 1_000_000
# A section of so many pages keeps one processor and its memory to itself for a while.
LONG = 100


def deliver(run: Run, edition: Edition, laid: LaidOut, output: Path) -> Built:
    """bind → finish → preflight. Pictures of a file to be mailed step down until it is within its budget."""
    with Delivery(output) as delivery:
        return _delivered(run, edition, laid, delivery)


def _delivered(run: Run, edition: Edition, laid: LaidOut, delivery: Delivery) -> Built:
    name = f"{run.report.slug}-{edition.file}"
    attached = _attachments(run, edition, laid)
    budget = float(run.report.front.budget) * MB if edition.mailed else None
    remarks = [_long(fragment) for fragment in laid.book.fragments if fragment.pages >= LONG]
    before = 0
    for number, step in enumerate(STEPS if budget is not None else STEPS[:1]):
        files, said = _saved(run, edition, laid, attached, step, name, delivery)
        size = files[""].stat().st_size
        if number:
            cost = f"{before / MB:.1f} → {size / MB:.1f} MB"
            remarks.append(f"pictures at {step.resolution} dpi and quality {step.quality}: {cost}")
        if budget is None or size <= budget:
            break
        before = size
    else:
        raise ReportError([_too_large(files[""], run)], ExitCode.PREFLIGHT)
    if edition.printer is not None:
        verdicts = _for_the_press(run, edition.printer, laid, name, files, delivery)
        said = in_order([*said, *(d for verdict in verdicts for d in verdict.diagnostics)])
        remarks += _remarks(laid.book, verdicts)
    return Built(delivery.publish(), laid.book.pages, said, tuple(remarks))


def _saved(
    run: Run,
    edition: Edition,
    laid: LaidOut,
    attached: Sequence[Attachment],
    step: Step,
    name: str,
    delivery: Delivery,
) -> tuple[dict[str, Path], tuple[Diagnostic, ...]]:
    """The edition's files with their pictures as good as `step`, and what is to be said of them."""
    finished = _finished(run, edition, laid, attached, step, delivery.scratch(f"{name}-album.pdf"))
    try:
        said = in_order([*laid.diagnostics, *finished.diagnostics])
        stop_at_errors(said, run.strict)
        for pdf in finished.files.values():
            share_equal_streams(pdf)
        run.progress(Stage("preflight"))
        files = {part: delivery.pdf(f"{name}{part}.pdf", pdf, finished.version) for part, pdf in finished.files.items()}
        for pdf in finished.files.values():
            if found := proof(pdf, run.theme, edition):
                raise ReportError(found, ExitCode.PREFLIGHT)
    finally:
        for pdf in finished.files.values():
            pdf.close()
    return files, said


def _finished(
    run: Run, edition: Edition, laid: LaidOut, attached: Sequence[Attachment], step: Step, album: Path
) -> Finished:
    run.progress(Stage("bind"))
    pictures = placed(laid.fragments)
    if pictures:
        icc = edition.printer.icc if edition.printer else None
        tones = duotones(run.theme, edition.space)
        Darkroom(run.presses, run.project.root, icc).fill(album, pictures, need(edition, step), tones)
    titles, language = anchor_titles(run.report, laid.sections, laid.book.folios), run.report.front.language
    bound = bind(
        laid.fragments,
        titles,
        language,
        tagged=edition.tagged,
        album=album if pictures else None,
    )
    run.progress(Stage("finish"))
    thick = None
    if laid.spine is not None and edition.printer is not None:
        thick = edition.printer.spine(laid.book.pages - COVER_PAGES)
    about = Bound(laid.book.blank, thick)
    return finish(bound, run.report, run.theme, edition, run.project, about, attached)


def _attachments(run: Run, edition: Edition, laid: LaidOut) -> tuple[Attachment, ...]:
    if not edition.with_data:
        return ()
    book = laid.book
    files = data.attachments(run.report, laid.sections, book.folios, book.printed)
    inputs = {*run.inputs, *laid.queue.read, *laid.composer.read}
    return (*files, data.receipt(files, inputs, run.project.root, edition.name, moment()))


def _for_the_press(
    run: Run, printer: Printer, laid: LaidOut, name: str, files: Mapping[str, Path], delivery: Delivery
) -> list[Verdict]:
    """Hold the files against the printer's rules, and write the job sheet that goes with them."""
    book, report, theme = laid.book, run.report, run.theme
    checked = []
    for part, file in files.items():
        spine = printer.spine(book.pages - COVER_PAGES) if laid.spine is not None else 0.0
        spread = (2 * float(theme.page.width) + spine, float(theme.page.height)) if part == "-cover" else None
        checked.append(Delivered(f"{name}{part}.pdf", file, preflight(file, printer, spread=spread)))
    wrong = [d for one in checked for d in one.verdict.diagnostics]
    if errors(wrong) or (run.strict and wrong):
        raise ReportError(in_order([*laid.diagnostics, *wrong]), ExitCode.PREFLIGHT)
    lines = job_sheet.rows(report, theme, printer, checked, book.notes)
    sheet = plan_job_sheet(report, theme)
    html = laid.composer.compose(sheet, {"rows": lines})
    assert html is not None
    screen = LayoutQueue(run.presses, setting(run.project, theme, EMAIL, run.report.front), run.programs)
    screen.ask(SectionJob(sheet.name, html, Start("recto", 1)))
    fragment = settled(screen.take()[1], 1, {})
    stop_at_errors(fragment.diagnostics, run.strict)
    with bind([fragment], {}, report.front.language, tagged=True) as one_page:
        describe(one_page, report, tagged=True, part=f", {sheet.title}")
        delivery.pdf(f"{name}-job-sheet.pdf", one_page, "1.7")
    delivery.text(f"{name}-job-sheet.txt", job_sheet.as_text(sheet.title, lines))
    return [one.verdict for one in checked]


def _long(fragment: Fragment) -> str:
    return (
        f'"{fragment.name}" is one section of {fragment.pages} pages: one process lays it out, and holds all of it. '
        "In several topics it would be faster and take less memory"
    )


def _too_large(file: Path, run: Run) -> Diagnostic:
    heaviest = "; ".join(f"{name} {size / MB:.1f} MB" for name, size in weights(file)[:5])
    return Diagnostic(
        "too-large",
        f"the edition to be mailed has {file.stat().st_size / MB:.1f} MB with its pictures at their smallest, and the "
        f"budget is {run.report.front.budget} MB",
        f"what takes the space: {heaviest}. Use fewer pictures, or raise `budget` in content/report.yaml",
        Span("content/report.yaml"),
    )


def _remarks(book: Book, verdicts: Sequence[Verdict]) -> Iterator[str]:
    if book.notes:
        yield f"{book.notes} page{'s' if book.notes > 1 else ''} for notes added to fill the last sheet"
    names = ("inside: ", "cover: ") if len(verdicts) > 1 else ("",)
    yield from (name + verdict.summary for name, verdict in zip(names, verdicts, strict=False))
