"""What a grader sees and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.registry import PluginIdentity
from preceptor.models.types import Message, Tool, Usage


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One output to grade, with what a grader may need to judge it.

    `target` is the wanted answer where there is one. `passages` maps the id of each source
    that the answer may cite to its text. `recorded_scores` came with the output. `transcript`
    holds all turns that followed `messages` (the model's, with their tool calls, the tools' and
    the scripted user's), in order; the last one of the model says `output`. `tools` are those
    that the model might call. `rubric` says what this case's graders should look at.
    `other_output` is an answer of another system to the same, to be compared with.
    """

    output: str
    messages: tuple[Message, ...] = ()
    target: JsonValue = None
    passages: dict[str, str] = field(default_factory=dict)
    recorded_scores: dict[str, float] = field(default_factory=dict)
    metadata: JsonObject = field(default_factory=dict)
    transcript: tuple[Message, ...] = ()
    tools: tuple[Tool, ...] = ()
    rubric: str = ""
    other_output: str | None = None


@dataclass(frozen=True, kw_only=True)
class Score:
    """What a grader says: a value from 0 (bad) to 1 (good), or None with the reason why there is none.

    `dimensions` are named parts of it, each 0 to 1 or None: they are recorded as metrics of their own,
    `<metric>.<dimension>`. `details` are facts for a reader (what was found, by which order).
    """

    value: float | None
    reason: str = ""
    dimensions: dict[str, float | None] = field(default_factory=dict)
    details: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MetricScore:
    """A score as recorded: under which metric, by which grader, version and settings.

    `status` is `grader_error` when the grader crashed or its judgement could not be read.
    `usage` is what its judge took.
    """

    metric: str
    value: float | None
    reason: str
    grader: PluginIdentity
    status: Literal["ok", "grader_error", "skipped"] = "ok"
    details: JsonObject = field(default_factory=dict)
    usage: Usage = Usage()
