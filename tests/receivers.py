"""Receivers of exports: real servers of FTP, SFTP and SMTP, each in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

with warnings.catch_warnings():
    # It stands on a module that Python 3.12 no longer has, and then brings its own.
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
    from pyftpdlib.servers import FTPServer

USER, PASSWORD = "studio", "let me in"


@dataclass(frozen=True)
class Receiver:
    """names: of the files that were there at some moment, as they came. passwords: all it was told,
    of SFTP.
    """

    port: int
    folder: Path
    names: list[str] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)


@contextmanager
def ftp(folder: Path, certificate: Path | None = None) -> Iterator[Receiver]:
    """certificate: then it is FTPS, and nothing is said in the clear."""
    names: list[str] = []
    base = TLS_FTPHandler if certificate else FTPHandler
    secure = {"certfile": str(certificate), "tls_control_required": True}
    authorizer = DummyAuthorizer()
    authorizer.add_user(USER, PASSWORD, str(folder), perm="elradfmwMT")
    handler = type(
        "Handler",
        (base,),
        {
            "authorizer": authorizer,
            "auth_failed_timeout": 0,
            "on_file_received": lambda self, file: names.append(Path(file).name),
            **({**secure, "tls_data_required": True} if certificate else {}),
        },
    )
    logging.getLogger("pyftpdlib").setLevel(logging.CRITICAL)
    server = FTPServer(("127.0.0.1", 0), handler)
    stopping = threading.Event()
    thread = threading.Thread(target=_serve_until, args=(server, stopping), daemon=True)
    thread.start()
    try:
        yield Receiver(server.socket.getsockname()[1], folder, names)
    finally:
        stopping.set()
        thread.join(5)


def _serve_until(server: FTPServer, stopping: threading.Event) -> None:
    """Closed by the thread that serves: a loop whose sockets another one closes falls."""
    while not stopping.is_set():
        server.ioloop.loop(0.02, blocking=False)
    server.close_all()


@contextmanager
def sftp(folder: Path, key: asyncssh.SSHKey) -> Iterator[Receiver]:
    """key: the server's own."""
    names: list[str] = []
    passwords: list[str] = []

    class Users(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            passwords.append(password)
            return (username, password) == (USER, PASSWORD)

    class Files(asyncssh.SFTPServer):
        def __init__(self, channel: Any) -> None:
            super().__init__(channel, chroot=str(folder).encode())

        def open(self, path: bytes, pflags: int, attrs: Any) -> Any:
            names.append(Path(path.decode()).name)
            return super().open(path, pflags, attrs)

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[key], server_factory=Users, sftp_factory=Files
        )

    async def stop(server: asyncssh.SSHAcceptor) -> None:
        server.close()
        await server.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    logging.getLogger("asyncssh").setLevel(logging.CRITICAL)
    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    try:
        yield Receiver(server.get_port(), folder, names, passwords)
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


@dataclass
class Mailbox:
    """refused: addresses that it answers 550 for. letters: (from, to, text)."""

    port: int = 0
    refused: set[str] = field(default_factory=set)
    letters: list[tuple[str, list[str], str]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        text = envelope.content.decode()
        self.letters.append((envelope.mail_from, envelope.rcpt_tos, text))
        return "250 OK"


@contextmanager
def smtp(certificate: Path) -> Iterator[Mailbox]:
    """Whoever writes must log in, over TLS."""
    box = Mailbox()

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=False)

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)

    class Listening(Controller):
        def factory(self) -> SMTP:
            return SMTP(
                self.handler,
                hostname="localhost",
                authenticator=check,
                auth_required=True,
                tls_context=tls,
                require_starttls=True,
            )

    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Listening(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.port = port
    try:
        yield box
    finally:
        controller.stop()


@contextmanager
def silent() -> Iterator[int]:
    """A server that takes connections and says nothing; its port."""
    held: list[socket.socket] = []

    def take(server: socket.socket) -> None:
        while True:
            try:
                held.append(server.accept()[0])
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=take, args=(server,), daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            for each in held:
                each.close()
