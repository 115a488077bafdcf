"""Mailing: hostile tables, drafts as mail programs read them, and a real SMTP server that is killed half-way."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from builder.build import checked
from builder.cli.app import main
from builder.model.diagnostics import ReportError
from builder.tools.mail.journal import Journal, State
from builder.tools.mail.message import Letters, Sender, draft_name, size_problems
from builder.tools.mail.post import Posted, Server, post
from builder.tools.mail.recipients import Recipients, recipients
from tests.conftest import Change

FROM = Sender("Office", "office@town.example")
WHEN = datetime(2026, 1, 2, tzinfo=UTC)


def table(folder: Path, text: str | bytes) -> Recipients:
    file = folder / "people.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return recipients(file)


def some(folder: Path, count: int) -> Recipients:
    return table(folder, "email,name\n" + "".join(f"p{n}@town.example,P {n}\n" for n in range(count)))


@pytest.fixture
def letters(project: Change, tmp_path: Path) -> Letters:
    place = project()
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(b"%PDF-1.7\n" + os.urandom(2000) + b"\n%%EOF\n.\n..\n")
    return Letters(place, checked(place), pdf, FROM, WHEN)


@pytest.mark.parametrize(
    ("text", "addresses", "codes"),
    [
        ("email,name\na@x.example,A\n", ["a@x.example"], []),
        ("nome;e-mail;saluto\nA;a@x.example;Cara A\n", ["a@x.example"], []),
        ("name\temail\nA\ta@x.example\n", ["a@x.example"], []),
        ("a@x.example,A\nb@x.example,B\n", ["a@x.example", "b@x.example"], ["no-header"]),
        ("email,name\na@x.example,\u00c0\n".encode("cp1252"), ["a@x.example"], ["encoding"]),
        ("email,name\na@x.example,\u00c0\n".encode("utf-16"), ["a@x.example"], []),
        ("\ufeffemail,name\r\na@x.example,A\r\n", ["a@x.example"], []),
        ('email,name\na@x.example,"A\nBcc: z@x.example"\nb@x.example,B\n', ["b@x.example"], ["bad-cell"]),
        ("email,name\nnot an address,A\na@x.example,A\n", ["a@x.example"], ["bad-address"]),
        ("email,name\n,A\na@x.example,A\n", ["a@x.example"], ["bad-address"]),
        ("email,name\na@x.example,A,B\nb@x.example,B\n", ["b@x.example"], ["bad-row"]),
        ("email,name\na@x.example,A\nA@X.example,B\n", ["a@x.example"], ["twice"]),
        ("email,name\na@b\u00fccher.example,A\n", ["a@xn--bcher-kva.example"], []),
        ("email,name\n\u00e0@x.example,A\nb@x.example,B\n", ["b@x.example"], ["bad-address"]),
        ('email,name\na@x.example,"Rossi, Anna"\n\n  ,\n', ["a@x.example"], []),
        (f"email,name\na@x.example,{'x' * 600}\nb@x.example,B\n", ["b@x.example"], ["bad-cell"]),
    ],
)
def test_tables_are_read_row_by_row(tmp_path: Path, text: str | bytes, addresses: list[str], codes: list[str]) -> None:
    found = table(tmp_path, text)
    assert [one.address for one in found.people] == addresses
    assert [one.code for one in found.diagnostics] == codes


@pytest.mark.parametrize("text", ["", "\n\n", "name,town\nA,B\n", b"\0\1\2", "email,email\na@x.example,b@x.example\n"])
def test_a_table_of_nobody_is_refused(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(ReportError):
        table(tmp_path, text)


def test_ten_thousand_rows(tmp_path: Path) -> None:
    found = some(tmp_path, 10_000)
    assert len(found.people) == 10_000
    assert found.people[-1].line == 10_001


def test_a_bad_row_names_its_line(tmp_path: Path) -> None:
    found = table(tmp_path, 'email,name\na@x.example,"A\nB"\nbad,B\n')
    assert [str(d.span) for d in found.diagnostics] == ["people.csv:2:1", "people.csv:4:1"]


def test_a_draft_is_what_mail_programs_open(letters: Letters, tmp_path: Path) -> None:
    people = table(tmp_path, 'email,name,salutation\na@x.example,"Rossi, Àn""na",Gentile <Sindaca>\n').people
    draft = message_from_bytes(letters.draft(people[0]), policy=default)
    assert draft["X-Unsent"] == "1"
    assert draft["To"].addresses[0].display_name == 'Rossi, Àn"na'
    assert draft["To"].addresses[0].addr_spec == "a@x.example"
    body, attached = list(draft.iter_parts())
    assert body.get_content_type() == "multipart/alternative"
    text, html = list(body.iter_parts())
    assert "Gentile <Sindaca>" in text.get_content()
    assert "Gentile &lt;Sindaca&gt;" in html.get_content()
    assert attached.get_filename() == "annual-report-2021-2024.pdf"
    assert str(attached.get_filename()).isascii()
    assert attached.get_content().startswith(b"%PDF-")
    assert draft_name(people[0]) == "0002-a-at-x-example.eml"


def test_sizes_are_held_against_what_servers_take() -> None:
    assert list(size_problems(9_000_000, certified=True)) == []
    assert [d.severity for d in size_problems(12_000_000, certified=False)] == ["warning"]
    assert [d.severity for d in size_problems(26_000_000, certified=False)] == ["error"]
    assert [d.severity for d in size_problems(31_000_000, certified=True)] == ["error", "error"]


def test_drafts_are_written_and_bad_rows_said(
    project: Change, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = project()
    (tmp_path / "people.csv").write_text("email,name\na@x.example,A\nbad,B\n")
    command = ["mail", "--to", str(tmp_path / "people.csv"), "-p", str(place.root)]
    assert main(command) == 1
    assert "builder build --edition email" in capsys.readouterr().err
    assert main(["build", "-e", "email", "-q", "-p", str(place.root)]) == 0
    assert main(command) == 1
    said = capsys.readouterr()
    assert "people.csv:3:1" in said.err
    assert "1 draft of " in said.out
    assert [path.name for path in (place.output / "mail").iterdir()] == ["0002-a-at-x-example.eml"]


def test_a_broken_template_names_its_line(project: Change, tmp_path: Path) -> None:
    place = project({"layouts/mail/en/body.txt": "Hello\n{{ nobody }}\n"})
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    broken = Letters(place, checked(place), tmp_path / "x.pdf", FROM, WHEN)
    with pytest.raises(ReportError) as error:
        broken.draft(some(tmp_path, 1).people[0])
    assert str(error.value.diagnostics[0].span).startswith("layouts/mail/en/body.txt:2")


class Box:
    """A server's inbox: who got what. It can refuse, put off, or break off."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.data: list[bytes] = []
        self.answers: dict[str, str] = {}
        self.hang_up: set[str] = set()
        self.on_data: Any = lambda _box: None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        del server, session, options
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        del session
        address = envelope.rcpt_tos[0]
        self.got.append(address)
        self.data.append(envelope.content)
        self.on_data(self)
        if address in self.hang_up:
            self.hang_up.remove(address)
            server.transport.abort()
        return "250 taken"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[Server]:
    controller = Controller(box, hostname="127.0.0.1", port=0)
    controller.port = free_port()
    controller.start()
    yield Server("127.0.0.1", controller.port, "none")
    controller.stop()


