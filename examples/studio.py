"""The studio on the example movie: `make studio`.

    python examples/studio.py [--port 8080] [--no-open]

Serves on this machine, with the data folder of `make demo`, so that what that rendered is there;
puts the demo's media among the owner's files, renders the movie and opens it in a browser. Ends
with Ctrl-C. Exits with 1 when the movie cannot be rendered.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import webbrowser
from pathlib import Path

import media
from resplice.client import Client, ClientError

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / "build" / "demo"
FOLDER = "demo"
KEYS = ("RESPLICE_API_KEY", "RESPLICE_API_KEY_FILE")
LOCAL = re.compile(r'"\.\./build/demo/media/([^"]+)"')


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", default="8080")
    parser.add_argument("--no-open", action="store_true")
    options = parser.parse_args()
    media.make(BUILD / "media")
    words = ["serve", "--port", options.port, "--data", str(BUILD / "data")]
    command = [sys.executable, "-m", "resplice", *words]
    open_to_all = {name: each for name, each in os.environ.items() if name not in KEYS}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=open_to_all) as server:
        try:
            return _show(server, opens=not options.no_open)
        except KeyboardInterrupt:
            return 0
        finally:
            server.send_signal(signal.SIGTERM)


def _show(server: subprocess.Popen[str], *, opens: bool) -> int:
    assert server.stdout
    found = re.search(r"(http://\S+)/v2", server.stdout.readline())
    if found is None:
        return 1
    base_url = found[1]
    try:
        project = _rendered(Client(base_url, "any"))
    except ClientError as error:
        print(error, file=sys.stderr)
        return 1
    page = f"{base_url}/studio#project={project}"
    print(f"The studio: {page}", flush=True)
    if opens:
        webbrowser.open(page)
    return server.wait()


def _rendered(client: Client) -> str:
    """The demo's project, once its film is there."""
    text = (HERE / "demo.json").read_text()
    there = {file.name: file.url for file in client.media.list(FOLDER).files}
    for name in sorted({*LOCAL.findall(text)} - {*there}):
        print(f"Uploading {name}", flush=True)
        there[name] = client.media.upload(BUILD / "media" / name, folder=FOLDER).url
    document = LOCAL.sub(lambda place: json.dumps(there[place[1]]), text)
    print("Rendering the demo", flush=True)
    return client.render(json.loads(document)).project


if __name__ == "__main__":
    sys.exit(main())
