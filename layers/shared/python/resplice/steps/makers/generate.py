"""The maker of generated pictures and clips: a provider is asked once, and waited for.

What a provider calls the work is stored before anybody waits for it: who tries again, also after a
crash, asks for that and not for another picture. Work that came to nothing is forgotten.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

from resplice.core.elements.files import IMAGES, VIDEOS
from resplice.core.facts import MediaFacts
from resplice.core.providers import PROVIDERS
from resplice.core.tasks import GenerateTask
from resplice.errors import (
    ProviderBusy,
    ProviderError,
    ProviderLost,
    SourceError,
    SourceUnavailable,
)
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.connections import Secret
from resplice.ports.generators import Generated, Generation, GeneratorProvider
from resplice.ports.web import Allowance
from resplice.steps.answers import note, noted
from resplice.steps.element_cache import TaskOutcome, by_prober, point_to, put_content
from resplice.steps.makers.maker import Job
from resplice.steps.makers.provided import readable, require_room, secret_of
from resplice.steps.makers.stored import stored_media

WAIT_SECONDS = 480
"""How long one call waits; the work goes on, and the next call waits on. A function on AWS has 15
minutes, for asking before and downloading after too.
"""
MOST_BYTES = 2 << 30
"""Of what a provider made."""
POLL_SECONDS, MAX_POLL_SECONDS = 0.5, 10.0
MEDIA = {"image": IMAGES, "video": VIDEOS}


@frozen
class _Asking:
    """A task, and all that asking for it takes. path: where the result is to lie."""

    task: GenerateTask
    wanted: Generation
    provider: GeneratorProvider
    secret: Secret | None
    path: Path


def make(job: Job, ports: Ports) -> TaskOutcome:
    """Generate it, unless it is there. Raises ProviderError, StorageError."""
    if there := stored_media(job, ports):
        return there
    task: GenerateTask = job.task
    path, secret = job.folder / "generated", secret_of(task.provider, task.connection, ports)
    asking = _Asking(task, _wanted(task), ports.generators[task.provider], secret, path)
    facts = _generated(asking, job, ports)
    put_content(path, facts, by_prober(ports), ports)
    bill, now_ms = task.bill(), ports.clock.now_ms()
    point_to(job.key, facts.digest, ports, run=job.run, as_of_ms=now_ms, bill=bill)
    return TaskOutcome(facts, job.key, "miss", bill=bill)


def _generated(asking: _Asking, job: Job, ports: Ports) -> MediaFacts:
    """The facts of the result, which lies at the path then.

    What another run has asked for is taken; that it came to nothing is no answer to this run, which
    asks anew then.
    """
    asked = noted(job.key, ports)
    own, name = asked.get("run") == job.run, asked.get("job", "")
    if name and (own or not job.forced):
        try:
            return _collected(asking, name, job, ports)
        except ProviderError as error:
            if own or error.retry:
                raise
    require_room(asking.task.provider, ports)
    name = asking.provider.start(asking.wanted, asking.secret, asking.path).job
    if not name:
        return _checked(asking.task, asking.path, ports)
    note(job.key, ports, job=name, run=job.run)
    return _collected(asking, name, job, ports)


def _collected(asking: _Asking, name: str, job: Job, ports: Ports) -> MediaFacts:
    """What came of the work of that name, which is forgotten when it is nothing of use."""
    try:
        made = _waited(asking, name)
        if made.url:
            _download(made.url, asking, ports)
        return _checked(asking.task, asking.path, ports)
    except ProviderError as error:
        if not error.retry:
            note(job.key, ports, job="", run=job.run)
        raise


def _download(url: str, asking: _Asking, ports: Ports) -> None:
    """What the provider made is at its address for a while."""
    title = PROVIDERS[asking.task.provider].title
    try:
        ports.web.fetch(url, asking.path, None, Allowance(WAIT_SECONDS, MOST_BYTES, paid=True))
    except SourceUnavailable as error:
        reason = f"what it made cannot be downloaded now ({error.reason})"
        raise ProviderBusy(title, reason) from error
    except SourceError as error:
        reason = f"what it made cannot be downloaded ({error.reason})"
        raise ProviderLost(title, reason) from error


def _wanted(task: GenerateTask) -> Generation:
    size = (task.width, task.height, task.seconds)
    return Generation(
        *(task.kind, task.model, task.prompt, task.shape, *size, task.settings, task.options)
    )


def _waited(asking: _Asking, name: str) -> Generated:
    """What came of the work, when it is done. Raises ProviderBusy when that takes too long."""
    until_s, pause, pause_s = time.monotonic() + WAIT_SECONDS, threading.Event(), POLL_SECONDS
    while True:
        made = asking.provider.collect(name, asking.wanted, asking.secret, asking.path)
        if made is not None:
            return made
        if time.monotonic() > until_s:
            title = PROVIDERS[asking.task.provider].title
            raise ProviderBusy(title, "it is still working on it; try again later")
        pause.wait(pause_s)
        pause_s = min(MAX_POLL_SECONDS, pause_s * 1.5)


def _checked(task: GenerateTask, path: Path, ports: Ports) -> MediaFacts:
    """Its facts. Raises ProviderLost when it is nothing that the element can show."""
    with readable(task.provider):
        facts = ports.prober.probe(path, "")
    if not MEDIA[task.kind].suits(facts):
        title = PROVIDERS[task.provider].title
        raise ProviderLost(title, f"its answer is no {task.kind}, but of the kind {facts.kind}")
    return facts
