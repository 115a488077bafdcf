"""Handing messages to an SMTP server, one by one, with a journal (RFC 5321; STARTTLS: RFC 3207)."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, TypeAlias

from builder.model.diagnostics import Diagnostic, ExitCode, ReportError
from builder.tools.mail.journal import Journal, State
from builder.tools.mail.message import Letters
from builder.tools.mail.recipients import Recipient

Security: TypeAlias = Literal["starttls", "tls", "none"]
# A server that says nothing for so long is gone, in s (RFC 5321, 4.5.3.2, asks for minutes after the data).
PATIENCE = 300
# To greet and to sign in, in s.
GREETING = 30
# Servers end long sessions; a new one is begun after so many messages.
SESSION = 50


@dataclass(frozen=True, slots=True)
class Server:
    """Where messages are handed in, and how. `ca` is a file of certificates to trust besides the system's."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""
    ca: Path | None = None

    def connect(self) -> smtplib.SMTP:
        """A session, encrypted and signed in. Raises ReportError where that is not possible."""
        if self.security == "none" and not _here(self.host):
            raise _no_server(f"{self.host} would get everything in the clear", "leave out --security none")
        try:
            context = ssl.create_default_context(cafile=str(self.ca) if self.ca else None)
            if self.security == "tls":
                session: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=GREETING, context=context)
            else:
                session = smtplib.SMTP(self.host, self.port, timeout=GREETING)
                if self.security == "starttls":
                    session.starttls(context=context)
            session.ehlo_or_helo_if_needed()
            if self.user:
                session.login(self.user, self.password)
            if session.sock is not None:
                session.sock.settimeout(PATIENCE)
        except smtplib.SMTPAuthenticationError as error:
            raise _no_server("the server does not know the user or the password", "check both") from error
        except (smtplib.SMTPException, OSError) as error:
            raise _no_server(f"{self.host}:{self.port}: {error}", "check --server and --security") from error
        return session


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of a run, by address. `unknown` may have it or not."""

    sent: tuple[str, ...]
    already: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    later: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]


class _NotTakenError(Exception):
    """The server did not take a message; it has not been sent."""

    def __init__(self, code: int, answer: bytes | str) -> None:
        words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        super().__init__(f"{code} {words}" if code else words)
        self.final = 500 <= code < 600


class _UnknownError(Exception):
    """The connection broke between the last byte and the server's answer."""


def post(
    people: Iterable[Recipient],
    letters: Letters,
    server: Server,
    sender: str,
    journal: Journal,
    *,
    rate: float,
    again: frozenset[str] = frozenset(),
    progress: Callable[[int], None] = lambda _done: None,
) -> Posted:
    """Send to everyone whom the journal does not know as served; `rate` is messages a minute, 0 for no limit.

    Those of whom a run before could not know are left out, but for those in `again`.
    """
    sent: list[str] = []
    already: list[str] = []
    unknown: list[str] = []
    refused: list[tuple[str, str]] = []
    later: list[tuple[str, str]] = []
    session: smtplib.SMTP | None = None
    used, due = 0, time.monotonic()
    try:
        for done, one in enumerate(people):
            progress(done)
            state = journal.states.get(one.address.casefold())
            if one.address.casefold() not in again:
                if state is State.SENT:
                    already.append(one.address)
                    continue
                if state is State.CLOSING:
                    unknown.append(one.address)
                    continue
                if state is State.REFUSED:
                    refused.append((one.address, "refused before"))
                    continue
            payload = letters.message(one).as_bytes()
            time.sleep(max(0.0, due - time.monotonic()))
            due = time.monotonic() + (60 / rate if rate else 0)
            if session is None or used >= SESSION:
                _leave(session)
                session, used = server.connect(), 0
            used += 1
            try:
                answer = _hand_in(session, sender, one.address, payload, journal)
                journal.write(one.address, State.SENT, answer)
                sent.append(one.address)
            except _NotTakenError as error:
                state = State.REFUSED if error.final else State.LATER
                journal.write(one.address, state, str(error))
                (refused if error.final else later).append((one.address, str(error)))
                with suppress(smtplib.SMTPException, OSError):
                    session.rset()
                    continue
                session = None
            except _UnknownError:
                unknown.append(one.address)
                session = None
    finally:
        _leave(session)
    return Posted(tuple(sent), tuple(already), tuple(refused), tuple(later), tuple(unknown))


def _hand_in(session: smtplib.SMTP, sender: str, address: str, payload: bytes, journal: Journal) -> str:
    """One message. Until the dot that ends it, the server has no message (RFC 5321, 4.1.1.4)."""
    try:
        for code, answer in (session.mail(sender), session.rcpt(address)):
            if code >= 400:
                raise _NotTakenError(code, answer)
        code, answer = session.docmd("DATA")
        if code != 354:
            raise _NotTakenError(code, answer)
        body = payload.replace(b"\r\n.", b"\r\n..")
        session.send((b"." if body.startswith(b".") else b"") + body + (b"" if body.endswith(b"\r\n") else b"\r\n"))
    except (smtplib.SMTPException, OSError) as error:
        raise _NotTakenError(0, f"the connection broke: {error}") from error
    journal.write(address, State.CLOSING)
    try:
        session.send(b".\r\n")
        code, answer = session.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise _UnknownError from error
    if code != 250:
        raise _NotTakenError(code, answer)
    return f"{code} {answer.decode('utf-8', 'replace')}"


def _leave(session: smtplib.SMTP | None) -> None:
    if session is not None:
        with suppress(smtplib.SMTPException, OSError):
            session.quit()


def _here(host: str) -> bool:
    """Whether `host` is this machine."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def _no_server(what: str, hint: str) -> ReportError:
    return ReportError(
        [Diagnostic("no-server", f"the mail server cannot be used: {what}", hint)], ExitCode.CANNOT_WRITE
    )
