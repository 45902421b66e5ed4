"""A sample's JSON is whole, bounded, and cannot leave the script element that it stands in."""

from __future__ import annotations

import json

import pytest

from preceptor.core.registry import PluginIdentity
from preceptor.evals.page_rows import sample_json, script_json
from preceptor.evals.page_types import PageSample
from preceptor.evals.types import EvalCase, SampleResult
from preceptor.grading.types import MetricScore
from preceptor.models.types import Message, ToolCall, Usage

GRADER = PluginIdentity(kind="grader", name="contains", version=1, settings={})
HOSTILE = "</script><!--<script>\u202e\u2028\x00\x07\ud800 é 漢"


def _sample(text: str) -> PageSample:
    call = ToolCall(id="1", name="find_order", arguments=text)
    turns = (Message(role="assistant", content="", tool_calls=(call,)), Message(role="tool", content=text))
    score = MetricScore(metric="valid", value=None, reason=text, grader=GRADER, status="grader_error")
    result = SampleResult(
        case_id="a", status="ok", output=text, scores=(score,), error=text, transcript=turns, usage=Usage(cost=0.5)
    )
    case = EvalCase(
        id="a", messages=(Message(role="user", content=text),), target={"wanted": text}, tags=("must_pass",)
    )
    return PageSample(case_id="a", epoch=2, case=case, result=result, baseline=result)


def test_what_was_said_comes_back_unchanged():
    row = json.loads(sample_json(_sample(HOSTILE), 10_000))
    assert row["run"]["output"] == HOSTILE
    assert row["baseline"]["scores"] == [["valid", None, HOSTILE, "grader_error"]]
    assert row["run"]["turns"][0]["calls"] == [["find_order", HOSTILE]]
    assert (row["input"], row["epoch"], row["tags"], row["cut"]) == (HOSTILE, 2, ["must_pass"], 0)
    assert json.loads(row["target"]) == {"wanted": HOSTILE}


def test_nothing_in_it_can_end_the_element_or_hide():
    written = sample_json(_sample(HOSTILE), 10_000)
    assert not set("<>&\u202e\u2028\x00\x07\ud800") & set(written)
    assert "é 漢" in written
    written.encode("utf-8")


@pytest.mark.parametrize("room", [0, 1, 100, 400, 5_000])
def test_the_texts_keep_to_their_room_and_the_rest_is_counted(room):
    """Each side holds 5 texts of 1,000 characters (answer, error, reason, call, tool's turn), the case 3: 13,000."""
    row = json.loads(sample_json(_sample("z" * 1_000), room))
    kept = json.dumps(row).count("z")
    assert kept <= room
    assert kept + row["cut"] == pytest.approx(13_000, abs=len('{"wanted": ""}') + 1)


def test_both_answers_get_a_part_before_anything_else():
    row = json.loads(sample_json(_sample("x" * 1_000), 300))
    assert (len(row["run"]["output"]), len(row["baseline"]["output"])) == (100, 100)


def test_a_sample_that_one_run_lacks_has_none_there():
    row = json.loads(sample_json(PageSample(case_id="a"), 100))
    assert (row["run"], row["baseline"]) == (None, None)


def test_a_setting_is_as_harmless():
    assert script_json(["</script>"]) == '["\\u003c/script\\u003e"]'
