"""Amazon Transcribe on moto: one job for one name, whatever breaks in between."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from provider_servers.transcribe_jobs import Jobs
from resplice.core.words import Word
from resplice.errors import ProviderBusy, ProviderLost, ProviderRefused, RightsRefused
from resplice.ports.transcribers import Listening

SPEECH = Path(__file__).parents[1] / "speech/sale.flac"


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


def wanted(language: str = "en", name: str = "", **more: Any) -> Listening:
    return Listening(name or uuid.uuid4().hex * 2, language, **more)


def test_words_come_with_punctuation_and_times(jobs: Jobs) -> None:
    asked = wanted()
    heard = jobs.transcriber().transcribe(SPEECH, asked, None)
    assert heard.words == (
        Word("Save", 270, 560),
        Word("20%,", 560, 1220),
        Word("says", 1220, 1330),
        Word("Okonkwo.", 1330, 1950),
        Word("¿Sí?", 1950, 2440),
    )
    assert (heard.language, heard.warnings) == ("en-US", ())
    assert jobs.objects()[f"runs/heard/{asked.name}.flac"] == SPEECH.read_bytes()


def test_a_short_sound_bills_for_fifteen_seconds(jobs: Jobs) -> None:
    assert jobs.transcriber().transcribe(SPEECH, wanted(), None).seconds == 15


def test_a_job_is_asked_for_as_documented(jobs: Jobs) -> None:
    asked = wanted("pt-BR", keywords=("Okonkwo",))
    jobs.transcriber().transcribe(SPEECH, asked, None)
    assert jobs.started == [
        {
            "TranscriptionJobName": f"{jobs.bucket}-{asked.name}",
            "LanguageCode": "pt-BR",
            "MediaFormat": "flac",
            "Media": {"MediaFileUri": f"s3://{jobs.bucket}/runs/heard/{asked.name}.flac"},
            "OutputBucketName": jobs.bucket,
            "OutputKey": f"runs/heard/{asked.name}.json",
        }
    ]


@pytest.mark.parametrize("language", ["auto", "tlh"])
def test_a_language_that_nobody_names_is_found_out(jobs: Jobs, language: str) -> None:
    heard = jobs.transcriber().transcribe(SPEECH, wanted(language), None)
    assert jobs.started[0]["IdentifyLanguage"] is True
    assert "LanguageCode" not in jobs.started[0]
    assert heard.language == "en-US"
    assert [("tlh" in each) for each in heard.warnings] == [True] * (language == "tlh")


def test_asked_again_it_is_one_job(jobs: Jobs) -> None:
    asked = wanted()
    first = jobs.transcriber().transcribe(SPEECH, asked, None)
    assert jobs.transcriber().transcribe(SPEECH, asked, None) == first
    assert len(jobs.started) == 1


def test_a_job_whose_start_was_not_answered_is_found_again(jobs: Jobs) -> None:
    asked, lost = wanted(), [1]

    def lose(**_: Any) -> None:
        if lost:
            lost.clear()
            raise ReadTimeoutError(endpoint_url="https://transcribe.example")

    jobs.on("after-call", "StartTranscriptionJob", lose)
    with pytest.raises(ProviderBusy, match="could not be reached"):
        jobs.transcriber().transcribe(SPEECH, asked, None)
    assert jobs.transcriber().transcribe(SPEECH, asked, None).words
    assert len(jobs.started) == 1


def test_a_job_that_takes_long_goes_on_and_is_found_again(jobs: Jobs) -> None:
    asked = wanted()
    get_done = jobs.say_of_jobs(TranscriptionJobStatus="IN_PROGRESS")
    with pytest.raises(ProviderBusy, match="asked for again"):
        jobs.transcriber(patience_s=20).transcribe(SPEECH, asked, None)
    assert 20 <= sum(jobs.waited) <= 40 and max(jobs.waited) <= 10
    get_done()
    assert jobs.transcriber().transcribe(SPEECH, asked, None).words
    assert len(jobs.started) == 1


def test_somebody_else_may_start_it_first(jobs: Jobs) -> None:
    asked, other = wanted(), Jobs()

    def be_faster(**_: Any) -> None:
        if not other.started:
            other.bucket = jobs.bucket
            other.transcriber().transcribe(SPEECH, asked, None)

    jobs.on("before-call", "StartTranscriptionJob", be_faster)
    assert jobs.transcriber().transcribe(SPEECH, asked, None).words
    assert len(other.started) == 1


def test_a_failed_job_is_refused_with_its_reason_and_replaced_next_time(jobs: Jobs) -> None:
    asked, reason = wanted(), "The media format provided does not match"
    get_well = jobs.say_of_jobs(TranscriptionJobStatus="FAILED", FailureReason=reason)
    with pytest.raises(ProviderRefused, match=reason):
        jobs.transcriber().transcribe(SPEECH, asked, None)
    calls = list[str]()
    jobs.on("before-call", "DeleteTranscriptionJob", lambda **_: (calls.append("x"), get_well()))
    assert jobs.transcriber().transcribe(SPEECH, asked, None).words
    assert calls == ["x"]
    assert len(jobs.started) == 2


def test_silence_in_no_language_has_no_words_and_is_no_error(jobs: Jobs) -> None:
    reason = (
        "Your audio file must have a speech segment long enough in duration to perform automatic "
        "language identification. Provide an audio file with someone speaking for a longer period"
    )
    jobs.say_of_jobs(TranscriptionJobStatus="FAILED", FailureReason=reason)
    heard = jobs.transcriber().transcribe(SPEECH, wanted("auto"), None)
    assert (heard.words, heard.language, heard.seconds) == ((), "auto", 15)


def test_a_result_that_is_gone_is_made_again(jobs: Jobs) -> None:
    asked = wanted()
    jobs.transcriber().transcribe(SPEECH, asked, None)
    jobs.s3.delete_object(Bucket=jobs.bucket, Key=f"runs/heard/{asked.name}.json")
    assert jobs.transcriber().transcribe(SPEECH, asked, None).words
    assert len(jobs.started) == 2


def test_silence_has_no_words() -> None:
    assert Jobs([]).transcriber().transcribe(SPEECH, wanted(), None).words == ()


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "LimitExceededException", "InternalFailure"]
)
def test_a_busy_service_is_busy(jobs: Jobs, code: str) -> None:
    jobs.on("before-call", "StartTranscriptionJob", refusal(code, "Rate exceeded"))
    with pytest.raises(ProviderBusy, match=code):
        jobs.transcriber().transcribe(SPEECH, wanted(), None)


def test_what_is_not_allowed_is_refused_with_the_reason(jobs: Jobs) -> None:
    jobs.on("before-call", "StartTranscriptionJob", refusal("AccessDeniedException", "not you"))
    with pytest.raises(RightsRefused, match="AccessDeniedException: not you"):
        jobs.transcriber().transcribe(SPEECH, wanted(), None)


@pytest.mark.parametrize(
    ("said", "ours"), [("Make sure that you have read permission", True), ("too long", False)]
)
def test_a_sound_that_it_may_not_read_is_for_the_operator_to_mend(
    said: str, ours: bool, jobs: Jobs
) -> None:
    jobs.on("before-call", "StartTranscriptionJob", refusal("BadRequestException", said))
    with pytest.raises(ProviderRefused, match=said) as caught:
        jobs.transcriber().transcribe(SPEECH, wanted(), None)
    assert caught.value.ours == ours


def test_a_bucket_that_is_not_there_is_refused(jobs: Jobs) -> None:
    jobs.bucket = f"no-{jobs.bucket}"
    with pytest.raises(ProviderRefused, match="NoSuchBucket"):
        jobs.transcriber().transcribe(SPEECH, wanted(), None)
    assert jobs.started == []


def refusal(code: str, message: str) -> Any:
    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": message}}, "StartTranscriptionJob")

    return refuse


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml>",
        b"[]",
        b'{"results": {}}',
        b'{"results": {"items": [{}]}}',
        b"[" * 9999,
        b"null",
    ],
)
def test_a_result_that_is_not_as_documented_is_lost(jobs: Jobs, body: bytes) -> None:
    asked = wanted()
    jobs.transcriber().transcribe(SPEECH, asked, None)
    jobs.s3.put_object(Bucket=jobs.bucket, Key=f"runs/heard/{asked.name}.json", Body=body)
    with pytest.raises(ProviderLost, match="not as documented"):
        jobs.transcriber().transcribe(SPEECH, asked, None)


def test_which_languages_are_known(jobs: Jobs) -> None:
    knows = jobs.transcriber().knows
    assert all(knows(tag, "default") for tag in ("auto", "en", "no", "zh-TW", "es-419", "fil"))
    assert not knows("tlh", "default") and not knows("en", "whisper")


def test_a_sound_that_is_too_short_to_say_anything_is_not_sent(jobs: Jobs, tmp_path: Path) -> None:
    sound, head = tmp_path / "sound", bytearray(SPEECH.read_bytes())
    head[18:26] = (int.from_bytes(head[18:26], "big") >> 36 << 36 | 7999).to_bytes(8, "big")
    sound.write_bytes(head)
    heard = jobs.transcriber().transcribe(sound, wanted(), None)
    assert (heard.words, heard.seconds, jobs.started) == ((), 0, [])
