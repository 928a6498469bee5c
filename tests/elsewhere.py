"""Programs for Node that call an address by its name, and reach a server of ours at another."""

from __future__ import annotations

import os

from tls_front import TlsFront

HOOK = """
const tls = require('tls'), connect = tls.connect, every = global.setInterval;
tls.connect = (options, ...more) => {
    const known = options.host === process.env.KNOWN_HOST;
    const there = {host: '127.0.0.1', port: Number(process.env.KNOWN_PORT)};
    return connect(known ? {...options, ...there} : options, ...more);
};
global.setInterval = (call, ms, ...more) => every(call, ms / 50, ...more);
"""
"""Names are resolved as a machine's `hosts` would, to a port that needs no rights; the clock runs
faster.
"""


def elsewhere(program: str, host: str, front: TlsFront) -> tuple[list[str], dict[str, str]]:
    """The command, and its environment: it trusts the front's certificate."""
    hook = front.certificate.with_name("hook.js")
    hook.write_text(HOOK)
    environment = {
        "PATH": os.environ["PATH"],
        "NODE_EXTRA_CA_CERTS": str(front.certificate),
        "KNOWN_HOST": host,
        "KNOWN_PORT": str(front.port),
    }
    return ["node", "--require", str(hook), "-e", program], environment
