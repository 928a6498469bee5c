"""Wiring of exports: who sends to each kind of destination, here and in the function `deliver`."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from resplice.adapters.disk.secret_file import kept_secret
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.outbox import SqliteOutbox
from resplice.adapters.threads.telling import ThreadTelling
from resplice.core.addresses import AllowedSource
from resplice.errors import RespliceError
from resplice.ports import Ports
from resplice.ports.senders import Sender
from resplice.wiring.providers import Lazily

GRACE_SECONDS = 2.0
NO_SMTP = "set RESPLICE_SMTP_URL, and RESPLICE_EMAIL_FROM"
NO_SES = "set email_from in cdk.json to an identity that SES has verified"

log = logging.getLogger(__name__)


def senders(
    allowed: frozenset[AllowedSource], secret: Callable[[], bytes], email: Callable[[], Sender]
) -> Mapping[str, Sender]:
    """By the names of core.exports.kinds. Each is imported when something is first sent by it.

    secret: what webhooks are signed with. email: who sends mail.
    """

    def dialling() -> Any:
        from resplice.adapters.web.dialling import Dialling

        return Dialling(allowed)

    def posting() -> Any:
        from resplice.adapters.web.posting import Posting

        return Posting(dialling(), _tls())

    def webhook() -> Sender:
        from resplice.adapters.senders.webhook import Webhook

        return Webhook(posting(), cache(secret))

    def ftp() -> Sender:
        from resplice.adapters.senders.ftp import Ftp

        return Ftp(dialling(), _tls())

    def sftp() -> Sender:
        from resplice.adapters.senders.sftp import Sftp

        return Sftp(dialling())

    def s3() -> Sender:
        from resplice.adapters.senders.s3 import S3Bucket

        return S3Bucket(posting())

    return Lazily({"webhook": webhook, "ftp": ftp, "sftp": sftp, "email": email, "s3": s3})


def local_exports(
    rows: SqliteFile, folder: Path, allowed: frozenset[AllowedSource]
) -> dict[str, Any]:
    """The ports of exports on one machine. Nothing is told before `begin`.

    RESPLICE_WEBHOOK_SECRET, or one that is kept in the data folder.
    """
    said = os.environ.get("RESPLICE_WEBHOOK_SECRET")

    def secret() -> bytes:
        return said.encode() if said else kept_secret(folder / "webhook.secret")

    outbox, sending = SqliteOutbox(rows), senders(allowed, secret, smtp)
    return {"outbox": outbox, "senders": sending, "telling": ThreadTelling()}


def smtp() -> Sender:
    """RESPLICE_SMTP_URL: smtp://user:password@host:587; RESPLICE_EMAIL_FROM: who it is from."""
    from resplice.adapters.senders.email import NoMail, Smtp, SmtpServer

    url, sender = os.environ.get("RESPLICE_SMTP_URL"), os.environ.get("RESPLICE_EMAIL_FROM")
    if not url:
        return NoMail(NO_SMTP)
    server = SmtpServer.parse(url)
    named = sender or (server.username if "@" in server.username else f"resplice@{server.host}")
    return Smtp(server, named, _tls())


def _tls() -> Any:
    """Late, as what follows: most processes send nothing."""
    import ssl

    return ssl.create_default_context()


def begin(ports: Ports, base_url: str) -> None:
    """From now on ends are told by this process, which answers under that URL."""
    from resplice.steps.deliver.rounds import Deliverer

    if isinstance(ports.telling, ThreadTelling):
        ports.telling.begin(Deliverer(ports, base_url).deliver, partial(owner_of, ports))


def owner_of(ports: Ports, project_id: str) -> str:
    """Whose project it is; empty for one that is not known."""
    project = ports.projects.peek(project_id)
    return project.owner if project else ""


def sweep(ports: Ports) -> None:
    """Tell what is due. What fails now may succeed the next time."""
    from resplice.steps.deliver import rounds

    try:
        rounds.sweep(ports, ports.telling.tell)
    except RespliceError:
        log.exception("The sweep of exports failed")


def stop(ports: Ports) -> bool:
    """Whether what was being told ended in time: what was not is told at the next start."""
    return not isinstance(ports.telling, ThreadTelling) or ports.telling.stop(GRACE_SECONDS)
