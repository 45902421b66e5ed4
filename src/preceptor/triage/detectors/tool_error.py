"""A tool that the model called answered with an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue, parse_json
from preceptor.grading.types import MetricScore
from preceptor.models.types import Message
from preceptor.traces.types import Trace
from preceptor.triage.detector import Detection
from preceptor.triage.evidence import quote
from preceptor.triage.types import Severity

ERROR_START = re.compile(r"\s{0,20}(?:error|exception|traceback)\b", re.IGNORECASE)
MAX_PLACES = 20


@dataclass(frozen=True, kw_only=True)
class ToolError:
    """Tool results that begin with "Error", or are JSON with an `error` or `isError`.

    Evidence names the tools, how many results failed, and quotes the first 20 with the place
    of the message in the whole conversation, from 0.

    >>> failed = Message(role="tool", name="book", content="Error: payment amount does not add up")
    >>> trace = Trace(id="trace_1", source="jsonl", messages=(failed,), output="Sorry")
    >>> ToolError().detect(trace, {}).evidence["tools"]
    ['book']
    """

    version: ClassVar[int] = 1

    category: str = "tool_error"
    severity: Severity | None = None
    root_cause: str = "unknown"

    def detect(self, trace: Trace, scores: Mapping[str, MetricScore]) -> Detection | None:  # noqa: ARG002 - the trace alone shows it
        """The failed results, quoted."""
        names = {call.id: call.name for message in trace.turns for call in message.tool_calls}
        failed = [(at, message) for at, message in enumerate(trace.turns) if _is_error(message)]
        if not failed:
            return None
        tools = [message.name or names.get(message.tool_call_id or "") or "unknown" for _, message in failed]
        known: list[JsonValue] = [*sorted(set(tools))]
        places: list[JsonValue] = [
            {"tool": tool, "message": at, "content": quote(message.content)}
            for tool, (at, message) in zip(tools[:MAX_PLACES], failed, strict=False)
        ]
        return Detection(
            category=self.category,
            evidence={"tools": known, "num_failed": len(failed), "results": places},
            root_cause=self.root_cause,
            severity=self.severity,
        )


def _is_error(message: Message) -> bool:
    if message.role != "tool":
        return False
    if ERROR_START.match(message.content):
        return True
    if not message.content.lstrip().startswith("{"):
        return False
    try:
        value = parse_json(message.content)
    except InputError:
        return False
    return isinstance(value, dict) and bool(value.get("error") or value.get("isError") is True)