def free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def sent(people: Recipients, letters: Letters, server: Server, journal: Path, **more: Any) -> Posted:
    with Journal(journal) as kept:
        return post(people.people, letters, server, FROM.address, kept, rate=0, **more)


def test_everyone_gets_it_once(letters: Letters, server: Server, box: Box, tmp_path: Path) -> None:
    people = some(tmp_path, 60)  # more than one session
    assert len(sent(people, letters, server, tmp_path / "j").sent) == 60
    second = sent(people, letters, server, tmp_path / "j")
    assert (second.sent, len(second.already)) == ((), 60)
    assert len(box.got) == len(set(box.got)) == 60
    message = message_from_bytes(box.data[0], policy=default)
    assert "X-Unsent" not in message
    assert next(iter(message.iter_attachments())).get_content().endswith(b"%%EOF\n.\n..\n")


def test_refusals_are_kept_apart_from_delays(letters: Letters, server: Server, box: Box, tmp_path: Path) -> None:
    people = some(tmp_path, 4)
    box.answers = {"p1@town.example": "550 no such user", "p2@town.example": "451 try later"}
    first = sent(people, letters, server, tmp_path / "j")
    assert [address for address, _ in first.refused] == ["p1@town.example"]
    assert [address for address, _ in first.later] == ["p2@town.example"]
    box.answers = {}
    second = sent(people, letters, server, tmp_path / "j")
    assert second.sent == ("p2@town.example",)
    assert sorted(box.got) == ["p0@town.example", "p2@town.example", "p3@town.example"]


def test_a_connection_that_breaks_after_the_last_byte_is_said(
    letters: Letters, server: Server, box: Box, tmp_path: Path
) -> None:
    people = some(tmp_path, 3)
    box.hang_up = {"p1@town.example"}
    first = sent(people, letters, server, tmp_path / "j")
    assert first.unknown == ("p1@town.example",)
    assert first.sent == ("p0@town.example", "p2@town.example")
    assert sent(people, letters, server, tmp_path / "j").unknown == ("p1@town.example",)
    third = sent(people, letters, server, tmp_path / "j", again=frozenset({"p1@town.example"}))
    assert third.sent == ("p1@town.example",)


