"""Subtitles: what they need round by round, whom they ask, what is refused and what is told."""

from __future__ import annotations

from typing import Any

import pytest
from drawn import spoken_facts
from resplice.core.captions.lines import spoken_lines
from resplice.core.document.paths import DocumentPath
from resplice.core.elements.subtitles import captioned
from resplice.core.facts import CaptionsFacts, Facts, MediaFacts, TranscriptFacts
from resplice.core.providers import Access, Connection, Offers
from resplice.core.schema.validation import validate
from resplice.core.sources import asked_by, element_tasks, notes, source_problems
from resplice.core.tasks import (
    CaptionsTask,
    FetchTask,
    PaintTask,
    SpeakTask,
    Task,
    TranscribeTask,
)
from resplice.core.timeline import Timeline, timeline
from resplice.core.tools import Tools
from resplice.core.words import Word
from resplice.errors import DocumentError
from resplice.steps.pipeline.accept import accept
from warned_lines import plain, plainly

HERE = Offers((Access("espeak", build="1"), Access("pocketsphinx", build="2")))
MINE = Connection("mine", "openai", (("endpoint", "https://e.example/v1"),))
USUAL = Connection("usual", "elevenlabs", default=True)
SRT = "1\n00:00:00,000 --> 00:00:02,000\nGood morning\n"
URL = "https://e.example/lines.srt"
OWN: DocumentPath = ("elements", 0)
Document = dict[str, Any]


def movie(*elements: Document, subtitles: Document | None = None) -> Document:
    over = {"type": "subtitles", **(subtitles or {})}
    return {"scenes": [{"elements": list(elements)}], "elements": [over]}


def clip(name: str = "talk", **more: Any) -> Document:
    return {"type": "video", "src": f"https://e.example/{name}", **more}


VOICE = {"type": "voice", "text": "One two three.", "model": "espeak"}
MUSIC = {"type": "audio", "src": "https://e.example/music"}


def facts_of(task: Task, text: str = SRT) -> Facts:
    match task:
        case SpeakTask():
            return spoken_facts(task)
        case FetchTask() if task.url.endswith("font.ttf"):
            return MediaFacts("f" * 64, 9, "font", "")
        case FetchTask():
            digest, sounds = task.url[-1] * 64, {"duration_us": 3_000_000, "has_audio": True}
            kind = "audio" if task.url.endswith("music") else "video"
            return MediaFacts(digest, 9, kind, "mov", 64, 48, **sounds)  # type: ignore[arg-type]
        case TranscribeTask():
            words = (Word("Hello", 200, 600), Word("there.", 1500, 1900))
            return TranscriptFacts("t" * 64, 9, words, "en")
        case CaptionsTask():
            return CaptionsFacts("c" * 64, 9, text)
    return MediaFacts("b" * 64, 9, "image", "png_pipe", 60, 20, has_alpha=True)


def rounds(document: Document, offers: Offers = HERE, text: str = SRT) -> list[dict[Any, Task]]:
    """What is made in each round, until nothing is left."""
    return made(document, offers, text)[0]


def made(
    document: Document, offers: Offers = HERE, text: str = SRT
) -> tuple[list[dict[Any, Task]], dict[DocumentPath, Facts]]:
    whole, known, found = validate(document), dict[DocumentPath, Facts](), []
    while tasks := element_tasks(whole, known, offers):
        found.append({each.path: each.task for each in tasks})
        known |= {each.path: facts_of(each.task, text) for each in tasks}
        assert len(found) < 9, "it never ends"
    return found, known


def laid(document: Document, offers: Offers = HERE, text: str = SRT) -> Timeline:
    return timeline(validate(document), made(document, offers, text)[1], offers)


def of_kind(found: list[dict[Any, Task]], kind: type[Task]) -> list[Any]:
    return [task for each in found for task in each.values() if isinstance(task, kind)]


def kinds(found: list[dict[Any, Task]]) -> list[list[str]]:
    return [sorted({type(task).__name__ for task in each.values()}) for each in found]


