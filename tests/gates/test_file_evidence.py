"""Two files are enough for a gate: score rows, or what another tool wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from preceptor.core.errors import ConflictError, InputError
from preceptor.gates.file_evidence import file_evidence, read_side
from preceptor.gates.types import LATENCY_METRIC, TOKENS_METRIC

FILES = Path(__file__).parents[1] / "evals" / "other_tools"


def test_a_score_file(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "score": 1, "cluster": "u"}\n{"id": "2", "score": null, "reason": "late"}\n')
    side = read_side(str(path))
    assert [(row.id, row.score, row.cluster, row.reason) for row in side.rows["score"]] == [
        ("1", 1, "u", ""),
        ("2", None, None, "late"),
    ]


def test_every_bad_row_of_a_score_file_is_named(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "score": 1}\n{"id": "2", "score": "x"}\n{"id": "1", "score": 1}\n')
    with pytest.raises(InputError, match=r"(?s)a\.jsonl:2: .*a\.jsonl:3: "):
        read_side(str(path))


def test_an_inspect_log_with_epochs():
    """8 samples in 2 epochs, one right answer of 16: the last sample's mean is .5, the others' 0."""
    side = read_side(str(FILES / "inspect_sums.eval"))
    assert [row.score for row in side.rows["match"]] == [0.0] * 7 + [0.5]
    assert side.primary == "match"
    assert {TOKENS_METRIC, LATENCY_METRIC} <= side.rows.keys()


def test_what_a_crashed_run_did_not_reach_is_missing():
    rows = read_side(str(FILES / "inspect_crashed.eval")).rows["match"]
    assert sum(row.score is None for row in rows) == 10
    assert rows[-1].reason.startswith("skipped: the log names this sample")


def test_a_file_with_several_runs_needs_a_name():
    path = str(FILES / "promptfoo.json")
    with pytest.raises(InputError, match=r"holds 2 runs \('echo / Say .*write .*#TARGET"):
        read_side(path)
    with pytest.raises(InputError, match="no run of 'other'"):
        read_side(f"{path}#other")
    sides = [read_side(f"{path}#echo / Say {{{{thing}}}}{end}") for end in ("", " politely")]
    evidence = file_evidence(*sides)
    assert [row.id for row in evidence.baseline["pass"]] == [row.id for row in evidence.candidate["pass"]]
    assert evidence.primary == "pass"


def test_files_that_want_different_answers_are_not_one_suite(tmp_path):
    sides = []
    for name in ("x", "y"):
        path = tmp_path / f"{name}.jsonl"
        path.write_text(f'{{"id": "a", "scores": {{"m": 1}}, "target": "{name}"}}\n')
        sides.append(read_side(str(path)))
    with pytest.raises(ConflictError, match="want different answers to the same case: 'a'"):
        file_evidence(*sides)


def test_rows_with_epochs_are_read_by_case(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        "".join(f'{{"id": "a", "score": {score}, "epoch": {epoch}}}\n' for epoch, score in ((1, 1), (2, 0)))
    )
    assert [row.score for row in read_side(str(path)).rows["score"]] == [0.5]
