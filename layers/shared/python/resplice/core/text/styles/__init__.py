"""Text styles: what a text looks like when its settings do not say, and how it moves.

A style is a file and a row. Its CSS is ours, trusted; rules are read like settings. Numbers and
easings are JSON2Video's; see text styles reference, 3 and 4.
"""

from __future__ import annotations

from collections.abc import Mapping

from resplice.core.text.styles import (
    s001,
    s002,
    s003,
    s004,
    s005,
    s006,
    s007,
    s008,
    s009,
    s010,
    s011,
)
from resplice.core.text.styles.style import Style

STYLES: Mapping[str, Style] = {
    "001": s001.STYLE,
    "002": s002.STYLE,
    "003": s003.STYLE,
    "004": s004.STYLE,
    "005": s005.STYLE,
    "006": s006.STYLE,
    "007": s007.STYLE,
    "008": s008.STYLE,
    "009": s009.STYLE,
    "010": s010.STYLE,
    "011": s011.STYLE,
}
"""Every text style, by its name."""

__all__ = ["STYLES", "Style"]
