import json
from datetime import UTC, datetime

import pytest

from preceptor.core.errors import ConflictError, InputError
from preceptor.models.failures import InfraFailure, ModelFailure
from preceptor.models.production_log import answer_row, failure_row, open_log
from preceptor.models.types import Completion, Usage

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def row(item: str) -> str:
    return json.dumps({"request": {}, "response": {"choices": []}, "metadata": {"item": item}})


def test_an_answer_is_logged_in_the_shape_of_a_production_log():
    """1795521600 is 2026-11-24T12:00:00Z, by `date -d`."""
    completion = Completion(text="hi", model="m-1", usage=Usage(input_tokens=3, output_tokens=1), latency_seconds=0.5)
    logged = answer_row({"model": "m"}, {"item": "p1", "user": "u1"}, completion, NOON)
    assert logged["request"] == {"model": "m"}
    assert logged["metadata"] == {"item": "p1", "user": "u1", "latency_seconds": 0.5}
    response = logged["response"]
    assert response.pop("id").startswith("answer_")
    assert response == {
        "model": "m-1",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "hi"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 1},
        "created": 1795521600,
    }


def test_a_recorded_answer_stays_marked_as_one():
    logged = answer_row({}, {"item": "p1"}, Completion(text="hi", model="m", recorded=True), NOON)
    assert logged["metadata"] == {"item": "p1", "recorded": True}


def test_a_failure_says_whether_asking_again_makes_sense():
    refused = failure_row({}, {"item": "a"}, ModelFailure("no"), NOON)
    failed = failure_row({}, {"item": "b"}, InfraFailure("down"), NOON)
    assert refused["error"] == {"message": "no", "type": "model_error", "created": 1795521600}
    assert failed["error"]["type"] == "infra_error"
    assert "response" not in failed


def test_a_half_written_last_row_is_cut_off(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text(row("a") + "\n" + row("b")[:-9])
    with open_log(path) as log:
        assert sorted(log.settled) == ["a"]
        log.append(json.loads(row("c")))
    assert path.read_text() == row("a") + "\n" + row("c") + "\n"


def test_a_half_written_character_is_cut_off_too(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes(row("a").encode() + b"\n" + '{"é'.encode()[:-1])
    with open_log(path) as log:
        assert sorted(log.settled) == ["a"]


def test_a_very_long_half_row_is_cut_off_whole(tmp_path):
    """Longer than one block of the search for the last line break."""
    path = tmp_path / "log.jsonl"
    path.write_text(row("a") + "\n" + '{"x": "' + "y" * 200_000)
    with open_log(path):
        pass
    assert path.read_text() == row("a") + "\n"


def test_a_whole_last_row_without_a_line_break_is_kept(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text(row("a"))
    with open_log(path) as log:
        assert sorted(log.settled) == ["a"]
    assert path.read_text() == row("a") + "\n"


def test_a_row_that_is_broken_elsewhere_is_named_and_nothing_is_changed(tmp_path):
    path = tmp_path / "log.jsonl"
    before = row("a") + "\nbroken\n" + row("b") + "\n"
    path.write_text(before)
    with pytest.raises(InputError, match=r"log\.jsonl:2"), open_log(path):
        pass
    assert path.read_text() == before


def test_a_log_of_somebody_else_is_not_added_to(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text('{"request": {}, "response": {}}\n')
    with pytest.raises(InputError, match=r"metadata\.item"), open_log(path):
        pass


def test_two_processes_cannot_write_one_log(tmp_path):
    path = tmp_path / "log.jsonl"
    with open_log(path), pytest.raises(ConflictError, match="another process"), open_log(path):
        pass


def test_infra_failures_are_not_settled_and_refusals_are(tmp_path):
    path = tmp_path / "log.jsonl"
    rows = [
        failure_row({}, {"item": "refused"}, ModelFailure("no"), NOON),
        failure_row({}, {"item": "down"}, InfraFailure("down"), NOON),
    ]
    path.write_text("".join(json.dumps(one) + "\n" for one in rows))
    with open_log(path) as log:
        assert sorted(log.settled) == ["refused"]
