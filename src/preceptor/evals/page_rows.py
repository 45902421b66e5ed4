"""Write one sample of the run page as JSON that is bounded in size and cannot leave its script element."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.evals.page_types import PageSample
from preceptor.evals.types import EvalCase, SampleResult
from preceptor.grading.types import MetricScore
from preceptor.models.types import Message

# What could end the element, open a comment in it, hide from a reader of the source, or break UTF-8.
RISKY = re.compile("[<>&\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]")
LONGEST_NAME = 300
LONGEST_REASON = 1_000
MOST_NAMES = 50
MOST_TURNS = 200


@dataclass
class Room:
    """How many characters a sample's texts may still take; what does not fit is counted."""

    characters: int
    num_left_out: int = 0

    def take(self, text: str, most: int | None = None) -> str:
        """The start of the text that fits, at most `most` characters of it."""
        size = min(len(text), self.characters, len(text) if most is None else most)
        self.characters -= size
        self.num_left_out += len(text) - size
        return text[:size]


def sample_json(sample: PageSample, characters: int) -> str:
    r"""One object; texts take `characters` together at most: the answers first, the long way to them last.

    >>> done = SampleResult(case_id="a", status="ok", output="</script>")
    >>> r'"output":"\u003c/script\u003e"' in sample_json(PageSample(case_id="a", result=done), 100)
    True
    """
    room = Room(characters)
    sides = (sample.result, sample.baseline)
    row: JsonObject = {"id": sample.case_id[:LONGEST_NAME], "epoch": sample.epoch}
    # Both answers before all else, a third of the room each at most, so that they can be compared.
    outputs = [
        None if side is None or side.output is None else room.take(side.output, characters // 3) for side in sides
    ]
    row["run"], row["baseline"] = (_side(side, output, room) for side, output in zip(sides, outputs, strict=True))
    row.update(_case(sample.case, room))
    for name, result in zip(("run", "baseline"), sides, strict=True):
        side = row[name]
        if result is not None and isinstance(side, dict):
            side["turns"] = _turns(result.transcript, room)
    if sample.case is not None:
        row["turns"] = _turns(sample.case.messages, room)
    row["cut"] = room.num_left_out
    return script_json(row)


def script_json(value: JsonValue) -> str:
    r"""JSON that reads the same in a script element, whatever it holds.

    >>> script_json("</script>\u202e")
    '"\\u003c/script\\u003e\\u202e"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return RISKY.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _side(result: SampleResult | None, output: str | None, room: Room) -> JsonValue:
    if result is None:
        return None
    return {
        "status": result.status,
        "output": output,
        "error": room.take(result.error, LONGEST_REASON),
        "stop": room.take(result.stop_reason, LONGEST_REASON),
        "scores": [_score(score, room) for score in result.scores[:MOST_NAMES]],
        "latency": result.latency_seconds,
        "input_tokens": result.usage.input_tokens,
        "output_tokens": result.usage.output_tokens,
        "cost": result.usage.cost,
        "steps": result.num_steps,
        "cached": result.is_cached,
    }


def _score(score: MetricScore, room: Room) -> JsonValue:
    return [score.metric[:LONGEST_NAME], score.value, room.take(score.reason, LONGEST_REASON), score.status]


def _case(case: EvalCase | None, room: Room) -> JsonObject:
    if case is None:
        return {}
    question = next((turn.content for turn in reversed(case.messages) if turn.role == "user"), "")
    target = case.target if isinstance(case.target, str) else json.dumps(case.target, ensure_ascii=False)
    return {
        "input": room.take(question, LONGEST_REASON),
        "target": None if case.target is None else room.take(target, LONGEST_REASON),
        "slices": [name[:LONGEST_NAME] for name in case.slices[:MOST_NAMES]],
        "tags": [name[:LONGEST_NAME] for name in case.tags[:MOST_NAMES]],
    }


def _turns(messages: Sequence[Message], room: Room) -> JsonValue:
    """Role, text, name and calls of each turn; turns beyond 200 are counted as left out."""
    room.num_left_out += sum(len(turn.content) for turn in messages[MOST_TURNS:])
    return [
        {
            "role": turn.role,
            "text": room.take(turn.content),
            "name": (turn.name or "")[:LONGEST_NAME],
            "calls": [[call.name[:LONGEST_NAME], room.take(call.arguments)] for call in turn.tool_calls[:MOST_NAMES]],
        }
        for turn in messages[:MOST_TURNS]
    ]
