"""How S3 puts an object together of others: it copies long runs itself, the rest passes through
memory, a few parts at a time.

No copied byte is seen here, so the object has no SHA-256 of ours. S3 reckons a checksum of the
whole from those of its parts, wherever they came from, and holds what it sends against it.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from resplice.adapters.s3.upload import Condition, Parts, send_in_parts, unless_overtaken
from resplice.core.mp4 import Run, Span, size_of
from resplice.errors import NotFound
from resplice.frozen import frozen

LEAST_BYTES = 5 << 20
"""Of a part that is not the last, copied or sent."""
MOST_PARTS = 10_000
SENT_BYTES = 8 << 20
"""Of a part that is held in memory."""
COPIED_BYTES = 64 << 20
"""Of a part that is copied: S3 takes 5 GiB, but several smaller ones are there sooner."""
PARTS_AT_ONCE = 6
READS_AT_ONCE = 4
"""For each part: of small pieces, one has hundreds."""
CHANGED = frozenset({"PreconditionFailed", "NoSuchKey", "404"})
"""What S3 calls it when an object that was named is another one now, or gone."""

Part = Sequence[Span]
"""What lies in one part. One run of at least LEAST_BYTES is copied."""
ReadRun = Callable[[Run], bytes]


@frozen
class Splice:
    """One object to be, of spans. content: what an S3 request says of it. read: gives bytes."""

    client: Any
    place: Mapping[str, str]
    content: Mapping[str, Any]
    spans: Sequence[Span]
    read: ReadRun

    def is_there(self, answer: Mapping[str, Any]) -> bool:
        """It is put together anew: nothing says that what is there has the same bytes."""
        return False

    def send(self, condition: Condition) -> bool:
        """Write it if the condition (If-None-Match or If-Match) holds; False when it does not.

        Raises what botocore raises.
        """
        kind = {"ChecksumAlgorithm": "CRC32", "ChecksumType": "FULL_OBJECT"}
        checked = {**self.content, **kind}
        sizes = size_of(self.spans), self._sent_parts
        return unless_overtaken(
            lambda: send_in_parts(self.client, self.place, checked, condition, *sizes)
        )

    def _sent_parts(self, upload: Mapping[str, str]) -> Parts:
        numbered = enumerate(parts_of(self.spans), start=1)
        with ThreadPoolExecutor(PARTS_AT_ONCE) as pool:
            return list(pool.map(lambda each: self._sent(upload, *each), numbered))

    def _sent(self, upload: Mapping[str, str], number: int, part: Part) -> Mapping[str, Any]:
        whole = {**upload, "PartNumber": number}
        if len(part) == 1 and isinstance(run := part[0], Run) and run.size_bytes >= LEAST_BYTES:
            answer = self._copied(whole, run)
        else:
            body = b"".join(self._bytes(part))
            answer = self.client.upload_part(**whole, Body=body, ChecksumAlgorithm="CRC32")
        told = {name: answer[name] for name in ("ETag", "ChecksumCRC32") if name in answer}
        return {"PartNumber": number, **told}

    def _copied(self, part: Mapping[str, Any], run: Run) -> Mapping[str, Any]:
        """S3's answer. Raises NotFound when the run's object is another one now, or none."""
        try:
            copied: Mapping[str, Any] = self.client.upload_part_copy(
                **part,
                CopySource={"Bucket": self.place["Bucket"], "Key": run.key},
                CopySourceRange=f"bytes={run.offset}-{run.end - 1}",
                CopySourceIfMatch=run.version,
            )["CopyPartResult"]
        except ClientError as error:
            if error.response["Error"]["Code"] in CHANGED:
                raise NotFound(f"there is no {run.key}") from error
            raise
        return copied

    def _bytes(self, part: Part) -> Iterator[bytes]:
        """Each object is read once, though sound and pictures come by turns."""
        runs, found = fewest_runs(part), defaultdict[str, list[tuple[Run, bytes]]](list)
        with ThreadPoolExecutor(READS_AT_ONCE) as pool:
            for run, content in zip(runs, pool.map(self.read, runs), strict=True):
                found[run.key].append((run, content))
        for span in part:
            if isinstance(span, bytes):
                yield span
            else:
                run, content = next(own for own in found[span.key] if _holds(own[0], span))
                begin = span.offset - run.offset
                yield content[begin : begin + span.size_bytes]


def fewest_runs(part: Part) -> list[Run]:
    """Of all runs in the part, those of one object as one where they touch or overlap: what is
    shown again and again lies in it as often.
    """
    found: dict[str, list[Run]] = {}
    runs = (span for span in part if isinstance(span, Run))
    for run in sorted(runs, key=lambda run: run.offset):
        own = found.setdefault(run.key, [])
        if own and run.offset <= own[-1].end:
            end = max(own[-1].end, run.end)
            own[-1] = replace(own[-1], size_bytes=end - own[-1].offset)
        else:
            own.append(run)
    return [run for own in found.values() for run in own]


def _holds(whole: Run, run: Run) -> bool:
    return whole.offset <= run.offset and run.end <= whole.end


def parts_of(spans: Sequence[Span]) -> Iterator[Part]:
    """The parts of an upload, in order: long runs alone, what lies between them together."""
    least = max(LEAST_BYTES, -(-size_of(spans) // MOST_PARTS))
    most, held, held_bytes = max(SENT_BYTES, least), list[Span](), 0
    for span in spans:
        left = span
        while size := size_of([left]):
            lacking = max(0, least - held_bytes) if held else 0
            if isinstance(left, Run) and size - lacking >= least:
                if held:
                    first, left = _cut(left, lacking)
                    yield [*held, first] if lacking else held
                copied, left = _cut(left, max(COPIED_BYTES, least))
                yield [copied]
                held, held_bytes = [], 0
                continue
            first, left = _cut(left, most - held_bytes)
            held.append(first)
            held_bytes += size_of([first])
            if held_bytes == most:
                yield held
                held, held_bytes = [], 0
    if held:
        yield held


def _cut(span: Span, size_bytes: int) -> tuple[Span, Span]:
    """So much of its beginning, and the rest."""
    if isinstance(span, bytes):
        return span[:size_bytes], span[size_bytes:]
    first = min(size_bytes, span.size_bytes)
    rest = replace(span, offset=span.offset + first, size_bytes=span.size_bytes - first)
    return replace(span, size_bytes=first), rest
