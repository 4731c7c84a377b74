"""One question, one answer: lines of JSON to the half of us that runs within the office."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from workbook.findings import Refusal

GONE = "LibreOffice 已经关闭，或者中断了这次操作。请重新打开台账，再点一次。"


class Refused(Exception):
    """What the office does not do; as Excel tells it through COM."""

    hresult = -2147352567


class Missing(KeyError):
    """A workbook or a sheet that is no longer there."""


class Channel:
    """Questions out, answers in; `asked` counts them, for every one costs a turn."""

    def __init__(self, answers: BinaryIO, questions: BinaryIO) -> None:
        self._answers, self._questions, self.asked = answers, questions, 0

    def ask(self, do: str, **given: Any) -> Any:
        """What `do`, an operation of inside.serving, gives.

        Raises Refused or Missing where the office does not do it, Refusal where it is gone.
        """
        self.asked += 1
        line = self._turn(json.dumps({"do": do, **given}, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        answer = json.loads(line)
        if "said" in answer:
            return answer["said"]
        raise Missing(given) if answer["refused"] == "missing" else Refused(answer.get("why") or answer["refused"])

    def _turn(self, question: bytes) -> bytes:
        try:
            self._questions.write(question)
            self._questions.flush()
            line = self._answers.readline()
        except OSError:
            line = b""
        if not line:
            raise Refusal(GONE)
        return line
