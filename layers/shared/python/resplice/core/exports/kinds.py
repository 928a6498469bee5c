"""KINDS: the one table of where movies are sent. A kind has one name everywhere.

To add one: a row below, its name and fields in `model`, a file in adapters/senders/ and its row in
wiring/exports.py. If a connection may hold its account: a row in core.providers. If it needs a
package: a layer in infra/layers.py, named in infra/rows.py (LAYERS_OF_PORTS).
"""

from __future__ import annotations

from resplice.frozen import frozen


@frozen
class Kind:
    """A kind of destination. Names are those of fields in documents.

    title     as people call it
    needs     what must be said, by the document or by a connection
    takes     what else may be said
    secrets   which of these nobody may see
    free      which a document may say beside a connection that says them too: what is left is where
              the connection's secret goes, and that is not for documents to choose
    defaults  what counts when nothing is said
    file      whether the movie's file goes there
    failures  whether it is told of movies that failed; mail would go to who waits for a movie
    where     the field that says where it is, for people
    """

    name: str
    title: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    secrets: tuple[str, ...] = ()
    free: tuple[str, ...] = ("remote-path", "file")
    defaults: tuple[tuple[str, str | int], ...] = ()
    file: bool = True
    failures: bool = False
    where: str = "host"


_ACCOUNT = ("host", "username", "password")
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            *("webhook", "webhook", ("endpoint",), ("content-type", "authorization")),
            secrets=("authorization",),
            free=("content-type",),
            defaults=(("content-type", "application/json"),),
            file=False,
            failures=True,
            where="endpoint",
        ),
        Kind(
            *("ftp", "FTP", _ACCOUNT, ("port", "secure", "remote-path", "file")),
            secrets=("password",),
            defaults=(("port", 21), ("remote-path", "./")),
        ),
        Kind(
            *("sftp", "SFTP", _ACCOUNT, ("port", "host-key", "remote-path", "file")),
            secrets=("password",),
            defaults=(("port", 22), ("remote-path", "./")),
        ),
        Kind(
            *("email", "e-mail", ("to",), ("subject", "message", "from")),
            free=("to", "subject", "message", "from"),
            defaults=(
                ("subject", "Your video is ready"),
                ("message", "Your video is ready: __video_url__"),
            ),
            file=False,
            where="to",
        ),
        Kind(
            *("s3", "S3", ("bucket", "access-key", "secret-key")),
            ("region", "endpoint", "remote-path", "file"),
            secrets=("secret-key",),
            defaults=(("region", "us-east-1"), ("remote-path", "./")),
            where="bucket",
        ),
    )
}
"""Every kind, by its name."""

SECRETS = frozenset(name for kind in KINDS.values() for name in kind.secrets)
