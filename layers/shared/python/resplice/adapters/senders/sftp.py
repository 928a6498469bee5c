"""SFTP: the file under a temporary name, which then gets its own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from resplice.adapters.web.dialling import Dialling, fault_of
from resplice.core.exports.naming import file_path
from resplice.errors import DeliveryError, DeliveryFailed, DeliveryRefused, StorageError
from resplice.ports.senders import Parcel

USUAL_PORTS = (22,)
NOBODY_KNOWN: Any = ([], [], [])
"""No server's key is known beforehand: then each is looked at."""


class Sftp:
    """Implements ports.senders.Sender."""

    def __init__(self, dialling: Dialling) -> None:
        self._dialling = dialling

    def send(self, parcel: Parcel, seconds: float) -> None:
        # Imported late: it takes a third of a second, and most movies do without.
        import asyncssh

        if parcel.file is None:
            raise DeliveryRefused("there is no movie")
        port = int(parcel.settings["port"])
        target = self._dialling.target(parcel.settings["host"], port, USUAL_PORTS)
        sock = self._dialling.connect(target, seconds)
        try:
            asyncio.run(asyncio.wait_for(_brought(sock, parcel), seconds))
        except DeliveryError:
            raise
        except asyncssh.PermissionDenied:
            raise DeliveryFailed("the user or the password is wrong") from None
        except asyncssh.SFTPError as error:
            raise DeliveryFailed(f"the server refuses ({type(error).__name__})") from None
        except asyncssh.Error as error:
            raise DeliveryFailed(f"SSH failed ({type(error).__name__})") from None
        except OSError as error:
            if error.filename:
                raise StorageError(f"cannot read {parcel.file}: {error.strerror}") from error
            raise DeliveryFailed(fault_of(error)) from None
        finally:
            sock.close()


async def _brought(sock: socket.socket, parcel: Parcel) -> None:
    import asyncssh

    path = file_path(parcel.settings["remote-path"], parcel.settings["file"])
    folder, slash, name = path.rpartition("/")
    part = f"{folder}{slash}.{name}.{parcel.id}.part"
    async with _session(sock, parcel.settings) as session:
        if folder:
            await session.makedirs(folder, exist_ok=True)
        try:
            await session.put(str(parcel.file), part)
            try:
                await session.posix_rename(part, path)
            except asyncssh.SFTPError:
                with suppress(asyncssh.SFTPError):
                    await session.remove(path)
                await session.rename(part, path)
        except BaseException:
            with suppress(Exception):
                await session.remove(part)
            raise


@asynccontextmanager
async def _session(sock: socket.socket, settings: Any) -> AsyncIterator[Any]:
    """Nothing of this machine's own settings, keys or agents is used. A server with another key
    than is wanted is told no password.
    """
    import asyncssh

    wanted = settings.get("host-key")

    class Checking(asyncssh.SSHClient):
        def validate_host_public_key(
            self, host: str, addr: str, port: int, key: asyncssh.SSHKey
        ) -> bool:
            return not wanted or key.get_fingerprint() == wanted

    sock.setblocking(False)
    try:
        connection, _ = await asyncssh.create_connection(
            Checking,
            sock=sock,
            username=settings["username"],
            password=settings["password"],
            client_keys=None,
            agent_path=None,
            known_hosts=NOBODY_KNOWN,
            config=None,
        )
    except asyncssh.HostKeyNotVerifiable:
        raise DeliveryRefused("the server's key is another than the host-key") from None
    async with connection, connection.start_sftp_client() as session:
        yield session
