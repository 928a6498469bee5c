"""What executions ask of moto does not fail by chance."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import pytest
from botocore.config import Config

from infra.local.moto_repairs import _kept_clients


class EndsWhatIsIdle(BaseHTTPRequestHandler):
    """It ends each connection that is kept, at the moment when the next request is under way."""

    protocol_version = "HTTP/1.1"
    asked = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked += 1
        if self.asked > 1:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), EndsWhatIsIdle) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_task_asks_once_and_never_on_a_connection_that_may_end_meanwhile(endpoint: str) -> None:
    client = _kept_clients(boto3).client(
        service_name="lambda",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="ak",
        aws_secret_access_key="sk",
        config=Config(retries={"total_max_attempts": 1}),
    )
    for _ in range(3):
        answer = client.invoke(FunctionName="work", Payload=b"{}")
        assert answer["Payload"].read() == b"{}"
    client.close()