@pytest.mark.parametrize("at", range(1, 7))
def test_killed_at_any_message_nobody_gets_it_twice(
    project: Change, tmp_path: Path, server: Server, box: Box, at: int
) -> None:
    """The process is killed while the server takes message `at`: of that one alone nobody can know."""
    place = project()
    assert main(["build", "-e", "email", "-q", "-p", str(place.root)]) == 0
    (tmp_path / "people.csv").write_text("email\n" + "".join(f"p{n}@town.example\n" for n in range(6)))
    command = [sys.executable, "-m", "builder", "mail", "--send", "--to", str(tmp_path / "people.csv")]
    command += ["-p", str(place.root), "--server", f"127.0.0.1:{server.port}", "--security", "none"]
    command += ["--from", "Office <office@town.example>", "--rate", "0"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(seen: Box) -> None:
        if len(seen.got) == at:
            running.kill()
            running.wait()

    box.on_data = kill
    running.wait(120)
    assert len(box.got) == at
    again = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert f"unknown: p{at - 1}@town.example" in again.stderr
    assert again.returncode == 1
    assert sorted(box.got) == [f"p{n}@town.example" for n in range(6)]
    third = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert "0 messages sent, 5 had it already" in third.stdout
    assert len(box.got) == 6


def test_a_journal_that_breaks_off_is_read(tmp_path: Path) -> None:
    file = tmp_path / "j"
    with Journal(file) as journal:
        journal.write("A@x.example", State.SENT)
    with file.open("a") as out:
        out.write('{"address": "b@x.exa')
    with Journal(file) as journal:
        assert journal.states == {"a@x.example": State.SENT}
        journal.write("c@x.example", State.SENT)
    with Journal(file) as journal:
        assert set(journal.states) == {"a@x.example", "c@x.example"}
        with pytest.raises(ReportError, match="another mailing"), Journal(file):
            pass


def test_a_file_that_is_no_journal_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("dear diary\nmore\n")
    with pytest.raises(ReportError, match="no line of a journal"), Journal(tmp_path / "notes.txt"):
        pass


def test_nothing_goes_out_in_the_clear(letters: Letters, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="in the clear"):
        sent(some(tmp_path, 1), letters, Server("smtp.town.example", 25, "none"), tmp_path / "j")


def test_a_dry_run_sends_nothing(
    project: Change, tmp_path: Path, server: Server, box: Box, capsys: pytest.CaptureFixture[str]
) -> None:
    place = project()
    assert main(["build", "-e", "email", "-q", "-p", str(place.root)]) == 0
    (tmp_path / "people.csv").write_text("email\np0@town.example\n")
    command = ["mail", "--send", "--dry-run", "--to", str(tmp_path / "people.csv"), "-p", str(place.root)]
    command += ["--server", f"127.0.0.1:{server.port}", "--security", "none", "--from", "O <o@town.example>"]
    assert main(command) == 0
    assert "would go to p0@town.example" in capsys.readouterr().out
    assert box.got == []


def test_the_rate_is_kept(letters: Letters, server: Server, tmp_path: Path) -> None:
    start = time.monotonic()
    with Journal(tmp_path / "j") as kept:
        post(some(tmp_path, 4).people, letters, server, FROM.address, kept, rate=240)
    assert time.monotonic() - start >= 0.75 * 0.99


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 with its key, and the authority to trust."""
    authority = trustme.CA()
    file, trusted = tmp_path / "cert.pem", tmp_path / "ca.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(file)
    authority.cert_pem.write_to_path(trusted)
    return file, trusted


# The server complains of a client that leaves in the middle of the greeting: that is what is tested.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_starttls_and_the_password(letters: Letters, box: Box, tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate[0])

    def known(_server: SMTP, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        return AuthResult(success=isinstance(data, LoginPassword) and data.password == b"secret", handled=False)

    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        authenticator=known,
        auth_required=True,
    )
    controller.start()
    try:
        people = some(tmp_path, 2)
        good = Server("127.0.0.1", controller.port, "starttls", "user", "secret", certificate[1])
        assert len(sent(people, letters, good, tmp_path / "j").sent) == 2
        for bad in (
            Server("127.0.0.1", controller.port, "starttls", "user", "wrong", certificate[1]),
            Server("127.0.0.1", controller.port, "starttls", "user", "secret"),  # an unknown certificate
        ):
            with pytest.raises(ReportError, match="mail server cannot be used"):
                sent(people, letters, bad, tmp_path / "other")
    finally:
        controller.stop()
    assert len(box.got) == 2
