"""What the outside must offer, as the steps see it: one module for each thing it is for.

Each protocol is a contract, which `tests/contract` holds every adapter to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from resplice.core.providers import Offers
from resplice.core.quotas import UNLIMITED, KeyBounds, Quotas
from resplice.core.tools import Tools
from resplice.frozen import frozen
from resplice.ports.media import OwnUrls
from resplice.ports.trace import Trace, Untraced

if TYPE_CHECKING:  # Named here only: who uses a port imports it.
    from concurrent.futures import Executor

    from resplice.ports.agenda import Agenda
    from resplice.ports.aligner import Aligner
    from resplice.ports.api_keys import ApiKeys
    from resplice.ports.audit import Audit
    from resplice.ports.browser import Browser
    from resplice.ports.bulks import Bulks
    from resplice.ports.cache_index import CacheIndex
    from resplice.ports.checkpoints import Checkpoints
    from resplice.ports.clock import Clock
    from resplice.ports.components import Components
    from resplice.ports.connections import Connections
    from resplice.ports.counters import Counters
    from resplice.ports.credentials import Credentials
    from resplice.ports.executions import Patience
    from resplice.ports.file_users import FileUsers
    from resplice.ports.generators import GeneratorProvider
    from resplice.ports.idempotency import Idempotency
    from resplice.ports.leases import Leases
    from resplice.ports.media import MediaBytes, MediaRecords
    from resplice.ports.objects import Objects
    from resplice.ports.outbox import Outbox
    from resplice.ports.parts import Parts
    from resplice.ports.prober import Prober
    from resplice.ports.progress import Progress
    from resplice.ports.projects import Projects
    from resplice.ports.renderer import Renderer
    from resplice.ports.scratch import Scratch
    from resplice.ports.senders import Sender
    from resplice.ports.signer import Signer
    from resplice.ports.splicer import Splicer
    from resplice.ports.tallies import Tallies
    from resplice.ports.telling import Telling
    from resplice.ports.templates import Templates
    from resplice.ports.transcribers import TranscriberProvider
    from resplice.ports.voices import VoiceProvider
    from resplice.ports.web import Web


@frozen
class Ports:
    """Everything outside.

    fetchers runs work that waits for others, lookups what asks only our own stores, so that it
    never waits for a slow source; painters what a browser does, renderers what fills a core. Where
    projects share a machine, they take turns in each of them.
    files_allowed: whether documents may name files of this machine.
    voices, transcribers, generators: by the names of core.providers; offered says which of them
    an owner's elements may use now. tools: also whose these ports are.
    max_cost_micro_usd: what may be paid to them for one movie, millionths of a dollar at list
    prices; None when that is not limited. movies_kept_ms: after that files of movies go that were
    not used; None when age removes none. pieces_at_once: of a movie, that are rendered side by
    side, for estimates.
    own_disk: whether each step works on a disk of its own: what does not fit there never will.
    not_ready: why nothing new may be taken in now, in words; None when it may. no_room: why what
    has begun may pay for nothing more: that could not be stored.
    usage counts what quotas of a day are of, rates what those of a second are: that may be lost.
    senders: by the names of core.exports.kinds. signer: of manifests.
    credentials_lack: what credentials.lacks says, as far as that is known before a movie is made;
    where only who ends projects has the certificate, others know at most whether there is one.
    """

    objects: Objects
    splicer: Splicer
    parts: Parts
    projects: Projects
    agenda: Agenda
    file_users: FileUsers
    progress: Progress
    idempotency: Idempotency
    bulks: Bulks
    cache_index: CacheIndex
    leases: Leases
    api_keys: ApiKeys
    connections: Connections
    templates: Templates
    usage: Counters
    rates: Counters
    tallies: Tallies
    media: MediaRecords
    media_bytes: MediaBytes
    components: Components
    checkpoints: Checkpoints
    web: Web
    browser: Browser
    prober: Prober
    renderer: Renderer
    voices: Mapping[str, VoiceProvider]
    aligner: Aligner
    transcribers: Mapping[str, TranscriberProvider]
    generators: Mapping[str, GeneratorProvider]
    offered: Callable[[str], Offers]
    scratch: Scratch
    clock: Clock
    tools: Tools
    fetchers: Executor
    painters: Executor
    lookups: Executor
    renderers: Executor
    patience: Patience
    files_allowed: bool
    max_cost_micro_usd: int | None = None
    movies_kept_ms: int | None = None
    pieces_at_once: int = 1
    own_disk: bool = False
    quotas: Quotas = UNLIMITED
    own_urls: OwnUrls = field(default_factory=OwnUrls)
    not_ready: Callable[[], str | None] = lambda: None
    no_room: Callable[[], str | None] = lambda: None
    credentials_lack: Callable[[], str | None] = lambda: None
    trace: Trace = field(default_factory=Untraced)
    outbox: Outbox = field(kw_only=True)
    senders: Mapping[str, Sender] = field(kw_only=True)
    telling: Telling = field(kw_only=True)
    signer: Signer = field(kw_only=True)
    credentials: Credentials = field(kw_only=True)
    audit: Audit = field(kw_only=True)

    @property
    def owner(self) -> str:
        return self.tools.owner

    def of(self, owner: str, bounded: KeyBounds | None = None) -> Ports:
        """The same for an owner, with whose keys and connections it works. bounded: of the API key
        that was shown.
        """
        quotas = replace(self.quotas, key=bounded) if bounded else self.quotas
        return replace(self, tools=replace(self.tools, owner=owner), quotas=quotas)

    def offers(self) -> Offers:
        return self.offered(self.owner)
