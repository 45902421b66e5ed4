"""The front door: a new workspace, one that is not, one of another version, and what a failure leaves."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from preceptor.cli.main import run
from preceptor.core.errors import ConflictError, InputError, NotFoundError
from preceptor.storage.database import open_database
from preceptor.storage.migrate import HEAD
from preceptor.workspace import Workspace
from preceptor.workspace_folder import template_names

ROW = {
    "request": {"model": "m", "messages": [{"role": "user", "content": "mail me at ada@example.org"}]},
    "response": {"id": "1", "model": "m", "choices": [{"index": 0, "message": {"role": "assistant", "content": "{"}}]},
    "metadata": {"item": "p-001", "user": "u-1"},
}


@pytest.fixture
def folder(tmp_path):
    Workspace.init(tmp_path / "desk").close()
    (tmp_path / "log.jsonl").write_text(json.dumps(ROW) + "\n")
    return tmp_path / "desk"


def test_a_new_workspace_holds_the_template_and_an_empty_log(folder):
    assert (folder / "gates" / "release.yaml").is_file()
    with Workspace.open(folder) as workspace:
        assert workspace.verify_audit().num_entries == 1


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ConflictError, match="not empty"):
        Workspace.init(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_database_that_cannot_be_made_leaves_no_half_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("PRECEPTOR_DATABASE_URL", "nonsense")
    with pytest.raises(InputError, match="database address"):
        Workspace.init(tmp_path / "desk")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_template_lists_what_there_is(tmp_path):
    with pytest.raises(InputError, match="there are: support_desk"):
        Workspace.init(tmp_path / "x", "nonsense")
    assert template_names() == ["support_desk"]


def test_a_folder_that_is_no_workspace_ends_with_3(tmp_path, capsys):
    assert run(["-w", str(tmp_path), "triage"]) == 3
    assert "preceptor init" in capsys.readouterr().err


@pytest.mark.parametrize(("revision", "advice"), [("0000", "preceptor upgrade"), ("9999", "install the newer")])
def test_a_workspace_of_another_version_ends_with_4(folder, capsys, revision, advice):
    database = open_database(f"sqlite:///{folder / 'preceptor.db'}")
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    assert run(["-w", str(folder), "triage"]) == 4
    assert advice in capsys.readouterr().err


def test_importing_twice_keeps_one_and_redacts_first(folder, tmp_path):
    with Workspace.open(folder) as workspace:
        assert workspace.traces.import_file(tmp_path / "log.jsonl").num_added == 1
        assert workspace.traces.import_file(tmp_path / "log.jsonl").num_already_there == 1
        assert [trace.request for trace in workspace.traces.list_page().items] == ["mail me at [EMAIL_1]"]
    assert b"ada@example.org" not in (folder / "preceptor.db").read_bytes()


def test_strict_refuses_a_file_with_a_bad_line_and_keeps_nothing(folder, tmp_path, capsys):
    (tmp_path / "log.jsonl").write_text(json.dumps(ROW) + "\n{broken\n")
    assert run(["-w", str(folder), "traces", "import", str(tmp_path / "log.jsonl"), "--strict"]) == 2
    assert "log.jsonl:2" in capsys.readouterr().err
    with Workspace.open(folder) as workspace:
        assert workspace.traces.count() == 0
        assert workspace.verify_audit().num_entries == 1
    assert run(["-w", str(folder), "traces", "import", str(tmp_path / "log.jsonl"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["num_added"] == 1


def test_triage_names_the_failure_and_doing_it_again_changes_nothing(folder, tmp_path):
    with Workspace.open(folder) as workspace:
        workspace.traces.import_file(tmp_path / "log.jsonl")
        modes = workspace.traces.triage()
        assert "invalid_format" in {mode.category for mode in modes}
        assert workspace.traces.triage() == modes
        trace, scores, findings = workspace.traces.get(workspace.traces.list_page().items[0].id)
    assert trace.output == "{"
    assert {score.metric: score.value for score in scores}["answer_schema"] == 0.0
    assert "invalid_format" in {finding.category for finding in findings}


def test_labels_come_from_answers_and_disagreements_stay_unresolved(folder, tmp_path):
    answers = tmp_path / "answers.csv"
    answers.write_text(
        "item,annotator,value,comment\np-001,a,billing,\np-001,b,refund,\np-999,a,billing,\np-001,c,nonsense,\n"
    )
    with Workspace.open(folder) as workspace:
        workspace.traces.import_file(tmp_path / "log.jsonl")
        workspace.traces.triage()
        assert len(workspace.labels.create_tasks("category", "invalid_format")) == 1
        report = workspace.labels.import_answers(answers, "category")
        assert (report.num_added, [bad.number for bad in report.rejected]) == (2, [4, 5])
        (resolution,) = workspace.labels.resolve("category")
        assert "tie" in resolution.result.reason
        with pytest.raises(NotFoundError, match="no labelled trace"):
            workspace.evals.create_cases("regression", "support", "category", "invalid_format")


def test_a_category_that_nothing_has_is_named(folder):
    with Workspace.open(folder) as workspace, pytest.raises(NotFoundError, match="'nonsense'"):
        workspace.labels.create_tasks("category", "nonsense")


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "", "a" * 200])
def test_a_definition_is_named_and_never_a_path_out_of_the_folder(folder, name):
    with Workspace.open(folder) as workspace, pytest.raises(InputError, match="no name of a definition"):
        workspace.definitions.suite(name)


def test_a_missing_definition_lists_what_there_is(folder):
    with Workspace.open(folder) as workspace, pytest.raises(NotFoundError, match="there are: support"):
        workspace.definitions.suite("nonsense")


def test_tampering_is_named_by_the_command(folder, capsys):
    with Workspace.open(folder) as workspace:
        root = workspace.verify_audit().root
    assert run(["-w", str(folder), "audit", "verify", "--root", root]) == 0
    database = open_database(f"sqlite:///{folder / 'preceptor.db'}")
    with database.write() as connection:
        connection.execute(text("DROP TRIGGER audit_entries_no_update"))
        connection.execute(text("UPDATE audit_entries SET actor = 'mallory' WHERE sequence = 1"))
    assert run(["-w", str(folder), "audit", "verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["problems"][0]["sequence"] == 1


def test_upgrade_of_a_current_workspace_says_so(folder, capsys):
    assert run(["-w", str(folder), "upgrade", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"before": HEAD, "after": HEAD}
