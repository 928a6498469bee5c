"""What a file of captions holds, whatever its form; and why one cannot be read."""

from __future__ import annotations

from resplice.core.captions.line import Line
from resplice.core.time_units import HOUR_MS
from resplice.frozen import frozen

MAX_BYTES = 10 * 2**20
MAX_CUES = 20_000
"""A film of three hours has about 3 000."""
MAX_CUE_CHARS = 2_000
MAX_CUE_WORDS = 400
MAX_TIME_MS = 100 * HOUR_MS


class CaptionsRefused(ValueError):
    """Captions that cannot be read. line: of the file, from 1; 0 when it is about all of it."""

    def __init__(self, reason: str, line: int = 0) -> None:
        self.line, self.reason = line, reason
        super().__init__(f"line {line}: {reason}" if line else reason)

    def __reduce__(self) -> tuple[type[CaptionsRefused], tuple[str, int]]:
        return type(self), (self.reason, self.line)


@frozen
class Cues:
    """Captions as the file gives them, in its order, which may overlap.

    info      of an ASS file: what `[Script Info]` says
    styles    of an ASS file: what each style says, by its name
    warnings  what was left out or guessed
    """

    form: str
    lines: tuple[Line, ...]
    info: tuple[tuple[str, str], ...] = ()
    styles: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    warnings: tuple[str, ...] = ()


def checked_cue(start_ms: int, end_ms: int, text_chars: int, number: int) -> bool:
    """Whether a caption is there for any time. number: the line of the file that has its times.

    Raises CaptionsRefused.
    """
    if start_ms < 0 or end_ms < 0:
        raise CaptionsRefused("a caption begins before the film does", number)
    if end_ms < start_ms:
        raise CaptionsRefused("a caption ends before it begins", number)
    if max(start_ms, end_ms) > MAX_TIME_MS:
        raise CaptionsRefused("a caption is later than any film is long", number)
    if text_chars > MAX_CUE_CHARS:
        raise CaptionsRefused(f"a caption has more than {MAX_CUE_CHARS} characters", number)
    return end_ms > start_ms


def counted(cues: int, number: int) -> None:
    """Raises CaptionsRefused when there are too many. number: the line that was read last."""
    if cues > MAX_CUES:
        raise CaptionsRefused(f"there are more than {MAX_CUES} captions", number)
