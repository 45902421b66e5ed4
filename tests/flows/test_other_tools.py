"""A team gates its existing harness: import, compare, gate, page, export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preceptor.cli.main import run
from preceptor.workspace import Workspace

FILES = Path(__file__).parents[1] / "evals" / "other_tools"


@pytest.fixture
def desk(tmp_path):
    folder = tmp_path / "desk"
    Workspace.init(folder).close()
    (folder / "gates" / "sums.yaml").write_text("criteria:\n  - {kind: non_inferiority, margin: 0.3}\n")
    return folder


def call(folder, capsys, *arguments, code=0):
    capsys.readouterr()
    assert run(["-w", str(folder), *arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def write_log(path, right):
    """An Inspect log of 200 samples of which so many are right."""
    samples = [
        {"id": f"q{n}", "epoch": 1, "input": f"{n}?", "target": "x", "output": {"completion": "<script>x</script>"},
         "scores": {"match": {"value": "C" if n < right else "I"}}}
        for n in range(200)
    ]  # fmt: skip
    log = {
        "version": 2,
        "status": "success",
        "eval": {"task": "sums", "model": path.stem, "dataset": {}},
        "samples": samples,
    }
    path.write_text(json.dumps(log))
    return path


def test_two_inspect_logs_become_a_verdict(desk, tmp_path, capsys):
    ids = [
        call(desk, capsys, "eval", "import", str(write_log(tmp_path / f"{name}.json", right)))[0]["run"]["id"]
        for name, right in (("old", 150), ("new", 160))
    ]
    verdict = call(desk, capsys, "gate", "--baseline", ids[0], "--candidate", ids[1], "--policy", "sums")
    assert (verdict["verdict"], verdict["criteria"][0]["value"]) == ("pass", 0.05)
    assert any("not known of both runs" in note for note in verdict["notes"])
    found = call(desk, capsys, "eval", "compare", *ids)
    assert (found["n"], found["improved"], found["regressed"]) == (200, 10, 0)
    page = tmp_path / "pair.html"
    call(desk, capsys, "eval", "compare", *ids, "--html", str(page))
    assert "<script>x" not in page.read_text()
    call(desk, capsys, "report", verdict["id"])


def test_the_same_file_is_imported_once(desk, capsys):
    path = str(FILES / "inspect_sums.eval")
    first, second = (call(desk, capsys, "eval", "import", path)[0] for _ in range(2))
    assert (first["was_there"], second["was_there"]) == (False, True)
    assert first["run"]["id"] == second["run"]["id"]
    shown = call(desk, capsys, "eval", "show", first["run"]["id"])
    assert len(shown["samples"]) == 16
    # One of 16 tries is right: pass@1 = 1/16; of two tries one is right in one of 8 cases.
    assert [(one["k"], one["pass_at"], one["pass_hat"]) for one in shown["epochs"]] == [
        (1, 0.0625, 0.0625),
        (2, 0.125, 0.0),
    ]


def test_an_import_is_exported_and_imported_again(desk, tmp_path, capsys):
    run_id = call(desk, capsys, "eval", "import", str(FILES / "inspect_tools.eval"))[0]["run"]["id"]
    out = tmp_path / "log.json"
    call(desk, capsys, "eval", "export", run_id, "--out", str(out))
    again = call(desk, capsys, "eval", "import", str(out))[0]["run"]
    assert (again["suite"], again["num_cases"]) == ("tools", 3)
    assert call(desk, capsys, "eval", "compare", run_id, again["id"])["difference"] == 0


def test_files_alone_are_enough(tmp_path, capsys):
    old, new = write_log(tmp_path / "old.json", 150), write_log(tmp_path / "new.json", 100)
    policy = tmp_path / "gate.yaml"
    policy.write_text("criteria:\n  - {kind: non_inferiority, margin: 0.05}\n")
    junit, comment = tmp_path / "junit.xml", tmp_path / "comment.md"
    arguments = ["--baseline", str(old), "--candidate", str(new), "--policy", str(policy)]
    assert run(["gate", *arguments, "--junit", str(junit), "--markdown", str(comment)]) == 1
    assert capsys.readouterr().out.startswith("NO-GO by policy 'gate'")
    assert "<failure" in junit.read_text()
    assert "NO-GO" in comment.read_text()
    assert "<script>x" not in comment.read_text()


def test_test_cases_of_promptfoo_become_a_suite_that_can_be_run(desk, tmp_path, capsys):
    config = tmp_path / "promptfooconfig.yaml"
    config.write_text(
        "description: greet\nprompts: ['Say {{x}}']\ntests:\n  - {vars: {x: hi}, assert: [{type: contains, value: hi}]}\n"
    )
    (made,) = call(desk, capsys, "eval", "import", str(config), "--cases")
    assert (made["num_cases"], Path(made["path"]).name) == (1, "greet.yaml")
    with Workspace.open(desk) as workspace:
        assert workspace.definitions.suite("greet").cases[0].messages[0].content == "Say hi"


def test_a_file_that_holds_no_run_says_so(desk, tmp_path, capsys):
    path = tmp_path / "x.json"
    path.write_text("{}")
    assert run(["-w", str(desk), "eval", "import", str(path)]) == 2
    assert "is of no known format" in capsys.readouterr().err
