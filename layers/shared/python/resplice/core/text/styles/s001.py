"""Style 001: plain white text with a soft shadow, centred."""

from __future__ import annotations

from types import MappingProxyType

RULES = MappingProxyType(
    {
        "font-family": '"Inter"',
        "font-size": "4vw",
        "font-weight": "400",
        "color": "#FFFFFF",
        "text-align": "center",
        "text-shadow": "2px 2px rgba(33,33,33,0.5)",
        "line-height": "1.2",
    }
)
