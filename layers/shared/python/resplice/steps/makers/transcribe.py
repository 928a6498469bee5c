"""The maker of transcripts: a provider listens to a source, once for its content."""

from __future__ import annotations

from dataclasses import replace

from resplice.core.facts import TranscriptFacts, content_key, written
from resplice.core.filtergraph.speech import listening_invocation
from resplice.core.fingerprint import fingerprint
from resplice.core.tasks import TranscribeTask
from resplice.ports import Ports
from resplice.ports.transcribers import Listening, Transcript
from resplice.steps.answers import note, noted
from resplice.steps.element_cache import TaskOutcome, point_to, put_written
from resplice.steps.makers.maker import Job
from resplice.steps.makers.provided import readable, require_room, secret_of
from resplice.steps.makers.stored import stored_writing


def make(job: Job, ports: Ports) -> TaskOutcome:
    """Transcribe the source, unless that was done. Raises ProviderError, NotFound, StorageError."""
    if there := stored_writing(job, TranscriptFacts, ports):
        return there
    task: TranscribeTask = job.task
    heard = _heard(task, job, ports)
    facts, content = written(TranscriptFacts, words=heard.words, language=heard.language)
    put_written(facts, content, job.folder, ports)
    bill = replace(task.bill(), units=heard.seconds)
    point_to(
        *(job.key, facts.digest, ports),
        run=job.run,
        as_of_ms=ports.clock.now_ms(),
        warnings=heard.warnings,
        bill=bill,
    )
    return TaskOutcome(facts, job.key, "miss", heard.warnings, bill)


def _heard(task: TranscribeTask, job: Job, ports: Ports) -> Transcript:
    sound, secret = job.folder / "sound.flac", secret_of(task.provider, task.connection, ports)
    with ports.objects.open(content_key(task.source.digest)) as path, readable(task.provider):
        paths = {task.source.digest: str(path)}
        ports.renderer.run(listening_invocation(task.source, paths), sound)
    wanted = Listening(_name(job, ports), task.language, task.model, task.keywords, task.options)
    require_room(task.provider, ports)
    return ports.transcribers[task.provider].transcribe(sound, wanted, secret)


def _name(job: Job, ports: Ports) -> str:
    """Of the work, where a provider keeps it by a name: that of an earlier try. What is to be made
    again, as it is forced or was purged, is another work, of this run.
    """
    asked = noted(job.key, ports)
    if asked and (asked["run"] == job.run or not job.forced):
        return str(asked["job"])
    name = fingerprint("heard again", [job.key.rpartition("/")[2], job.run])
    note(job.key, ports, job=name, run=job.run)
    return name
