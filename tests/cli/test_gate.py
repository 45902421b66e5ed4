import json

import pytest

from preceptor.cli.main import run

POLICY = "criteria:\n  - kind: non_inferiority\n    margin: 0.02\n    confidence: 0.95\n"


@pytest.fixture
def gate(tmp_path):
    def write_and_run(baseline, candidate, policy=POLICY, *more):
        (tmp_path / "base.jsonl").write_text(baseline, encoding="utf-8")
        (tmp_path / "cand.jsonl").write_text(candidate, encoding="utf-8")
        (tmp_path / "gate.yaml").write_text(policy, encoding="utf-8")
        names = {"--baseline": "base.jsonl", "--candidate": "cand.jsonl", "--policy": "gate.yaml"}
        places = [part for option, name in names.items() for part in (option, str(tmp_path / name))]
        return run(["gate", *places, *more])

    return write_and_run


def rows(values):
    return "".join(json.dumps({"id": f"c{number}", "score": value}) + "\n" for number, value in enumerate(values))


@pytest.mark.parametrize(
    ("candidate", "verdict", "code"),
    [([1] * 200, "pass", 0), ([0] * 60 + [1] * 140, "fail", 1), ([0] * 3 + [1] * 197, "inconclusive", 10)],
)
def test_the_exit_code_is_the_verdict(gate, capsys, candidate, verdict, code):
    assert gate(rows([1] * 200), rows(candidate), POLICY, "--json") == code
    assert json.loads(capsys.readouterr().out)["verdict"] == verdict


def test_no_flips_below_183_cases_are_inconclusive(gate, capsys):
    assert gate(rows([1] * 182), rows([1] * 182), POLICY, "--json") == 10
    found = json.loads(capsys.readouterr().out)
    assert found["criteria"][0]["required_n"] == 183
    assert gate(rows([1] * 183), rows([1] * 183)) == 0


def test_the_promised_keys_are_there(gate, capsys):
    gate(rows([1] * 5), rows([1] * 5), POLICY, "--json")
    found = json.loads(capsys.readouterr().out)
    assert {"verdict", "criteria", "policy_hash"} <= set(found)
    assert {"kind", "verdict", "value", "interval", "n", "required_n", "reason"} <= set(found["criteria"][0])
    assert len(found["policy_hash"]) == 64


def test_people_see_the_verdict_first_in_eighty_columns(gate, capsys):
    policy = POLICY + "  - kind: coverage\n  - kind: threshold\n    minimum: 0.9\n  - kind: superiority\n"
    assert gate(rows([1] * 20), rows([1] * 20), policy) == 10
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("INCONCLUSIVE")
    assert max(map(len, lines)) <= 80
    assert any("183" in line for line in lines)


def test_a_metric_that_files_do_not_have_is_inconclusive(gate, capsys):
    assert gate(rows([1] * 200), rows([1] * 200), POLICY + "    metric: helpfulness\n", "--json") == 10
    assert "no metric 'helpfulness'" in json.loads(capsys.readouterr().out)["criteria"][0]["reason"]


def test_every_mistake_in_a_policy_is_named_with_its_line(gate, capsys):
    policy = "criteria:\n  - kind: non_inferiority\n    margn: 0.02\n  - kind: nonsense\nnotes: x\n"
    assert gate(rows([1]), rows([1]), policy) == 2
    said = capsys.readouterr().err
    for line, words in ((2, "'margin' is missing"), (3, "did you mean 'margin'"), (4, "'nonsense'"), (5, "'notes'")):
        assert any(f"gate.yaml:{line}:" in one and words in one for one in said.splitlines())


@pytest.mark.parametrize("policy", ["criteria: [", "", "criteria: []", "&a criteria: *a"])
def test_a_policy_that_cannot_be_read_is_refused(gate, capsys, policy):
    assert gate(rows([1]), rows([1]), policy) == 2
    assert "gate.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("candidate", "message"),
    [
        ('{"id": "c0", "score": 1', "cand.jsonl:1: not JSON"),
        ('{"id": "c0"}', "no 'score'"),
        ("", "no rows"),
        ('{"id": "c0", "score": 1}\n{"id": "c0", "score": 1}', "already"),
        ('{"id": "c0", "score": NaN}', "NaN"),
    ],
)
def test_bad_scores_are_no_verdict(gate, capsys, tmp_path, candidate, message):
    assert gate(rows([1]), candidate) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert not shown.out
    assert (tmp_path / "cand.jsonl").read_text(encoding="utf-8") == candidate


def test_what_is_no_file_is_not_found(capsys, tmp_path):
    (tmp_path / "gate.yaml").write_text(POLICY)
    assert run(["gate", "--baseline", "nope", "--candidate", "nope", "--policy", str(tmp_path / "gate.yaml")]) == 3
    assert "no file 'nope'" in capsys.readouterr().err
    assert run(["gate", "--baseline", "nope", "--candidate", "nope", "--policy", "nope.yaml"]) == 3
