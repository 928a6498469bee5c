"""Canaries: secrets that were made up for a test, one for each place where a secret can lie, and
movies, requests and answers with these in them, of which most fail.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from provider_servers.elevenlabs import ElevenLabsServer
from provider_servers.generating import Reply
from provider_servers.replicate import ReplicateServer
from provider_servers.speaking import refusing
from studio import picture
from web_server import Handler, Server

TINY = {"width": 64, "height": 64}
MADE_UP = "canary"
Json = dict[str, Any]


@dataclass
class Canaries:
    """Each has a name, which a failing test says."""

    texts: dict[str, str] = field(default_factory=dict)

    def of(self, place: str) -> str:
        """The secret of that place: letters that stand nowhere else."""
        return self.texts.setdefault(place, f"{MADE_UP}{len(self.texts):02}Xq7{place}Zz9".lower())

    def seen_in(self, text: str) -> list[str]:
        """Whose secrets stand in it, whole or all but their last letters."""
        found = text.lower()
        return [place for place, secret in self.texts.items() if secret[:-2] in found]


def signed(web: Server, path: str, canaries: Canaries, name: str) -> str:
    """A URL with all that may be secret in one that is fetched."""
    user = f"user:{canaries.of(f'{name}-password')}"
    return queried(web, path, canaries, name).replace("://", f"://{user}@")


def queried(web: Server, path: str, canaries: Canaries, name: str) -> str:
    query = "&".join(
        f"{field}={canaries.of(f'{name}-{field}')}"
        for field in ("X-Amz-Signature", "X-Amz-Security-Token", "token", "sig", "api_key")
    )
    return f"{web.url(path)}?{query}"


def scene(*elements: Json, **more: Any) -> Json:
    return {**TINY, "scenes": [{"duration": 0.2, "elements": list(elements)}], **more}


def image(src: str) -> Json:
    return {"type": "image", "src": src}


def sources(web: Server, canaries: Canaries) -> Iterator[Json]:
    """Movies whose sources cannot be had, each in a way of its own, and one that can."""

    def cut(to: Handler) -> None:
        to.give(200, b"short", Content_Length="5000")

    def leads(to: Handler) -> None:
        to.give(302, Location=f"http://10.0.0.1/?token={canaries.of('redirected')}")

    echo = b"no such signature: " + canaries.of("echo-X-Amz-Signature").encode()
    web.answers |= {
        "/good": lambda to: to.give(200, picture("red")),
        "/gone": lambda to: to.give(404, echo),
        "/down": lambda to: to.give(500, echo),
        "/cut": cut,
        "/text": lambda to: to.give(200, echo),
        "/leads": leads,
    }
    yield scene(image(signed(web, "/good", canaries, "with-user")))
    for name in ("good", "gone", "down", "cut", "text", "leads"):
        yield scene(image(queried(web, f"/{name}", canaries, name)))
    yield scene(image(f"https://127.0.0.1:9/a.png?token={canaries.of('closed')}"))
    bot = f"/file/bot12:{canaries.of('bot')}/a.png"
    yield scene(image(web.url(f"{bot}.gone")))
    web.answers |= {bot: web.answers["/good"], f"{bot}.gone": web.answers["/gone"]}
    yield scene(image(web.url(bot)))
    yield scene({"type": "video", "src": queried(web, "/text", canaries, "video")})
    yield scene({"type": "audio", "src": signed(web, "/gone", canaries, "audio")})
    inside = signed(web, "/gone", canaries, "inside")
    yield scene({"type": "html", "html": f"<img src='{inside}'>Hi", "wait": 0.1})
    yield scene({"type": "html", "src": queried(web, "/down", canaries, "page")})
    font = queried(web, "/text", canaries, "font")
    yield scene({"type": "text", "text": "Hi", "settings": {"font-url": font}})


def exports(web: Server, canaries: Canaries, ports: Sequence[int]) -> Iterator[Json]:
    """Movies of which others are told, who refuse it, or say again what they were given."""

    def echo(to: Handler) -> None:
        to.give(500, json.dumps(dict(to.headers)).encode() + to.path.encode())

    for number, name in enumerate(("/hook", "/angry", "/nowhere")):
        path = f"{name}/services/{canaries.of(f'path{number}')}"
        if name != "/nowhere":
            web.answers[path] = echo if name == "/angry" else lambda to: to.give(200)
        url = queried(web, path, canaries, f"hook{number}")
        bearer = f"Bearer {canaries.of(f'authorization{number}')}"
        yield exported(number, {"type": "webhook", "endpoint": url, "authorization": bearer})
    gone = queried(web, "/gone", canaries, "told-of")
    web.answers["/hook"] = lambda to: to.give(200)
    told = {"type": "webhook", "endpoint": web.url("/hook")}
    yield scene(image(gone), exports=[{"destinations": [told]}])
    for number, (kind, port) in enumerate(zip(("ftp", "sftp"), ports, strict=True)):
        place = {"host": "127.0.0.1", "port": port, "username": "u", "type": kind}
        yield exported(10 + number, {**place, "password": canaries.of(kind)})
    keys = {"access-key": "AKIA", "secret-key": canaries.of("s3-secret")}
    yield exported(
        20, {"type": "s3", "bucket": "movies", "endpoint": web.url("").rstrip("/"), **keys}
    )
    yield exported(21, {"type": "email", "to": "ann@example.com"})


def exported(number: int, destination: Json) -> Json:
    """A movie of its own, which is sent there."""
    scenes = [{"duration": 0.2, "background-color": f"#10{number:02}30"}]
    return {**TINY, "scenes": scenes, "exports": [{"destinations": [destination]}]}


def paid_for(
    speaks: ElevenLabsServer, draws: ReplicateServer, ids: Sequence[str], keys: Sequence[str]
) -> list[Json]:
    """Movies whose providers say again, in all ways, which key they were shown. ids: of the
    connections to both, keys: theirs.
    """
    (voices, models), (key, token) = ids, keys
    for status in (400, 401, 500):
        told = {"detail": {"message": f"the key {key} is bad, {key[:14]}"}}
        speaks.faults.append(refusing(status, told))
    draws.instead += [Reply(status, {"detail": f"token {token}"}) for status in (401, 422)]
    line = {"type": "voice", "voice": "Rachel", "connection": voices}
    drawn = {"type": "image", "model": "flux-schnell", "connection": models}
    lines = [scene({**line, "text": f"Line {number}."}) for number in range(4)]
    return lines + [scene({**drawn, "prompt": f"Boat {number}"}) for number in range(2)]


def wrong(canaries: Canaries) -> Iterator[bytes]:
    """Bodies that are no movies."""
    secret = canaries.of("document")
    destination = {"type": "ftp", "password": secret, "secret-key": secret, "port": secret}
    broken = exported(1, destination)
    yield json.dumps(broken).encode()
    yield json.dumps({**broken, "quality": secret, secret: 1}).encode()
    yield f'{{"token": "{secret}"'.encode()
    yield secret.encode() + b"\xff"
    yield json.dumps(scene(image(f"ftp://u:{secret}@x.example/a"))).encode()
    yield json.dumps(scene({"type": "voice", "text": "a", "connection": secret})).encode()
