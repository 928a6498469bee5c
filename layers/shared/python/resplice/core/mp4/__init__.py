"""MP4 files of ours: what a piece says of its samples, and one movie of many pieces. Pure.

FFmpeg writes each piece; which bytes of them follow one another in the movie is said here, and
what is said of them in front. So a store can put the movie together where the pieces lie.
"""

from resplice.core.mp4.held import held
from resplice.core.mp4.layout import Piece
from resplice.core.mp4.movie import movie_of
from resplice.core.mp4.spans import Run, Span, digest_of, size_of
from resplice.core.mp4.track import Track, track

__all__ = ["Piece", "Run", "Span", "Track", "digest_of", "held", "movie_of", "size_of", "track"]
