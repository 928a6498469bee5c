"""The maker of spoken texts: a provider says them, once; then they are joined and levelled.

What a provider said is stored as it came, part by part, before anything is done to it: whatever
fails later, it is not paid for again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from resplice.core.composition import Source
from resplice.core.facts import MediaFacts, SpeechFacts, content_key
from resplice.core.filtergraph.speech import (
    corrected_db,
    gain_db,
    joined_invocation,
    levelled_invocation,
    listening_invocation,
)
from resplice.core.keys import said_key
from resplice.core.spread import spread
from resplice.core.tasks import SpeakTask
from resplice.core.voices.sentences import chunks
from resplice.core.voices.speech_text import plain
from resplice.core.words import Word
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.voices import Utterance
from resplice.steps.answers import note
from resplice.steps.element_cache import (
    TaskOutcome,
    by_prober,
    point_to,
    put_content,
    usable_pointer,
)
from resplice.steps.makers.maker import Job
from resplice.steps.makers.provided import readable, require_room, secret_of
from resplice.steps.makers.stored import facts_in_store, stored_media


@frozen
class Said:
    """A part of a text as the provider said it.

    words  None when it does not say when
    lufs   its integrated loudness
    own    whether that was in this run, which so was billed for it
    """

    text: str
    facts: MediaFacts
    words: tuple[Word, ...] | None
    characters: int
    lufs: float
    own: bool


def make(job: Job, ports: Ports) -> TaskOutcome:
    """Speak the text, unless that was done, and store the sound with its words.

    Raises ProviderError, NotFound, StorageError.
    """
    if there := stored_media(job, ports):
        return there
    task: SpeakTask = job.task
    parts = [replace(task, text=text) for text in _parts(task, ports)]
    if len(parts) > 1:
        note(job.key, ports, parts=[said_key(part, ports.tools) for part in parts])
    said = [_said(part, job, ports) for part in parts]
    with _opened(said, ports) as paths, readable(task.provider):
        sound = _levelled(said, paths, job.folder, ports)
        words = tuple(_words(task, said, paths, job.folder, ports))
        facts = ports.prober.probe(sound, "")
    put_content(sound, facts, by_prober(ports), ports)
    bill = replace(task.bill(), units=sum(each.characters for each in said))
    own = any(each.own for each in said)
    placed = {"tag": "speech", "words": [asdict(word) for word in words]}
    point_to(
        *(job.key, facts.digest, ports),
        run=job.run if own else None,
        as_of_ms=ports.clock.now_ms(),
        placed=placed,
        bill=bill,
    )
    speech = SpeechFacts(**vars(facts), words=words)
    return TaskOutcome(speech, job.key, "miss" if own else "hit", bill=bill)


def _parts(task: SpeakTask, ports: Ports) -> Sequence[str]:
    """The text in as many utterances as the provider needs. An SSML document is one."""
    if task.ssml:
        return [task.text]
    return chunks(task.text, ports.voices[task.provider].max_characters)


def _said(part: SpeakTask, job: Job, ports: Ports) -> Said:
    """The part, as it was said before if it was; else it is said now, and stored."""
    key = said_key(part, ports.tools)
    with readable(part.provider):
        return _said_before(part, key, job, ports) or _say(part, key, job, ports)


def _said_before(part: SpeakTask, key: str, job: Job, ports: Ports) -> Said | None:
    pointer = usable_pointer(key, job.run, ports, forced=job.forced)
    facts = facts_in_store(pointer["digest"], ports) if pointer else None
    if not pointer or not facts:
        return None
    words, own = pointer["words"], pointer["run"] == job.run
    times = None if words is None else tuple(Word(**word) for word in words)
    return Said(part.text, facts, times, pointer["characters"], pointer["lufs"], own)


def _say(part: SpeakTask, key: str, job: Job, ports: Ports) -> Said:
    """Ask the provider, and store what it gives."""
    path = job.folder / key.rpartition("/")[2]
    secret = secret_of(part.provider, part.connection, ports)
    utterance = Utterance(
        part.voice, part.model, part.language, part.text, part.ssml, part.settings, part.options
    )
    require_room(part.provider, ports)
    spoken = ports.voices[part.provider].speak(utterance, secret, path)
    # Only a sound that can be decoded to its end is kept: measuring does that.
    facts = ports.prober.probe(path, "")
    lufs = ports.prober.loudness(path, facts.demuxer).integrated_lufs
    put_content(path, facts, by_prober(ports), ports)
    point_to(
        *(key, facts.digest, ports),
        run=job.run,
        as_of_ms=ports.clock.now_ms(),
        words=None if spoken.words is None else [asdict(word) for word in spoken.words],
        characters=spoken.characters,
        lufs=lufs,
    )
    return Said(part.text, facts, spoken.words, spoken.characters, lufs, own=True)


@contextmanager
def _opened(said: Sequence[Said], ports: Ports) -> Iterator[Mapping[str, str]]:
    """Where the bytes of each part lie."""
    with ExitStack() as stack:
        digests = {each.facts.digest for each in said}
        opened = {each: ports.objects.open(content_key(each)) for each in digests}
        yield {digest: str(stack.enter_context(each)) for digest, each in opened.items()}


def _levelled(said: Sequence[Said], paths: Mapping[str, str], folder: Path, ports: Ports) -> Path:
    """All that was said in a row, at the one loudness."""
    whole, lufs, out = Source.of(said[0].facts), said[0].lufs, folder / "speech.flac"
    if len(said) > 1:
        joined = folder / "joined.flac"
        ports.renderer.run(
            joined_invocation([Source.of(each.facts) for each in said], paths), joined
        )
        whole = Source("joined", "flac", "audio", 0, 0, has_alpha=False)
        paths = {**paths, "joined": str(joined)}
        lufs = ports.prober.loudness(joined, whole.demuxer).integrated_lufs
    gain = gain_db(lufs)
    ports.renderer.run(levelled_invocation(whole, gain, paths), out)
    better = corrected_db(gain, ports.prober.loudness(out, "flac").integrated_lufs)
    if better is not None:
        ports.renderer.run(levelled_invocation(whole, better, paths), out)
    return out


def _words(
    task: SpeakTask, said: Sequence[Said], paths: Mapping[str, str], folder: Path, ports: Ports
) -> Iterator[Word]:
    """The words of all parts, in the time of the whole."""
    begin_us = 0
    for each in said:
        for word in _words_of(task, each, paths, folder, ports):
            shift_ms = round(begin_us / 1000)
            yield Word(word.text, word.start_ms + shift_ms, word.end_ms + shift_ms)
        begin_us += each.facts.duration_us or 0


def _words_of(
    task: SpeakTask, said: Said, paths: Mapping[str, str], folder: Path, ports: Ports
) -> tuple[Word, ...]:
    """When each is said: by the provider, by alignment, or spread over the sound by letters."""
    if said.words is not None:
        return said.words
    text, sound = plain(said.text) if task.ssml else said.text, folder / "listening.flac"
    ports.renderer.run(listening_invocation(Source.of(said.facts), paths), sound)
    aligned = ports.aligner.align(sound, text, task.language)
    return aligned or spread(text, 0, (said.facts.duration_us or 0) // 1000)
