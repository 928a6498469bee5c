"""What generates pictures and clips by name: MODELS, and which provider is asked for which.

A model has the name that documents use, and at each provider the provider's own. Names of
providers' models are those of https://fal.ai/models, https://replicate.com/explore,
https://docs.bfl.ai/quick_start/generating_images,
https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html and
https://platform.openai.com/docs/api-reference/images/create.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from resplice.core.providers import PROVIDERS, Access
from resplice.frozen import frozen

Kind = Literal["image", "video"]
Shape = Literal["horizontal", "vertical", "squared"]
Sizing = Literal["ratio", "pixels", "starred"]
"""How a model is told its size: `16:9`, width and height, or `1280*720`."""

SHAPE_NAMES: Mapping[str, Shape] = MappingProxyType(
    {
        "horizontal": "horizontal",
        "vertical": "vertical",
        "squared": "squared",
        "square": "squared",
    }
)
"""Every name of a shape that documents may use."""
RATIOS: Mapping[Shape, str] = MappingProxyType(
    {"horizontal": "16:9", "vertical": "9:16", "squared": "1:1"}
)
WORDS: Mapping[Kind, str] = MappingProxyType({"image": "images", "video": "videos"})
PLACEHOLDER = "placeholder"


@frozen
class Sizes:
    """In pixels: both sides of a wide picture, turned for a tall one, and the side of a square."""

    long: int
    short: int
    square: int

    def of(self, shape: Shape) -> tuple[int, int]:
        """Width and height."""
        wide, tall = (self.long, self.short), (self.short, self.long)
        sizes = {"horizontal": wide, "vertical": tall, "squared": (self.square, self.square)}
        return sizes[shape]


IMAGE = Sizes(1344, 768, 1024)
VIDEO = Sizes(1280, 720, 960)
TITAN = Sizes(1408, 768, 1024)
GPT = Sizes(1536, 1024, 1024)
DALL_E = Sizes(1792, 1024, 1024)


@frozen
class Served:
    """A model as one provider has it.

    model    the provider's own name
    lengths  whole seconds that a clip may have, rising; none when that is not said
    """

    provider: str
    model: str
    sizing: Sizing
    sizes: Sizes = IMAGE
    lengths: tuple[int, ...] = ()


@frozen
class Model:
    """A model by the name that documents use. served: the best way to it first."""

    name: str
    kind: Kind
    served: tuple[Served, ...] = ()
    aliases: tuple[str, ...] = ()

    def at(self, provider: str) -> Served | None:
        return next((each for each in self.served if each.provider == provider), None)


def _image(name: str, *served: Served, aliases: tuple[str, ...] = ()) -> Model:
    return Model(name, "image", served, aliases)


def _clips(replicate: Served, fal: Served, name: str, *aliases: str) -> Model:
    return Model(name, "video", (replicate, fal), aliases)


def _replicate(model: str, sizing: Sizing = "ratio", lengths: tuple[int, ...] = ()) -> Served:
    return Served("replicate", model, sizing, VIDEO if lengths else IMAGE, lengths)


def _fal(model: str, sizing: Sizing, lengths: tuple[int, ...] = ()) -> Served:
    return Served("fal", f"fal-ai/{model}", sizing, VIDEO if lengths else IMAGE, lengths)


def _bfl(model: str) -> Served:
    return Served("black-forest-labs", model, "pixels")


FIVE_OR_TEN = (5, 10)
FOUR_TO_TWELVE = tuple(range(4, 13))

MODELS: tuple[Model, ...] = (
    _image(
        "flux-schnell",
        *(_replicate("black-forest-labs/flux-schnell"), _fal("flux/schnell", "pixels")),
        aliases=("text-to-image-basic",),
    ),
    _image(
        "flux-dev",
        *(_bfl("flux-dev"), _replicate("black-forest-labs/flux-dev"), _fal("flux/dev", "pixels")),
    ),
    _image(
        "flux-pro",
        _bfl("flux-pro-1.1"),
        _replicate("black-forest-labs/flux-1.1-pro"),
        _fal("flux-pro/v1.1", "pixels"),
    ),
    _image(
        "flux-2-pro",
        _bfl("flux-2-pro"),
        _replicate("black-forest-labs/flux-2-pro"),
        _fal("flux-2-pro", "pixels"),
    ),
    _image("freepik-classic"),
    _image(
        "gemini-2.5-flash",
        *(_replicate("google/nano-banana"), _fal("nano-banana", "ratio")),
        aliases=("nano-banana",),
    ),
    _image(
        "nano-banana-pro", _replicate("google/nano-banana-pro"), _fal("nano-banana-pro", "ratio")
    ),
    _image("nano-banana-2", _replicate("google/nano-banana-2"), _fal("nano-banana-2", "ratio")),
    _image(
        "seedream-v4",
        _replicate("bytedance/seedream-4"),
        _fal("bytedance/seedream/v4/text-to-image", "pixels"),
        aliases=("text-to-image-pro",),
    ),
    _image("stable-image-core", Served("bedrock", "stability.stable-image-core-v1:1", "ratio")),
    _image("stable-image-ultra", Served("bedrock", "stability.stable-image-ultra-v1:1", "ratio")),
    _image("stable-diffusion-3.5", Served("bedrock", "stability.sd3-5-large-v1:0", "ratio")),
    _image("nova-canvas", Served("bedrock", "amazon.nova-canvas-v1:0", "pixels")),
    _image(
        "titan-image-v2", Served("bedrock", "amazon.titan-image-generator-v2:0", "pixels", TITAN)
    ),
    _image("gpt-image-1.5", Served("openai", "gpt-image-1.5", "pixels", GPT)),
    _image("gpt-image-2", Served("openai", "gpt-image-2", "pixels", GPT)),
    _image("gpt-image-1", Served("openai", "gpt-image-1", "pixels", GPT)),
    _image("gpt-image-1-mini", Served("openai", "gpt-image-1-mini", "pixels", GPT)),
    _image("dall-e-3", Served("openai", "dall-e-3", "pixels", DALL_E)),
    _clips(
        _replicate("bytedance/seedance-1.5-pro", lengths=FOUR_TO_TWELVE),
        _fal("bytedance/seedance/v1.5/pro/text-to-video", "ratio", FOUR_TO_TWELVE),
        "seedance-v1.5-pro",
    ),
    _clips(
        _replicate("wan-video/wan-2.5-t2v", "starred", FIVE_OR_TEN),
        _fal("wan-25-preview/text-to-video", "ratio", FIVE_OR_TEN),
        "wan-v2.5",
    ),
    _clips(
        _replicate("kwaivgi/kling-v1.6-standard", lengths=FIVE_OR_TEN),
        _fal("kling-video/v1.6/standard/text-to-video", "ratio", FIVE_OR_TEN),
        "kling-1-6",
    ),
)
"""Every model that is known by name; where none is named, the first of the kind is used."""

_BY_NAME = {name: model for model in MODELS for name in (model.name, *model.aliases)}


@frozen
class Chosen:
    """Who is asked for what. model: the provider's own name; width, height: pixels to ask for."""

    access: Access
    model: str
    width: int
    height: int


