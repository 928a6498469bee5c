"""Ask a provider once, through the adapter that movies use, and print what came.

    python -m benchmarks.providers voices elevenlabs --connection my-elevenlabs --voice Rachel
    python -m benchmarks.providers transcribers amazon-transcribe --bucket BUCKET
    python -m benchmarks.providers generators fal --connection my-fal --model flux-schnell

It asks the real service, which is paid for, and takes nothing from a cache. A connection is one of
`resplice connections add`; AWS's own services take the credentials and the region of the shell.
Exits with 1 when the provider gave nothing usable, with 2 when the call is wrong.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resplice.core import models
from resplice.core.bill import Bill
from resplice.core.composition import Source
from resplice.core.filtergraph.speech import listening_invocation
from resplice.core.prices import cost_of, dollars, is_listed
from resplice.core.providers import PROVIDERS, Access
from resplice.core.tasks import GenerateTask
from resplice.core.voices import choose as voices
from resplice.errors import RespliceError
from resplice.ports import Ports
from resplice.ports.connections import Secret
from resplice.ports.generators import Generated, Generation, GeneratorProvider
from resplice.ports.transcribers import Listening
from resplice.ports.voices import Utterance
from resplice.wiring.local import data_folder, local

TEXT = "The last boat of the day comes in, and nobody on the shore says a word."
PROMPT = "A red sailing boat on a calm sea at dusk, flat illustration"
POLL_SECONDS, PATIENCE_SECONDS = 1.0, 600.0
CLIP_SECONDS = 5.0


class WrongCall(Exception):
    """What was asked for cannot be asked. The message says what is missing."""


@dataclass(frozen=True)
class Call:
    """One question. secret: of the connection. folder: for what comes."""

    options: argparse.Namespace
    access: Access
    secret: Secret | None
    folder: Path
    ports: Ports

    @property
    def named(self) -> Access | None:
        """As an element would name it."""
        return self.access if self.access.connection else None


def main() -> int:
    options = _options()
    try:
        with ExitStack() as stack:
            ports = stack.enter_context(local(options.data))
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            access = _access(options.name, options.connection, ports)
            asked = access.connection
            secret = ports.connections.secret(asked) if asked else None
            SERVICES[options.service](Call(options, access, secret, folder, ports))
    except WrongCall as error:
        print(error, file=sys.stderr)
        return 2
    except RespliceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.providers", description="Ask a provider once. It is paid for."
    )
    services = parser.add_subparsers(dest="service", required=True, metavar="|".join(SERVICES))
    for service in SERVICES:
        own = services.add_parser(service)
        names = [kind.name for kind in PROVIDERS.values() if service in kind.services]
        own.add_argument("name", choices=[name for name in names if name != models.PLACEHOLDER])
        own.add_argument("--connection", metavar="ID", help="of `resplice connections add`")
        own.add_argument("--data", type=Path, default=data_folder(), help="where connections are")
        own.add_argument("--text", help="to be spoken; or the prompt")
        own.add_argument("--model", help="by the name that documents use")
        own.add_argument("--language", default="auto", help="of the speech, for transcribers")
        own.add_argument("--voice", help="by any provider's id")
        own.add_argument("--kind", choices=["image", "video"], default="image")
        own.add_argument("--bucket", help="where Amazon Transcribe reads and writes")
    return parser.parse_args()


def _access(name: str, connection: str | None, ports: Ports) -> Access:
    """The way to the provider. Raises WrongCall."""
    kind, offers = PROVIDERS[name], ports.offers()
    if connection:
        found = offers.connection(connection)
        if found is None or found.provider != name:
            raise WrongCall(f"there is no connection '{connection}' to {kind.title}")
        return found
    if kind.secrets:
        entered = f"resplice connections add --kind {name} --name ID"
        raise WrongCall(f"{kind.title} needs --connection ID, entered before with `{entered}`")
    at_hand = next((each for each in offers.at_hand if each.provider == name), None)
    if at_hand is None and name not in AWS:
        raise WrongCall(f"{kind.title} is not set up on this machine")
    return at_hand or Access(name)


def _provider(call: Call, local_ones: Mapping[str, Any]) -> Any:
    """The adapter. Raises WrongCall."""
    name = call.access.provider
    return AWS[name](call.options) if name in AWS else local_ones[name]


def _client(name: str, config: Any = None) -> Any:
    """Raises WrongCall when the shell says not who asks, or where."""
    import boto3

    session = boto3.Session()
    if session.get_credentials() is None or not session.region_name:
        raise WrongCall("AWS is asked with the shell's credentials and AWS_REGION: there are none")
    return session.client(name, config=config)


def _polly(_: argparse.Namespace) -> Any:
    from resplice.adapters.providers.polly import ONCE, PollyVoices

    _client("polly", ONCE)
    return PollyVoices(lambda config: _client("polly", config))


def _amazon_transcribe(options: argparse.Namespace) -> Any:
    from resplice.adapters.providers.amazon_transcribe import AmazonTranscriber

    if not options.bucket:
        raise WrongCall("Amazon Transcribe needs --bucket, in the region of the shell")
    return AmazonTranscriber(_client("transcribe"), _client("s3"), options.bucket)


def _bedrock(_: argparse.Namespace) -> Any:
    from resplice.adapters.providers.bedrock import Bedrock

    _client("bedrock-runtime")
    return Bedrock()


AWS: Mapping[str, Callable[[argparse.Namespace], Any]] = {
    "polly": _polly,
    "amazon-transcribe": _amazon_transcribe,
    "bedrock": _bedrock,
}


def _speak(call: Call) -> None:
    options, text = call.options, call.options.text or TEXT
    chosen = voices.choose(options.voice, options.model, text, (call.access,), call.named)
    if isinstance(chosen, voices.Refusal):
        raise WrongCall(chosen.words)
    provider, path = _provider(call, call.ports.voices), call.folder / "spoken"
    language, settings = chosen.language, call.access.settings
    wanted = Utterance(chosen.voice, chosen.model, language, text, options=settings)
    started = time.monotonic()
    spoken = provider.speak(wanted, call.secret, path)
    took_s = time.monotonic() - started
    facts = call.ports.prober.probe(path, "")
    words = "not said" if spoken.words is None else ", ".join(map(_timed, spoken.words))
    _tell("voice", " ".join(filter(None, (chosen.voice, chosen.model, language, chosen.warning))))
    _tell("sound", f"{(facts.duration_us or 0) / 1e6:.2f} s, {spoken.demuxer}")
    _tell("words", words)
    _tell_bill(Bill(call.access.provider, chosen.model, "characters", spoken.characters), took_s)


def _transcribe(call: Call) -> None:
    """What is heard was spoken by Kokoro here."""
    provider, said = _provider(call, call.ports.transcribers), call.folder / "said"
    text = call.options.text or TEXT
    call.ports.voices["kokoro"].speak(Utterance("af_heart", "", "en-US", text), None, said)
    facts, sound = call.ports.prober.probe(said, ""), call.folder / "sound.flac"
    heard_as = listening_invocation(Source.of(facts), {facts.digest: str(said)})
    call.ports.renderer.run(heard_as, sound)
    wanted = Listening(
        *(secrets.token_hex(32), call.options.language, call.options.model or "default"),
        options=call.access.settings,
    )
    started = time.monotonic()
    heard = provider.transcribe(sound, wanted, call.secret)
    took_s = time.monotonic() - started
    _tell("sound", f"{(facts.duration_us or 0) / 1e6:.2f} s: {text}")
    _tell("language", heard.language)
    _tell("words", ", ".join(map(_timed, heard.words)))
    for warning in heard.warnings:
        _tell("warning", warning)
    listed = is_listed(call.access.provider, call.access.settings)
    bill = Bill(call.access.provider, "", "seconds", heard.seconds, listed=listed)
    _tell_bill(bill, took_s)


def _generate(call: Call) -> None:
    options, path = call.options, call.folder / "generated"
    kind, prompt = options.kind, options.text or PROMPT
    chosen = models.choose(kind, options.model, "horizontal", [call.access], call.named)
    if isinstance(chosen, models.NotOffered):
        raise WrongCall(chosen.reason)
    asked = CLIP_SECONDS if kind == "video" else 0
    seconds = models.whole_seconds(call.access.provider, chosen.model, asked) or asked
    size = (chosen.width, chosen.height, seconds)
    wanted = Generation(
        *(kind, chosen.model, prompt, "horizontal", *size), options=call.access.settings
    )
    provider, started = _provider(call, call.ports.generators), time.monotonic()
    job = provider.start(wanted, call.secret, path).job
    if job:
        made = _waited(provider, job, wanted, call.secret, path)
        if made.url:
            call.ports.web.fetch(made.url, path)
    took_s, facts = time.monotonic() - started, call.ports.prober.probe(path, "")
    _tell("model", chosen.model)
    _tell("job", job or "none: it came at once")
    _tell(facts.kind, f"{facts.width}x{facts.height} pixels, {path.stat().st_size} bytes")
    provider_name = call.access.provider
    task = GenerateTask(
        *(kind, provider_name, chosen.model, prompt, "horizontal", *size),
        options=call.access.settings,
    )
    _tell_bill(task.bill(), took_s)


def _waited(
    provider: GeneratorProvider, job: str, wanted: Generation, secret: Secret | None, path: Path
) -> Generated:
    until_s = time.monotonic() + PATIENCE_SECONDS
    while (made := provider.collect(job, wanted, secret, path)) is None:
        if time.monotonic() > until_s:
            raise WrongCall(f"the job {job} is not done after {PATIENCE_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)
    return made


def _timed(word: Any) -> str:
    return f"{word.text} {word.start_ms / 1000:.2f}-{word.end_ms / 1000:.2f}"


def _tell_bill(bill: Bill, took_s: float) -> None:
    cost = cost_of(bill)
    price = "unknown" if cost.micro_usd is None else dollars(cost.micro_usd)
    _tell("billed", f"{bill.units:g} {bill.unit}")
    _tell("list price", price)
    _tell("took", f"{took_s:.2f} s")


def _tell(what: str, found: str) -> None:
    print(f"{what:<11}{found}", flush=True)


SERVICES: Mapping[str, Callable[[Call], None]] = {
    "voices": _speak,
    "transcribers": _transcribe,
    "generators": _generate,
}

if __name__ == "__main__":
    sys.exit(main())
