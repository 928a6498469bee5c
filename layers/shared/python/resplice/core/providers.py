"""Who speaks, transcribes and generates: PROVIDERS, the one table, and what an installation offers.

A provider is named alike everywhere: in tasks, in connections, in adapters/providers/. Nothing
here asks anybody; secrets are not known here.

To add one: a row in PROVIDERS, a file in adapters/providers/ for each thing that it does, and a row
for each in wiring/providers.py (one that runs here: wiring/speech.py). Its voices are listed in
core/voices/catalogue/, its prices in core/prices.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from resplice.core.components import ComponentFolder
from resplice.frozen import frozen

Service = Literal["voices", "transcribers", "generators", "fonts", "exports"]
"""What movies ask for that not every installation has; fonts come from one address."""


@frozen
class ProviderKind:
    """A provider.

    title     as people call it
    services  what it does
    secrets   what a connection to it must hold and nobody may see; none for one that is at hand
              without an account of its own
    settings  what else a connection may say: `region`, `endpoint`
    """

    name: str
    title: str
    services: tuple[Service, ...]
    secrets: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()


PROVIDERS: dict[str, ProviderKind] = {
    kind.name: kind
    for kind in (
        ProviderKind("kokoro", "Kokoro", ("voices",)),
        ProviderKind("espeak", "eSpeak NG", ("voices",)),
        ProviderKind("polly", "Amazon Polly", ("voices",)),
        ProviderKind(
            *("azure", "Azure Speech", ("voices", "transcribers"), ("key",)),
            settings=("region", "endpoint"),
        ),
        ProviderKind(
            *("elevenlabs", "ElevenLabs", ("voices", "transcribers"), ("key",)),
            settings=("endpoint",),
        ),
        ProviderKind("pocketsphinx", "PocketSphinx", ("transcribers",)),
        ProviderKind("whisper", "faster-whisper", ("transcribers",)),
        ProviderKind("amazon-transcribe", "Amazon Transcribe", ("transcribers",)),
        ProviderKind(
            *("openai", "OpenAI", ("transcribers", "generators"), ("key",)),
            settings=("endpoint",),
        ),
        ProviderKind("bedrock", "Amazon Bedrock", ("generators",)),
        ProviderKind("replicate", "Replicate", ("generators",), ("key",), settings=("endpoint",)),
        ProviderKind("fal", "fal", ("generators",), ("key",), settings=("endpoint",)),
        ProviderKind(
            *("black-forest-labs", "Black Forest Labs", ("generators",), ("key",)),
            settings=("endpoint",),
        ),
        ProviderKind("placeholder", "Placeholder", ("generators",)),
        ProviderKind(
            *("webhook", "Webhook", ("exports",), ("authorization",)),
            settings=("endpoint", "content-type"),
        ),
        ProviderKind(
            *("ftp", "FTP", ("exports",), ("password",)),
            settings=("host", "port", "username", "secure", "remote-path"),
        ),
        ProviderKind(
            *("sftp", "SFTP", ("exports",), ("password",)),
            settings=("host", "port", "username", "host-key", "remote-path"),
        ),
        ProviderKind(
            *("s3", "S3", ("exports",), ("secret-key",)),
            settings=("bucket", "region", "access-key", "endpoint", "remote-path"),
        ),
    )
}
"""Every provider, by its name."""


@frozen
class Connection:
    """An account with a provider, as the operator entered it; its secret lies elsewhere.

    id        as elements name it: `my-elevenlabs-apikey`
    kind      a name of PROVIDERS
    settings  (name, value) of what the kind may say beside secrets
    default   whether elements that name no connection use it too
    """

    id: str
    kind: str
    settings: tuple[tuple[str, str], ...] = ()
    default: bool = False


@frozen
class Access:
    """A way to a provider. connection: its id; None for what is at hand without one.

    build  names the version of a provider that runs here, and so its bytes; empty for a service
    """

    provider: str
    connection: str | None = None
    settings: tuple[tuple[str, str], ...] = ()
    build: str = ""


@frozen
class Offers:
    """What an installation offers.

    at_hand       what needs no connection, best first
    connections   what the operator has entered
    strict_voices whether a voice whose provider is not there is an error, instead of another voice
    placeholders  whether a labelled card stands for what nobody can generate
    components    those that there are, by name; of several with one name the first counts
    fonts_url     where fonts that do not come with us are asked for by name; empty for nowhere
    strict_fonts  whether a font that cannot be had is an error, instead of another font
    """

    at_hand: tuple[Access, ...] = ()
    connections: tuple[Connection, ...] = ()
    strict_voices: bool = False
    placeholders: bool = False
    components: tuple[ComponentFolder, ...] = ()
    fonts_url: str = ""
    strict_fonts: bool = False

    def by_default(self, service: Service) -> tuple[Access, ...]:
        """Who does it where an element names no connection: default connections, then what is at
        hand, best first.
        """
        usual = (_access(each) for each in self.connections if each.default)
        return tuple(_doing(service, [*usual, *self.at_hand]))

    def of(self, services: Iterable[Service], named: Iterable[str] = ()) -> Offers:
        """What of it can matter to a movie for which these are done. Strictness does: what was
        made without it is no answer to who asks for it. named: the connections that its elements
        name; what is no default matters to those alone.
        """
        wanted, ids = set(services), set(named)

        def matters(kind: str) -> bool:
            return bool(wanted & {*PROVIDERS[kind].services})

        return replace(
            self,
            at_hand=tuple(each for each in self.at_hand if matters(each.provider)),
            connections=tuple(
                each
                for each in self.connections
                if matters(each.kind) and (each.default or each.id in ids)
            ),
            strict_voices=self.strict_voices and "voices" in wanted,
            placeholders=self.placeholders and "generators" in wanted,
            components=(),
            fonts_url=self.fonts_url if "fonts" in wanted else "",
            strict_fonts=self.strict_fonts and "fonts" in wanted,
        )

    def with_components(self, used: Iterable[str]) -> Offers:
        """The same with those components alone."""
        found = (self.component(name) for name in used)
        return replace(self, components=tuple(each for each in found if each))

    def component(self, name: str) -> ComponentFolder | None:
        """The component of that name; None when there is none."""
        return next((each for each in self.components if each.name == name), None)

    def connection(self, id: str) -> Access | None:
        """The way to the provider of that connection; None when there is no such connection."""
        return next((_access(each) for each in self.connections if each.id == id), None)


NO_OFFERS = Offers()
"""Of an installation where nobody does anything."""


def does(provider: str, service: Service) -> bool:
    """Whether the provider does that."""
    return service in PROVIDERS[provider].services


def _access(connection: Connection) -> Access:
    return Access(connection.kind, connection.id, connection.settings)


def _doing(service: Service, accesses: list[Access]) -> Iterator[Access]:
    return (each for each in accesses if does(each.provider, service))
