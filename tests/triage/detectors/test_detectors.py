"""Each detector finds its failure, says why where the trace shows it, and lets the rest pass."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.core.registry import PluginIdentity
from preceptor.grading.types import MetricScore
from preceptor.models.types import Message, ToolCall, Usage
from preceptor.traces.types import Trace
from preceptor.triage.detectors.empty_answer import EmptyAnswer
from preceptor.triage.detectors.failed_metric import FailedMetric
from preceptor.triage.detectors.provider_error import ProviderError
from preceptor.triage.detectors.recorded_failure import RecordedFailure
from preceptor.triage.detectors.repetition import Repetition
from preceptor.triage.detectors.tool_error import ToolError
from preceptor.triage.detectors.truncated import Truncated

GRADER = PluginIdentity(kind="grader", name="json_schema", version=1, settings={})


def trace(output="Hello", **changes):
    return Trace(**{"id": "trace_1", "source": "jsonl", "messages": (), "output": output, **changes})


def score(value, reason=""):
    return {"valid": MetricScore(metric="valid", value=value, reason=reason, grader=GRADER)}


class TestFailedMetric:
    detector = FailedMetric(metric="valid", category="invalid_json", below=0.5)

    def test_score_below_the_bar_is_a_failure(self):
        found = self.detector.detect(trace(), score(0.4, "bad"))
        assert (found.category, found.root_cause, found.severity) == ("invalid_json", "unknown", None)
        assert found.evidence == {
            "metric": "valid", "value": 0.4, "reason": "bad", "output": {"text": "Hello", "start": 0, "end": 5},
        }  # fmt: skip

    @pytest.mark.parametrize("scores", [{}, score(None, "judge was silent"), score(0.5), score(1.0)])
    def test_missing_score_and_score_at_the_bar_are_none(self, scores):
        assert self.detector.detect(trace(), scores) is None

    def test_root_cause_comes_from_the_reason_first(self):
        detector = FailedMetric(metric="valid", category="c", expects="json", root_causes={"TOO LONG": "limit"})
        assert detector.detect(trace("Sure"), score(0, "it is too long")).root_cause == "limit"
        assert detector.detect(trace("Sure"), score(0, "other")).root_cause == "format_not_followed"

    def test_quote_is_cut(self):
        found = self.detector.detect(trace("x" * 10_000), score(0))
        assert found.evidence["output"] == {"text": "x" * 200, "start": 0, "end": 200}

    def test_empty_names_are_refused(self):
        with pytest.raises(InputError):
            FailedMetric(metric="", category="c")


class TestTruncated:
    @pytest.mark.parametrize("reason", ["length", "max_tokens"])
    def test_cut_answer_is_found_with_its_end(self, reason):
        found = Truncated().detect(trace("abc", finish_reason=reason, usage=Usage(output_tokens=3)), {})
        assert found.root_cause == "token_limit"
        assert found.evidence["output"] == {"text": "abc", "start": 0, "end": 3}
        assert found.evidence["output_tokens"] == 3

    @pytest.mark.parametrize("reason", ["stop", None, "tool_calls"])
    def test_finished_answer_passes(self, reason):
        assert Truncated().detect(trace(finish_reason=reason), {}) is None


class TestProviderError:
    @pytest.mark.parametrize(
        ("error", "cause"),
        [
            ("Rate limit reached for gpt-4o", "rate_limit"),
            ("Error code: 429 - Too Many Requests", "rate_limit"),
            ("This model's maximum context length is 8192 tokens", "context_length"),
            ("Request timed out.", "timeout"),
            ("Overloaded", "provider_unavailable"),
            ("503 Service Unavailable", "provider_unavailable"),
            ("Incorrect API key provided", "authentication"),
            ("You exceeded your current quota", "quota_exhausted"),
            ("blocked by the content filter", "content_filter"),
            ("something else", "unknown"),
        ],
    )
    def test_root_cause_is_what_the_provider_said(self, error, cause):
        found = ProviderError().detect(trace("", error=error), {})
        assert found.root_cause == cause
        assert found.evidence["error"]["text"] in error

    def test_call_without_an_error_passes(self):
        assert ProviderError().detect(trace(), {}) is None


class TestToolError:
    def test_tool_is_named_by_the_call_that_it_answers(self):
        asked = Message(role="assistant", content="", tool_calls=(ToolCall(id="1", name="book", arguments="{}"),))
        failed = Message(role="tool", content="Error: no seats", tool_call_id="1")
        found = ToolError().detect(trace(messages=(asked, failed)), {})
        assert found.evidence == {
            "tools": ["book"], "num_failed": 1,
            "results": [{"tool": "book", "message": 1, "content": {"text": "Error: no seats", "start": 0, "end": 15}}],
        }  # fmt: skip

    @pytest.mark.parametrize("content", ["error: x", '{"error": "x"}', '{"isError": true}', "Traceback (most recent"])
    def test_forms_of_errors(self, content):
        failed = Message(role="tool", name="book", content=content)
        assert ToolError().detect(trace(messages=(failed,)), {}) is not None
        assert ToolError().detect(trace(later_messages=(failed,)), {}) is not None

    @pytest.mark.parametrize(
        "content", ["", "ok", '{"error": null}', "Errors were none", '{"isError": false}', "[1]", "{x"]
    )
    def test_other_results_pass(self, content):
        assert ToolError().detect(trace(messages=(Message(role="tool", content=content),)), {}) is None

    def test_word_of_a_user_is_no_tool_error(self):
        assert ToolError().detect(trace("Error", messages=(Message(role="user", content="Error!"),)), {}) is None


class TestEmptyAnswer:
    def test_blank_answer_is_found(self):
        assert EmptyAnswer().detect(trace(" \n"), {}).root_cause == "unknown"
        assert EmptyAnswer().detect(trace("", finish_reason="content_filter"), {}).root_cause == "content_filter"

    @pytest.mark.parametrize(
        "answered",
        [trace("x"), trace("", error="busy"), trace("", output_tool_calls=(ToolCall(id="", name="f", arguments=""),))],
    )
    def test_answer_call_of_a_tool_and_failed_call_pass(self, answered):
        assert EmptyAnswer().detect(answered, {}) is None


class TestRecordedFailure:
    def test_low_score_is_found_and_a_missing_one_is_not(self):
        detector = RecordedFailure(score="reward")
        assert detector.detect(trace(recorded_scores={"reward": 0.9}), {}).evidence["value"] == 0.9
        assert detector.detect(trace(recorded_scores={"reward": 1.0}), {}) is None
        assert detector.detect(trace(recorded_scores={"other": 0.0}), {}) is None


class TestRepetition:
    @pytest.mark.parametrize(
        ("output", "times", "quoted"),
        [
            ("Intro. " + "I am sorry. " * 5, 5, "I am sorry."),
            ("no " * 12, 12, "no"),
            ("Please contact our kind support team.\n" * 4, 4, "Please contact our kind support team."),
        ],
    )
    def test_run_that_repeats_is_quoted_once(self, output, times, quoted):
        found = Repetition().detect(trace(output), {})
        assert (found.evidence["times"], found.evidence["output"]["text"]) == (times, quoted)
        start, end = found.evidence["output"]["start"], found.evidence["output"]["end"]
        assert output[start:end] == quoted

    @pytest.mark.parametrize(
        "output",
        [
            "", "no no no no", "I am sorry. " * 3,
            "| a | 1 |\n| b | 2 |\n| c | 3 |\n| d | 4 |\n| e | 5 |",
            "The refund takes five days. The exchange takes ten days. The repair takes twenty days.",
        ],
    )  # fmt: skip
    def test_ordinary_text_passes(self, output):
        assert Repetition().detect(trace(output), {}) is None

    def test_times_below_two_are_refused(self):
        with pytest.raises(InputError):
            Repetition(times=1)
