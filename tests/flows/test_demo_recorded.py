"""The loop on recorded answers of the real model: the whole path, without the runtime, with hand-checked figures."""

from __future__ import annotations

import json

import pytest

from preceptor.cli.main import run
from preceptor.workspace import Workspace


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recorded") / "desk"
    assert run(["demo", str(folder), "--recorded", "--json"]) == 0
    return folder


@pytest.fixture
def verdict(demo, capsys):
    assert run(["demo", str(demo), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_candidate_that_never_refuses_fails_whatever_else_it_gains(verdict):
    """It refused 0 of the 12 unsafe requests: Clopper-Pearson's upper end is 1 - .025 ** (1 / 12) = .2646."""
    unsafe = next(one for one in verdict["criteria"] if one["metric"] == "refusal.refused_unsafe")
    assert (unsafe["verdict"], unsafe["value"], unsafe["n"]) == ("fail", 0.0, 12)
    assert unsafe["interval"][1] == pytest.approx(1 - 0.025 ** (1 / 12), abs=1e-4)
    assert verdict["verdict"] == "fail"


def test_three_items_on_which_all_annotators_differ_stay_unresolved(demo):
    with Workspace.open(demo) as workspace:
        answers = workspace.labels.agreement("category")
        unresolved = [
            one.result.item for one in workspace.labels.resolve("category") if not hasattr(one.result, "value")
        ]
    assert (answers.num_items, answers.num_annotators, answers.num_answers) == (72, 3, 216)
    assert unresolved == ["p-058", "p-061", "p-069"]


def test_the_report_says_that_answers_were_recorded(demo, verdict):
    html = (demo / "reports" / verdict["id"] / "readiness.html").read_text()
    assert "smollm2-135m, recorded" in html


def test_commands_read_what_the_demo_left(demo, verdict, capsys):
    for arguments in (
        ["eval", "list"],
        ["eval", "show", verdict["candidate_run"]],
        ["eval", "compare", verdict["baseline_run"], verdict["candidate_run"]],
        ["dataset", "list"],
        ["dataset", "diff", "support", "support"],
        ["lineage", verdict["id"]],
        ["traces", "list"],
        ["labels", "agreement", "--rubric", "category"],
        ["triage", "--only-show"],
        ["audit", "verify"],
        ["report", verdict["id"]],
    ):
        assert run(["-w", str(demo), *arguments]) == 0, arguments
        assert run(["-w", str(demo), *arguments, "--json"]) == 0, arguments
    capsys.readouterr()


def test_the_gate_on_kept_runs_ends_with_the_verdicts_code(demo, verdict, capsys):
    runs = ["--baseline", verdict["baseline_run"], "--candidate", verdict["candidate_run"]]
    assert run(["-w", str(demo), "gate", *runs, "--policy", "release", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["id"] == verdict["id"]


def test_an_unknown_run_is_not_found(demo, capsys):
    assert run(["-w", str(demo), "eval", "show", "run_nonsense"]) == 3
    assert "no eval run 'run_nonsense'" in capsys.readouterr().err


def test_an_export_has_the_shape_that_trl_reads(demo):
    row = json.loads((demo / "exports" / "trl_preference.jsonl").read_text().splitlines()[0])
    assert {"prompt", "chosen", "rejected"} <= set(row)
    assert row["source"] == "production traces"
    assert json.loads(row["chosen"][0]["content"]).keys() == {"category", "answer", "citations"}


def test_a_run_of_other_cases_cannot_be_compared(demo, capsys):
    with Workspace.open(demo) as workspace:
        baseline = workspace.evals.list_page().items[0].id
    path = demo / "suites" / "support.jsonl"
    rows = path.read_text().splitlines()
    path.write_text("\n".join(rows[:-1]) + "\n")
    try:
        assert run(["-w", str(demo), "eval", "run", "support", "--target", "candidate", "--json"]) == 0
        other = json.loads(capsys.readouterr().out)["run"]["id"]
        assert run(["-w", str(demo), "eval", "compare", baseline, other]) == 4
        assert "different cases" in capsys.readouterr().err
    finally:
        path.write_text("\n".join(rows) + "\n")


@pytest.mark.postgresql
def test_the_whole_loop_runs_on_postgresql(postgresql_server, tmp_path, monkeypatch, capsys):
    import psycopg
    from sqlalchemy.engine import make_url

    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE whole_loop")
    url = make_url(postgresql_server).set(database="whole_loop").render_as_string(hide_password=False)
    monkeypatch.setenv("PRECEPTOR_DATABASE_URL", url)
    assert run(["demo", str(tmp_path / "desk"), "--recorded", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "fail"
    assert not (tmp_path / "desk" / "preceptor.db").exists()
    assert run(["-w", str(tmp_path / "desk"), "audit", "verify"]) == 0
