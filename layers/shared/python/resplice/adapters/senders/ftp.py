"""FTP, and FTPS: the file under a temporary name, which then gets its own."""

from __future__ import annotations

import ftplib
import socket
import ssl
import time
from contextlib import suppress
from typing import Any

from resplice.adapters.web.dialling import Dialling, fault_of, hung_up
from resplice.core.addresses import Target
from resplice.core.exports.naming import file_path, folders
from resplice.errors import DeliveryError, DeliveryFailed, DeliveryRefused
from resplice.ports.senders import Parcel

USUAL_PORTS = (21, 990)
IMPLICIT_PORT = 990
"""Where TLS is spoken from the first byte."""
READ_SECONDS = 30.0
NO_LOGIN = "530"


class Ftp:
    """Implements ports.senders.Sender. tls: replaces the system's trusted roots."""

    def __init__(self, dialling: Dialling, tls: ssl.SSLContext) -> None:
        self._dialling, self._tls = dialling, tls

    def send(self, parcel: Parcel, seconds: float) -> None:
        if parcel.file is None:
            raise DeliveryRefused("there is no movie")
        settings, deadline_s = parcel.settings, time.monotonic() + seconds
        port = int(settings["port"])
        target = self._dialling.target(settings["host"], port, USUAL_PORTS)
        sock = self._dialling.connect(target, seconds)
        session = self._session(target, sock, secure=bool(settings.get("secure")))
        try:
            left_s = deadline_s - time.monotonic()
            with hung_up(left_s, lambda: session.sock or sock, lambda: session.data):
                _brought(session, parcel)
        except (DeliveryError, EOFError, OSError, ftplib.Error) as error:
            late = time.monotonic() >= deadline_s
            raise _fault(error, late=late) from None
        finally:
            session.close()
            sock.close()

    def _session(self, target: Target, sock: socket.socket, *, secure: bool) -> _Plain | _Secured:
        if not secure:
            return _Plain(sock, target)
        return _Secured(sock, target, self._tls, implicit=target.port == IMPLICIT_PORT)


class _Plain(ftplib.FTP):
    """A session on a connection that is there. Its data go to the address that was checked."""

    data: socket.socket | None = None

    def __init__(self, sock: socket.socket, target: Target) -> None:
        super().__init__(timeout=READ_SECONDS)
        self.given, self.host, self.port = sock, target.host, target.port

    def begin(self) -> None:
        _begin(self, self.given)

    def ntransfercmd(self, cmd: str, rest: Any = None) -> Any:
        self.data, size = super().ntransfercmd(cmd, rest)
        return self.data, size


class _Secured(ftplib.FTP_TLS):
    """The same, over TLS. implicit: from the first byte."""

    data: socket.socket | None = None

    def __init__(
        self, sock: socket.socket, target: Target, tls: ssl.SSLContext, *, implicit: bool
    ) -> None:
        super().__init__(timeout=READ_SECONDS, context=tls)
        self.given, self.host, self.port, self.implicit = sock, target.host, target.port, implicit

    def begin(self) -> None:
        if self.implicit:
            self.given.settimeout(READ_SECONDS)
            self.given = self.context.wrap_socket(self.given, server_hostname=self.host)
        _begin(self, self.given)

    def ntransfercmd(self, cmd: str, rest: Any = None) -> Any:
        """Servers that ask for the session of the commands get it."""
        self.data, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
        self.data = self.context.wrap_socket(self.data, server_hostname=self.host, session=session)
        return self.data, size


def _begin(session: ftplib.FTP, sock: socket.socket) -> None:
    sock.settimeout(READ_SECONDS)
    session.sock, session.af = sock, sock.family
    session.file = sock.makefile("r", encoding=session.encoding)
    session.welcome = session.getresp()


def _brought(session: Any, parcel: Parcel) -> None:
    settings = parcel.settings
    session.begin()
    session.login(settings["username"], settings["password"])
    if isinstance(session, _Secured):
        session.prot_p()
    path = file_path(settings["remote-path"], settings["file"])
    _make_folders(session, path)
    folder, _, name = path.rpartition("/")
    part = f"{folder}/.{name}.{parcel.id}.part".removeprefix("/" * (not path.startswith("/")))
    assert parcel.file
    with parcel.file.open("rb") as file:
        session.storbinary(f"STOR {part}", file)
    try:
        _check_size(session, part, parcel.file.stat().st_size)
        _rename(session, part, path)
    except BaseException:
        with suppress(Exception):
            session.delete(part)
        raise
    with suppress(Exception):
        session.quit()


def _make_folders(session: ftplib.FTP, path: str) -> None:
    """Those that are there already say so, each server in its own words."""
    made = "/" if path.startswith("/") else ""
    for part in folders(path)[:-1]:
        made = f"{made}{part}"
        with suppress(ftplib.error_perm):
            session.mkd(made)
        made += "/"


def _check_size(session: ftplib.FTP, part: str, wanted: int) -> None:
    with suppress(ftplib.error_perm):
        size = session.size(part)
        if size is not None and size != wanted:
            raise DeliveryFailed("not all of the file arrived")


def _rename(session: ftplib.FTP, part: str, path: str) -> None:
    try:
        session.rename(part, path)
    except ftplib.error_perm:
        session.delete(path)
        session.rename(part, path)


def _fault(error: BaseException, *, late: bool) -> DeliveryError:
    """Replies are not quoted, but for their number."""
    if isinstance(error, DeliveryError):
        return error
    if late:
        return DeliveryFailed("timed out")
    code = str(error)[:3]
    if isinstance(error, ftplib.Error) and code.isdigit():
        said = "the user or the password is wrong" if code == NO_LOGIN else "the server refuses"
        return DeliveryFailed(f"{code}: {said}")
    return DeliveryFailed(fault_of(error))
