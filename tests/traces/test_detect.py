"""The format is found from the records, or named; what is unknown says what to do."""

from __future__ import annotations

import json

import pytest

from preceptor.core.documents import parse_document
from preceptor.core.errors import InputError, NotFoundError
from preceptor.traces.detect import choose_format, detect_format
from preceptor.traces.payload_formats.jsonl import Jsonl
from preceptor.traces.payload_formats.openai import Openai
from preceptor.traces.payload_formats.otlp import Otlp


def write(tmp_path, *lines, name="traces.jsonl"):
    path = tmp_path / name
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        ({"messages": []}, Jsonl),
        ({"prompt": "a", "response": "b"}, Jsonl),
        ({"request": {"messages": []}, "response": {}}, Openai),
        ({"request": {}, "error": {}}, Openai),
        ({"custom_id": "1", "response": {"status_code": 200}}, Openai),
        ({"resourceSpans": []}, Otlp),
        ({"resource_spans": []}, Otlp),
    ],
)
def test_format_is_found_from_the_first_record(tmp_path, record, wanted):
    assert type(detect_format(write(tmp_path, record))) is wanted


def test_bad_and_unknown_records_before_the_first_known_do_not_matter(tmp_path):
    assert type(detect_format(write(tmp_path, "{", {"comment": 1}, {"messages": []}))) is Jsonl


def test_unknown_format_lists_the_known_and_how_to_name_one(tmp_path):
    path = write(tmp_path, {"traj": [], "task_id": 1})
    with pytest.raises(InputError, match=r"keys: traj, task_id.*--format \(jsonl, openai, otlp\).*--mapping"):
        detect_format(path)


@pytest.mark.parametrize("text", ["", "\n\n", "[]"])
def test_empty_file_says_so(tmp_path, text):
    with pytest.raises(InputError, match="holds no records"):
        detect_format(write(tmp_path, text))


def test_file_without_a_readable_record_names_the_first_reason(tmp_path):
    with pytest.raises(InputError, match=":1: no record can be read: not JSON"):
        detect_format(write(tmp_path, "hello", "world"))


def test_named_format_is_not_looked_for(tmp_path):
    assert choose_format(tmp_path / "absent", "openai") == Openai()


def test_unknown_name_lists_the_known(tmp_path):
    with pytest.raises(NotFoundError, match="there are: jsonl, openai, otlp"):
        choose_format(tmp_path, "langfuse")


def test_mapping_alone_is_one_for_jsonl(tmp_path):
    mapping = parse_document("id: [task_id, trial]\nmessages: traj\nrecorded_scores: {reward: reward}", "map.yaml")
    assert choose_format(tmp_path, mapping=mapping) == Jsonl(
        id=("task_id", "trial"), messages="traj", recorded_scores={"reward": "reward"}
    )


def test_mistakes_in_a_mapping_are_all_named_with_their_lines(tmp_path):
    mapping = parse_document("mesages: traj\noutput: 5\n", "map.yaml")
    with pytest.raises(InputError) as caught:
        choose_format(tmp_path, mapping=mapping)
    first, second = str(caught.value).splitlines()
    assert first.startswith("map.yaml:1:")
    assert "did you mean 'messages'" in first
    assert second.startswith("map.yaml:2: output")


@pytest.mark.parametrize("text", ["", "- a", "word"])
def test_mapping_that_is_no_mapping_says_so(tmp_path, text):
    with pytest.raises(InputError, match=r"map\.yaml"):
        choose_format(tmp_path, mapping=parse_document(text, "map.yaml"))
