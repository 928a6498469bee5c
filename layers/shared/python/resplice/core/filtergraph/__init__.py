"""Tasks to FFmpeg command lines. Pure text: tested as text, run by adapters/ffmpeg.

No byte of a user's text, URL or file name enters a filtergraph: only numbers, colours that were
parsed, and names from closed lists. Files come as paths of ours.
"""

from resplice.core.filtergraph.excerpts import seconds_read
from resplice.core.filtergraph.inputs import FramePipe, Input, Invocation
from resplice.core.filtergraph.poster import poster_invocation
from resplice.core.filtergraph.segment import segment_invocation, together
from resplice.core.filtergraph.sound import mix_invocation, row_invocation, sound_invocation
from resplice.core.filtergraph.still import sheet_invocation, still_invocation

__all__ = [
    "FramePipe",
    "Input",
    "Invocation",
    "mix_invocation",
    "poster_invocation",
    "row_invocation",
    "seconds_read",
    "segment_invocation",
    "sheet_invocation",
    "sound_invocation",
    "still_invocation",
    "together",
]
