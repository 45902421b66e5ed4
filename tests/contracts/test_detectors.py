"""Every detector: documented, quiet on a healthy trace, honest in its quotes, and no trace breaks it."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preceptor.core.ids import canonical_json
from preceptor.core.registry import PluginIdentity
from preceptor.grading.types import MetricScore
from preceptor.models.types import Message, ToolCall, Usage
from preceptor.traces.types import Trace
from preceptor.triage.detector import detectors
from preceptor.triage.evidence import MAX_QUOTE_CHARACTERS

NAMES = detectors.names()
REQUIRED = {"metric": "valid", "category": "invalid", "score": "reward"}
GRADER = PluginIdentity(kind="grader", name="exact_match", version=1, settings={})
WORDS = st.sampled_from(["Error: x", "{", '{"error": 1}', "sorry ", "length", "stop", "429", "```json", "\x00", ""])
TEXTS = st.builds(lambda word, times: word * times, WORDS, st.integers(1, 60)) | st.text(max_size=20)
CALLS = st.builds(ToolCall, id=TEXTS, name=TEXTS, arguments=TEXTS)
MESSAGES = st.builds(
    Message,
    role=st.sampled_from(["system", "user", "assistant", "tool"]),
    content=TEXTS,
    tool_calls=st.tuples(CALLS),
    tool_call_id=st.none() | TEXTS,
)
TRACES = st.builds(
    Trace,
    id=st.just("trace_1"),
    source=st.just("jsonl"),
    messages=st.tuples(MESSAGES, MESSAGES) | st.just(()),
    output=TEXTS,
    later_messages=st.tuples(MESSAGES) | st.just(()),
    finish_reason=st.none() | WORDS,
    error=st.none() | TEXTS,
    usage=st.builds(Usage, output_tokens=st.none() | st.integers(0, 9)),
    recorded_scores=st.dictionaries(st.just("reward"), st.floats(0, 1)),
)
SCORES = st.none() | st.floats(0, 1)


def create(name):
    fields = {field.name for field in dataclasses.fields(detectors.get(name))}
    return detectors.create(name, {key: value for key, value in REQUIRED.items() if key in fields})


def scored(value):
    return {"valid": MetricScore(metric="valid", value=value, reason="because", grader=GRADER)}


def quotes(evidence):
    """Every quote in the evidence, however deep."""
    if isinstance(evidence, dict):
        if evidence.keys() == {"text", "start", "end"}:
            yield evidence
        for inner in evidence.values():
            yield from quotes(inner)
    elif isinstance(evidence, list):
        for inner in evidence:
            yield from quotes(inner)


@pytest.mark.parametrize("name", NAMES)
def test_healthy_trace_has_no_failure(name):
    healthy = Trace(
        id="trace_1",
        source="jsonl",
        messages=(Message(role="user", content="Can I return it?"), Message(role="tool", content='{"days": 30}')),
        output="Yes, within 30 days.",
        finish_reason="stop",
        recorded_scores={"reward": 1.0},
    )
    assert create(name).detect(healthy, scored(1.0)) is None
    assert create(name).detect(healthy, scored(None)) is None
    assert create(name).detect(healthy, {}) is None


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trace=TRACES, value=SCORES)
def test_any_trace_gives_a_failure_with_true_quotes_or_none(name, trace, value):
    found = create(name).detect(trace, scored(value))
    if found is None:
        return
    canonical_json(found.evidence)
    texts = [trace.output, trace.error or "", *(message.content for message in trace.turns)]
    for quote in quotes(found.evidence):
        assert len(quote["text"]) <= MAX_QUOTE_CHARACTERS
        assert any(text[quote["start"] : quote["end"]] == quote["text"] for text in texts)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trace=TRACES, value=SCORES)
def test_same_trace_gives_the_same_result(name, trace, value):
    assert create(name).detect(trace, scored(value)) == create(name).detect(trace, scored(value))


@pytest.mark.parametrize("name", NAMES)
def test_detector_is_a_frozen_dataclass_with_an_example(name):
    cls = detectors.get(name)
    assert cls.__dataclass_params__.frozen
    assert cls.version >= 1
    assert ">>>" in cls.__doc__


@pytest.mark.parametrize("name", NAMES)
def test_detector_takes_a_category_and_a_severity(name):
    settings_ = {"category": "mine", "severity": "P0"}
    fields = {field.name for field in dataclasses.fields(detectors.get(name))}
    others = {key: value for key, value in REQUIRED.items() if key in fields and key != "category"}
    made = detectors.create(name, {**others, **settings_})
    assert (made.category, made.severity) == ("mine", "P0")