def times(timed: Timeline) -> list[tuple[int, int]]:
    return [(layer.start, layer.end) for layer in timed.above]


def test_lines_of_the_document_are_painted_at_once() -> None:
    found = rounds(movie(subtitles={"captions": SRT}))
    assert kinds(found) == [["PaintTask"]]
    assert list(found[0]) == [(*OWN, "line", 0)]


def test_what_is_said_is_put_into_lines_once_for_all_rounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three hours of speech take seconds, and each round asks for their lines."""
    put = list[Any]()

    def counted(words: Any, grouping: Any) -> list[Any]:
        put.append(grouping)
        return spoken_lines(words, grouping)

    monkeypatch.setattr(captioned, "spoken_lines", counted)
    laid(movie({**VOICE, "text": "Said once, and never again."}))
    assert len(put) == 1


def test_a_connection_that_captions_of_their_own_have_no_need_of_is_known_all_the_same() -> None:
    there = Offers(connections=(MINE,))
    document = movie(subtitles={"captions": SRT, "connection": "mine"})
    accept(document, Tools("", "", "", ""), lambda: there)
    with pytest.raises(DocumentError, match="there is no connection 'mine'"):
        accept(document, Tools("", "", "", ""))


def test_a_file_comes_before_its_lines() -> None:
    found = rounds(movie(subtitles={"captions": URL}))
    assert found[0] == {(*OWN, "captions"): CaptionsTask(URL)}
    assert kinds(found) == [["CaptionsTask"], ["PaintTask"]]


def test_a_font_comes_before_the_lines_that_are_in_it() -> None:
    settings = {"font-url": "https://e.example/font.ttf"}
    first, second = rounds(movie(subtitles={"captions": SRT, "settings": settings}))
    assert list(first) == [(*OWN, "settings", "font-url")]
    (page,) = second.values()
    assert isinstance(page, PaintTask) and page.fonts == (("font-" + "f" * 16, "f" * 64),)
    assert f"font-{'f' * 16}" in page.html


def test_what_a_voice_says_nobody_listens_to() -> None:
    found = rounds(movie(VOICE))
    assert kinds(found) == [["SpeakTask"], ["PaintTask"]]
    ends = {**VOICE, "start": 1, "extra-time": 3}
    assert times(laid(movie(ends))) == [(25, 55)], "0.5 s after the last word"


def test_a_clip_is_listened_to_and_its_words_are_written() -> None:
    found = rounds(movie(clip()))
    assert kinds(found) == [["FetchTask"], ["TranscribeTask"], ["PaintTask"]]
    ((path, task),) = found[1].items()
    assert path == (*OWN, "transcript", "k" * 64)
    assert isinstance(task, TranscribeTask)
    assert (task.provider, task.language, task.model) == ("pocketsphinx", "auto", "default")
    assert (task.source.digest, task.build, task.seconds) == ("k" * 64, "2", 3)
    assert times(laid(movie(clip()))) == [(5, 28), (38, 60)]


def test_a_clip_that_is_moved_cut_or_repeated_is_listened_to_once() -> None:
    plain = of_kind(rounds(movie(clip())), TranscribeTask)
    for other in ({"start": 2}, {"seek": 1}, {"duration": 1}, {"loop": 2}, {"volume": 0.5}):
        assert of_kind(rounds(movie(clip(**other))), TranscribeTask) == plain, other
    twice = movie(clip(), clip(start=1), clip("other-talk"))
    assert of_kind(rounds(twice), TranscribeTask) == plain, "equal contents"
    assert times(laid(movie(clip(seek=1), clip("silent", muted=True)))) == [(13, 35)]


def test_what_goes_round_for_ever_is_music_unless_it_is_heard_otherwise_too() -> None:
    endless = {**MUSIC, "loop": -1, "duration": -2}
    assert of_kind(rounds(movie(endless, clip(muted=True))), TranscribeTask) == []
    once = {**MUSIC, "duration": 2}
    assert len(of_kind(rounds(movie(once, endless)), TranscribeTask)) == 1


def test_where_voices_speak_one_that_hears_words_in_music_is_not_asked() -> None:
    spoken = movie(VOICE, MUSIC)
    assert of_kind(rounds(spoken), TranscribeTask) == []
    assert times(laid(spoken)) == [(0, 30)] and laid(spoken).warnings == ()
    (warning,) = laid(movie(VOICE, clip())).warnings
    assert warning.startswith("elements[0] has only what voices say")
    better = Offers(HERE.at_hand, (USUAL,))
    (task,) = of_kind(rounds(spoken, better), TranscribeTask)
    assert (task.provider, task.connection) == ("elevenlabs", "usual")
    assert laid(spoken, better).warnings == ()


def test_voices_are_enough_in_a_language_that_nobody_transcribes() -> None:
    spoken = movie(VOICE, MUSIC, subtitles={"language": "fr"})
    assert times(laid(spoken)) == [(0, 30)]


def test_a_language_that_nobody_knows_says_what_to_configure() -> None:
    document = movie(clip(), subtitles={"language": "fr"})
    assert of_kind(rounds(document), TranscribeTask) == []
    with pytest.raises(DocumentError) as caught:
        laid(document)
    (problem,) = caught.value.problems
    assert problem.path == "elements[0].language"
    words = ("'fr'", "captions", "Azure", "ElevenLabs", "OpenAI", "faster-whisper")
    assert all(word in problem.message for word in words)
    assert times(laid(movie(clip(muted=True), subtitles={"language": "fr"}))) == []
    assert laid(document, Offers(HERE.at_hand, (USUAL,))).warnings == ()


def test_a_connection_that_is_named_is_the_only_one_asked() -> None:
    offers = Offers(HERE.at_hand, (USUAL, MINE))
    (task,) = of_kind(
        rounds(movie(clip(), subtitles={"connection": "mine"}), offers), TranscribeTask
    )
    assert (task.provider, task.connection, task.options) == ("openai", "mine", MINE.settings)
    with pytest.raises(DocumentError, match="connection 'mine' does not transcribe"):
        laid(movie(clip(), subtitles={"connection": "mine", "language": "gu"}), offers)
    assert refused({"connection": "mines"}, offers) == {
        "elements[0].connection": "Movie element #1: there is no connection 'mines'; "
        "did you mean 'mine'?"
    }
    painter = Offers((), (Connection("fal", "fal"),))
    assert (
        "without transcribers" in refused({"connection": "fal"}, painter)["elements[0].connection"]
    )


def test_a_model_that_nobody_has_is_the_usual_one_with_a_warning() -> None:
    document = movie(clip(), subtitles={"model": "Whisper", "language": "en"})
    (task,) = of_kind(rounds(document), TranscribeTask)
    assert (task.provider, task.model) == ("pocketsphinx", "default")
    (note,) = notes(validate(document), HERE)
    assert note.startswith("elements[0].model: nobody here has 'whisper'")
    with_openai = Offers(HERE.at_hand, (Connection("o", "openai", default=True),))
    (task,) = of_kind(rounds(document, with_openai), TranscribeTask)
    assert (task.provider, task.model) == ("openai", "whisper")
    assert notes(validate(document), with_openai) == []
    assert notes(validate(movie(subtitles={"model": "whisper", "captions": SRT})), HERE) == []


def test_keywords_reach_who_listens_and_replacements_do_not() -> None:
    settings = {"keywords": ["Okonkwo"], "replace": {"hello": "Goodbye"}}
    found = rounds(movie(clip(), subtitles={"settings": settings}))
    (task,) = of_kind(found, TranscribeTask)
    assert task.keywords == ("Okonkwo",)
    pages = [page.html for page in of_kind(found, PaintTask)]
    assert "Goodbye" in pages[0] and "there." in pages[1]


def test_one_counts_and_the_others_need_nothing_and_harm_nothing() -> None:
    other = {"type": "subtitles", "captions": "no captions", "settings": {"x": "wide"}}
    document = movie(clip(), other, subtitles={"captions": SRT})
    whole = validate(document)
    assert source_problems(whole, HERE, files_allowed=False) == []
    assert of_kind(rounds(document), TranscribeTask) == []
    assert times(laid(document)) == [(0, 50)]
    assert plainly(notes(whole, HERE)) == (
        "scenes[0].elements[1]: only one counts in a movie: elements[0]",
    )


def refused(subtitles: Document, offers: Offers = HERE) -> dict[str, str]:
    found = source_problems(validate(movie(subtitles=subtitles)), offers, files_allowed=False)
    return {problem.path: problem.message for problem in found}


def test_every_setting_that_cannot_be_used_is_told_with_its_path() -> None:
    settings = {"font-size": "huge", "word-color": "reddish", "replace": [1], "position": "bottom"}
    told = refused({"captions": SRT, "settings": settings})
    assert told.keys() == {
        *("elements[0].settings.font-size", "elements[0].settings.word-color"),
        "elements[0].settings.replace",
    }
    assert told["elements[0].settings.font-size"].endswith("must be a number")


def test_captions_that_cannot_be_read_are_told_before_anything_is_made() -> None:
    assert (
        "neither SRT, VTT nor ASS" in refused({"captions": "Good morning"})["elements[0].captions"]
    )
    assert "line 2" in refused({"captions": SRT.replace("02,000", "xx")})["elements[0].captions"]
    assert refused({"captions": SRT}) == refused({"captions": URL}) == refused({}) == {}
    told = refused({"captions": SRT, "settings": {"font-url": "file:///etc/passwd"}})
    assert list(told) == ["elements[0].settings.font-url"]
    told = refused({"captions": SRT, "settings": {"font-url": "own.ttf"}})
    assert list(told) == ["elements[0].settings.font-url"]
    assert "must be an http" in refused({"captions": "file:///etc/passwd"})["elements[0].captions"]


def test_a_file_that_cannot_be_read_is_told_when_it_is_there() -> None:
    document = movie(subtitles={"captions": URL})
    with pytest.raises(DocumentError) as caught:
        laid(document, text="<!doctype html><p>Not found</p>")
    (problem,) = caught.value.problems
    assert problem.path == "elements[0].captions" and "web page" in problem.message


def test_positions_and_styles_that_do_not_exist_are_read_as_others_and_told() -> None:
    settings = {"position": "bottom", "style": "neon", "animation": "pop"}
    told = notes(validate(movie(subtitles={"captions": SRT, "settings": settings})), HERE)
    assert [note.partition(":")[0] for note in told] == ["elements[0].settings"] * 2
    assert "bottom-center" in told[1] and "neon" in told[0]


def test_what_lasts_as_long_as_the_movie_says_no_time_of_its_own() -> None:
    document = movie(VOICE, subtitles={"captions": SRT, "start": 3, "duration": 0.5})
    assert times(laid(document)) == [(0, 25)], "the movie ends before they do"


def test_without_words_there_is_no_file_but_a_warning() -> None:
    silent = laid(movie(clip(muted=True)))
    assert silent.captions is None and silent.above == ()
    (warning,) = silent.warnings
    assert plain(warning) == "elements[0] has nothing to write: no words were found"


def test_lines_come_with_a_file_of_them() -> None:
    told = laid(movie(VOICE)).captions
    assert told and "[Script Info]" in told and "three." in told


def test_services_are_wanted_only_by_those_that_listen() -> None:
    assert asked_by(validate(movie(subtitles={"captions": SRT}))).services == ()
    assert asked_by(validate(movie())).services == ("transcribers",)
    assert asked_by(validate(movie(VOICE))).services == ("transcribers", "voices")


def test_words_of_scenes_are_written_in_the_movies_time() -> None:
    scenes = [{"duration": 2}, {"elements": [VOICE]}]
    document = {"scenes": scenes, "elements": [{"type": "subtitles"}]}
    assert times(laid(document)) == [(50, 69)]
