"""One message: text and HTML from the project's templates, the PDF attached."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

from builder.content import numbers
from builder.design.templates import letter
from builder.model.diagnostics import Diagnostic, ReportError, Span, warning
from builder.model.project import Project, shipped
from builder.model.report import Report
from builder.tools.mail.recipients import Recipient

MB = 1_000_000
# What the usual servers take, as the encoded message (their help pages; Exchange's default for many administrators).
LIMITS = {"Exchange": 10, "Outlook.com": 20, "Gmail": 25}
# Certified mail: size times recipients (DPCM 2 November 2005, technical rules, 6.4); here each message has one.
PEC = 30


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom it comes; without it, the mail program fills it in."""

    name: str
    address: str


class Letters:
    """Writes the messages of one mailing. Raises ReportError for what is wrong in the templates."""

    def __init__(self, project: Project, report: Report, pdf: Path, sender: Sender | None, when: datetime) -> None:
        self._project, self._report, self._sender, self._when = project, report, sender, when
        self._name = f"{report.slug}.pdf"  # ASCII: some programs garble other names
        data = pdf.read_bytes()
        self.digest = sha256(data).hexdigest()
        self._size = len(data)
        self._attached = MIMEPart(policy=SMTP)
        self._attached.set_content(data, "application", "pdf", disposition="attachment", filename=self._name)

    def message(self, to: Recipient) -> EmailMessage:
        front = self._report.front
        context = {
            "title": front.title.flat,
            "organisation": str(front.organisation),
            "period": numbers.period(front.period),
            "name": to.name,
            "salutation": to.salutation,
            "row": to.fields,
            "file": self._name,
            "megabytes": numbers.decimal(Decimal(f"{max(0.1, self._size / MB):.1f}"), front.language),
            "language": str(front.language),
        }
        words = {name: str(text).format_map(context) for name, text in self._report.labels.mail.items()}
        context["word"] = words
        subject, text, html = (
            letter(self._folder(name), name, context) for name in ("subject.txt", "body.txt", "body.html")
        )
        message = EmailMessage(policy=SMTP)
        if self._sender is not None:
            message["From"] = Address(self._sender.name, addr_spec=self._sender.address)
        message["To"] = Address(to.name, addr_spec=to.address)
        message["Subject"] = " ".join(subject.split())
        message["Date"] = format_datetime(self._when)
        message["Message-ID"] = f"<{self.key(to)}@{self._domain}>"
        message.set_content(text)
        message.add_alternative(html, subtype="html")
        message.make_mixed()
        message.attach(self._attached)  # type: ignore[arg-type]  # any part will do
        return message

    def _folder(self, name: str) -> Path:
        """Where a template stands: among those of the language, or of all languages, of the project or of builder."""
        mail = self._project.layouts / "mail"
        folders = (mail / str(self._report.front.language), mail)
        return next((one for one in folders if (one / name).is_file()), shipped("layouts") / "mail")

    def draft(self, to: Recipient) -> bytes:
        """An .eml that mail programs open as a draft."""
        message = self.message(to)
        for key in ("Date", "Message-ID"):  # the mail program gives them when it is sent
            del message[key]
        message["X-Unsent"] = "1"
        return message.as_bytes()

    def key(self, to: Recipient) -> str:
        """The same for the same PDF and person: a server that gets a message again can know it."""
        return sha256(f"{self.digest} {to.address.casefold()}".encode()).hexdigest()[:32]

    @property
    def _domain(self) -> str:
        return self._sender.address.rpartition("@")[2] if self._sender else "draft.invalid"


def draft_name(to: Recipient) -> str:
    """`0012-anna-rossi-at-comune-it.eml`: in the order of the table."""
    plain = unicodedata.normalize("NFKD", to.address.replace("@", " at ")).encode("ascii", "ignore").decode().lower()
    return f"{to.line:04d}-{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')[:80]}.eml"


def size_problems(size: int, *, certified: bool) -> Iterator[Diagnostic]:
    """What a message of `size` bytes, as it is sent, is too large for."""
    if certified and size > PEC * MB:
        said = f"the message has {size / MB:.1f} MB, and certified mail takes {PEC} MB times recipients"
        yield Diagnostic("too-large", said, "lower `budget` in content/report.yaml and build again")
    over = [f"{name} ({limit} MB)" for name, limit in LIMITS.items() if size > limit * MB]
    if len(over) == len(LIMITS):
        said = f"the message has {size / MB:.1f} MB, which is too large for {', '.join(over)}"
        yield Diagnostic("too-large", said, "lower `budget` in content/report.yaml and build again")
    elif over:
        said = f"the message has {size / MB:.1f} MB: {', '.join(over)} would send it back"
        yield warning("too-large", said, "lower `budget` in content/report.yaml and build again")


def finished(project: Project, report: Report, edition: str) -> tuple[Path, tuple[Diagnostic, ...]]:
    """The PDF to be mailed, and a warning where the project has changed since.

    Raises ReportError where there is none.
    """
    pdf = project.output / f"{report.slug}-{edition}.pdf"
    if not pdf.is_file():
        raise ReportError(
            [Diagnostic("no-pdf", f"there is no {pdf.name} yet", f"run first:  builder build --edition {edition}")]
        )
    built = pdf.stat().st_mtime
    sources = [f for folder in (project.content, project.layouts) for f in folder.rglob("*") if f.is_file()]
    newer = sorted(project.name(f) for f in sources if f.stat().st_mtime > built and "mail" not in f.parts)
    if not newer:
        return pdf, ()
    said = f"{pdf.name} is older than {newer[0]}" + (f" and {len(newer) - 1} more" if len(newer) > 1 else "")
    return pdf, (warning("old-pdf", said, f"builder build --edition {edition}", Span(newer[0])),)
