"""How often a policy would be wrong, and how many cases it takes, from the command line."""

from __future__ import annotations

import json

import pytest

from preceptor.cli.main import run


def test_a_plan_for_a_margin_without_flips(capsys):
    """No flips and a margin of .02: .98 ** n must fall to .025, at n = 183."""
    assert run(["gate", "plan", "--margin", "0.02", "--discordance", "0", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 183
    assert run(["gate", "plan", "--margin", "0.02", "--discordance", "0", "--cases", "183"]) == 0
    assert "183 cases can show a margin of 0.0200" in capsys.readouterr().out


def test_a_plan_needs_one_of_two(capsys):
    assert run(["gate", "plan", "--margin", "0.02"]) == 2
    assert "either the discordance" in capsys.readouterr().err


@pytest.fixture
def files(tmp_path):
    scores, policy = tmp_path / "scores.jsonl", tmp_path / "gate.yaml"
    scores.write_text("".join(f'{{"id": "{n}", "score": {int(n % 4 > 0)}}}\n' for n in range(100)))
    policy.write_text("criteria:\n  - {kind: non_inferiority, margin: 0.05}\n")
    return str(policy), str(scores)


def test_a_policy_is_tried_on_a_file(files, capsys):
    """.95 ** 100 = .6 %: with 100 cases a true loss of the margin seldom stays unseen, and equal runs always pass."""
    assert run(["gate", "selftest", *files, "--replicates", "40", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    (found,) = report["criteria"]
    assert found["no_difference"]["passed"]["count"] == 40
    assert found["at_bar"]["passed"]["count"] <= 4
    assert report["num_units"] == 100


def test_the_same_seed_gives_the_same_report(files, capsys):
    reports = []
    for _ in range(2):
        run(["gate", "selftest", *files, "--replicates", "20", "--seed", "3", "--json"])
        reports.append(capsys.readouterr().out)
    assert reports[0] == reports[1]
