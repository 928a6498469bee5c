"""E-mail over SMTP: word of a movie, with a link. The server, and who sends, are the operator's."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote, urlsplit

from resplice.adapters.web.dialling import fault_of
from resplice.errors import DeliveryError, DeliveryFailed, DeliveryRefused, RespliceError
from resplice.frozen import frozen
from resplice.ports.senders import Parcel

SECONDS = 30.0
PORTS = {"smtp": 25, "smtps": 465}
FOR_GOOD = range(500, 600)


@frozen
class SmtpServer:
    """secure: TLS from the first byte; else it is used where the server offers it."""

    host: str
    port: int
    secure: bool
    username: str
    password: str

    @classmethod
    def parse(cls, url: str) -> SmtpServer:
        """Read `smtp://user:password@host:587`, or smtps. Raises RespliceError."""
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS[parts.scheme]
            if not parts.hostname:
                raise ValueError(url)
        except (ValueError, KeyError):
            raise RespliceError("RESPLICE_SMTP_URL is not like smtp://user@host:587") from None
        names = (unquote(parts.username or ""), unquote(parts.password or ""))
        return cls(parts.hostname, port, parts.scheme == "smtps", *names)

    def __repr__(self) -> str:
        return f"SmtpServer({self.host}:{self.port})"


class Smtp:
    """Implements ports.senders.Sender. sender: in whose name, `Movies <movies@example.com>`."""

    def __init__(self, server: SmtpServer, sender: str, tls: ssl.SSLContext) -> None:
        self._server, self._sender, self._tls = server, sender, tls

    def send(self, parcel: Parcel, seconds: float) -> None:
        message = letter(parcel, self._sender)
        try:
            with self._session(min(SECONDS, seconds)) as session:
                session.send_message(message)
        except smtplib.SMTPAuthenticationError:
            raise DeliveryFailed("the mail server refuses our user") from None
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(max(code for code, _ in error.recipients.values())) from None
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from None
        except (OSError, smtplib.SMTPException) as error:
            inner = error.__context__ if isinstance(error, smtplib.SMTPException) else None
            raise DeliveryFailed(fault_of(inner or error)) from None

    def _session(self, seconds: float) -> smtplib.SMTP:
        server = self._server
        if server.secure:
            session: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=seconds, context=self._tls
            )
        else:
            session = smtplib.SMTP(server.host, server.port, timeout=seconds)
        try:
            session.ehlo()
            if not server.secure and session.has_extn("starttls"):
                session.starttls(context=self._tls)
                session.ehlo()
            if server.username:
                session.login(server.username, server.password)
        except BaseException:
            session.close()
            raise
        return session


class NoMail:
    """Implements ports.senders.Sender where nobody has said who sends mail."""

    def __init__(self, advice: str) -> None:
        self._advice = advice

    def send(self, parcel: Parcel, seconds: float) -> None:
        raise DeliveryRefused(f"no e-mail is sent from here: {self._advice}")


def letter(parcel: Parcel, sender: str) -> EmailMessage:
    """Answers go to who is named in `from`: mail in the name of others would not arrive."""
    settings: Mapping[str, Any] = parcel.settings
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, settings["to"], settings["subject"]
    if settings.get("from"):
        made["Reply-To"] = settings["from"]
    made["Date"] = formatdate(parcel.at_ms / 1000)
    made["Message-ID"] = f"<{parcel.id}@resplice>"
    made["X-Resplice-Delivery"] = parcel.id
    made.set_content(settings["message"])
    return made


def _refused(code: int) -> DeliveryError:
    if code in FOR_GOOD:
        return DeliveryRefused(f"{code}: the mail server refuses")
    return DeliveryFailed(f"{code}: the mail server refuses for now")
