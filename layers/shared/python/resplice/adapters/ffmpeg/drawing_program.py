"""The program that reads drawings: their XML is others' and its parser is C.

Each line of its input is a request, {"id": 1, "drawing": base64}, and each line of its output an
answer: {"id": 1, "size": [width, height]}, or {"id": 1, "wrong": why it cannot be read}.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

from resplice.core.svg import SvgRefused, svg_size


def answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"size": svg_size(base64.b64decode(request["drawing"]))}
    except SvgRefused as error:
        return {"wrong": str(error)}


if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps({"id": asked["id"], **answer(asked)}), flush=True)
