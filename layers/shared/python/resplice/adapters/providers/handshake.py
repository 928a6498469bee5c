"""Connections that tell whether anything was sent: while TLS is agreed upon, nothing was."""

from __future__ import annotations

import ssl

import urllib3
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError


class _Connection(HTTPSConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except ssl.SSLCertVerificationError:
            raise
        except OSError as error:
            raise NewConnectionError(self, "TLS was not agreed upon") from error


class _Connections(HTTPSConnectionPool):
    ConnectionCls = _Connection


def connections(places: int, each: int) -> urllib3.PoolManager:
    """So many connections are kept for each of so many places. Without a connection they raise
    NewConnectionError or ConnectTimeoutError, or SSLError for a certificate that is not good.
    """
    pool = urllib3.PoolManager(num_pools=places, maxsize=each, block=False)
    pool.pool_classes_by_scheme = {"http": HTTPConnectionPool, "https": _Connections}
    return pool