@frozen
class NotOffered:
    """Nobody can be asked. reason: what is known, or what to configure, for the user."""

    reason: str


def choose(
    kind: Kind,
    name: str | None,
    shape: Shape,
    offered: Sequence[Access],
    connection: Access | None = None,
) -> Chosen | NotOffered:
    """Who makes it: the provider of that connection alone, or the first offered one that can.

    name        a name or alias of MODELS; with a connection also any name that its provider knows.
                None: the provider's first model of that kind
    offered     ways to generators, the best first
    connection  what the element names, if it names one
    """
    if connection is not None:
        return _connected(kind, name, shape, connection)
    known = None if name is None else _BY_NAME.get(name)
    if name is not None and known is None:
        return NotOffered(
            f"unknown model '{name}': known for {WORDS[kind]} are {_names(_of(kind))}. "
            "Another name can be used with a connection to the provider that has it"
        )
    if known is not None and known.kind != kind:
        return _wrong_kind(known, kind)
    for access in offered:
        if found := _with(access, kind, name, shape):
            return found
    return NotOffered(_missing(kind, name))


def served_as(provider: str, model: str) -> Served | None:
    """What is known of a provider's model, by its own name of it."""
    every = (each for known in MODELS for each in known.served)
    return next((each for each in every if (each.provider, each.model) == (provider, model)), None)


