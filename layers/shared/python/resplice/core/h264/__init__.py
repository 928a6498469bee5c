"""H.264, as far as a picture that stands still needs it: frames that repeat the one before. Pure.

x264 encodes every picture. That nothing changes is said here, in a few bytes a frame, after the
parameter sets that it wrote (ITU-T H.264; numbers of its clauses and tables are said where they
are used).
"""

from resplice.core.h264.repeats import repeats

__all__ = ["repeats"]
