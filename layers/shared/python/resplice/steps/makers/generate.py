"""The maker of generated pictures and clips: a provider is asked once, and waited for.

What a provider calls the work is stored before anybody waits for it: who tries again, also after a
crash, asks for that and not for another picture.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

from resplice.core.elements.files import IMAGES, VIDEOS
from resplice.core.facts import MediaFacts
from resplice.core.providers import PROVIDERS
from resplice.core.tasks import GenerateTask
from resplice.errors import ProviderBusy, ProviderLost, ProviderRefused
from resplice.ports import Ports
from resplice.ports.connections import Secret
from resplice.ports.generators import Generated, Generation
from resplice.steps.element_cache import BY_MAKER, TaskOutcome, point_to, put_content
from resplice.steps.makers.maker import Job
from resplice.steps.makers.provided import readable, secret_of
from resplice.steps.pointing import point

WAIT_SECONDS = 480
"""How long one call waits; the work goes on, and the next call waits on. A function on AWS has 15
minutes, for asking before and downloading after too.
"""
POLL_SECONDS, MAX_POLL_SECONDS = 0.5, 10.0
MEDIA = {"image": IMAGES, "video": VIDEOS}


def make(job: Job, ports: Ports) -> TaskOutcome:
    """Generate it. Raises ProviderError, SourceError, StorageError."""
    task: GenerateTask = job.task
    path = job.folder / "generated"
    _generate(task, job, path, ports)
    with readable(task.provider):
        facts = ports.prober.probe(path, "")
    _check(task, facts)
    put_content(path, facts, BY_MAKER, ports)
    bill, now_ms = task.bill(), ports.clock.now_ms()
    point_to(job.key, facts.digest, ports, run=job.run, as_of_ms=now_ms, bill=bill)
    return TaskOutcome(facts, job.key, "miss", bill=bill)


def _generate(task: GenerateTask, job: Job, path: Path, ports: Ports) -> None:
    """Have the result at the path."""
    provider, wanted = ports.generators[task.provider], _wanted(task)
    secret = secret_of(task.provider, task.connection, ports)
    asked_key = f"elements/asked/{job.key.rpartition('/')[2]}"
    asked = ports.cache_index.pointer(asked_key) or {}
    name = asked.get("job", "") if not job.forced or asked.get("run") == job.run else ""
    if not name:
        name = provider.start(wanted, secret, path).job
        if not name:
            return
        _note(asked_key, name, job, ports)
    try:
        made = _waited(task, name, wanted, secret, path, ports)
    except ProviderRefused:
        _note(asked_key, "", job, ports)
        raise
    if made.url:
        ports.web.fetch(made.url, path)


def _note(asked_key: str, name: str, job: Job, ports: Ports) -> None:
    point(asked_key, {"job": name, "run": job.run}, ports.clock.now_ms(), ports)


def _wanted(task: GenerateTask) -> Generation:
    size = (task.width, task.height, task.seconds)
    return Generation(
        *(task.kind, task.model, task.prompt, task.shape, *size, task.settings, task.options)
    )


def _waited(
    task: GenerateTask,
    name: str,
    wanted: Generation,
    secret: Secret | None,
    path: Path,
    ports: Ports,
) -> Generated:
    """What came of the work, when it is done. Raises ProviderBusy when that takes too long."""
    provider, pause_s = ports.generators[task.provider], POLL_SECONDS
    until_s, pause = time.monotonic() + WAIT_SECONDS, threading.Event()
    while True:
        made = provider.collect(name, wanted, secret, path)
        if made is not None:
            return made
        if time.monotonic() > until_s:
            raise ProviderBusy(PROVIDERS[task.provider].title, "it is still working on it")
        pause.wait(pause_s)
        pause_s = min(MAX_POLL_SECONDS, pause_s * 1.5)


def _check(task: GenerateTask, facts: MediaFacts) -> None:
    if not MEDIA[task.kind].suits(facts):
        title = PROVIDERS[task.provider].title
        raise ProviderLost(title, f"its answer is no {task.kind}: {facts.kind}")