def whole_seconds(provider: str, model: str, wanted: float) -> int | None:
    """The length to ask for: the shortest that is enough, else the longest; None: let it be."""
    lengths = found.lengths if (found := served_as(provider, model)) else ()
    if not lengths or wanted <= 0:
        return None
    return next((length for length in lengths if length >= wanted), lengths[-1])


def _connected(
    kind: Kind, name: str | None, shape: Shape, connection: Access
) -> Chosen | NotOffered:
    provider = PROVIDERS[connection.provider]
    if "generators" not in provider.services:
        return NotOffered(
            f"the connection '{connection.connection}' is to {provider.title}, "
            f"which generates no {WORDS[kind]}"
        )
    if found := _with(connection, kind, name, shape):
        return found
    known = None if name is None else _BY_NAME.get(name)
    compatible = provider.name == "openai" and "endpoint" in dict(connection.settings)
    if name is not None and (known is None or compatible):
        return Chosen(connection, name, *_SIZES[kind].of(shape))
    if known is not None and known.kind != kind:
        return _wrong_kind(known, kind)
    has = _names(model for model in _of(kind) if model.at(provider.name))
    wanted = f"the model '{name}'" if name else f"{WORDS[kind]} without a `model`"
    also = f"; by these names it has {has}" if has else ""
    return NotOffered(f"{provider.title} is not known to have {wanted}{also}")


def _with(access: Access, kind: Kind, name: str | None, shape: Shape) -> Chosen | None:
    if access.provider == PLACEHOLDER:
        return Chosen(access, name or PLACEHOLDER, *_SIZES[kind].of(shape))
    wanted = _of(kind) if name is None else filter(None, [_BY_NAME.get(name)])
    ways = (model.at(access.provider) for model in wanted if model.kind == kind)
    served = next(filter(None, ways), None)
    return Chosen(access, served.model, *served.sizes.of(shape)) if served else None


def _missing(kind: Kind, name: str | None) -> str:
    models = [_BY_NAME[name]] if name else [*_of(kind)]
    ways = {way.provider for model in models for way in model.served}
    what = f"the model '{name}'" if name else WORDS[kind]
    if not ways:
        usable = _names(model for model in _of(kind) if model.served)
        return f"no provider that can be used here has {what}; there are {usable}"
    titles = " or ".join(kind.title for kind in PROVIDERS.values() if kind.name in ways)
    return (
        f"no provider for {what} is configured: {titles} could be; add a connection to it "
        "and name it in `connection`, or make it a default"
    )


def _wrong_kind(known: Model, kind: Kind) -> NotOffered:
    return NotOffered(
        f"the model '{known.name}' makes {WORDS[known.kind]}; "
        f"known for {WORDS[kind]} are {_names(_of(kind))}"
    )


def _of(kind: Kind) -> Iterator[Model]:
    return (model for model in MODELS if model.kind == kind)


def _names(models: Iterable[Model]) -> str:
    return ", ".join(model.name for model in models)


_SIZES: Mapping[Kind, Sizes] = MappingProxyType({"image": IMAGE, "video": VIDEO})
