"""Settings come from the workspace's file and the environment, and secrets never show."""

from __future__ import annotations

from pathlib import Path

import pytest

from preceptor import settings
from preceptor.core.errors import InputError, NotFoundError
from preceptor.settings import Secret, cache_folder, current_actor, default_config, load_settings, num_threads, secret


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "preceptor.toml").write_text(default_config("desk"))
    return tmp_path


def test_the_file_gives_the_name_and_the_database(folder):
    loaded = load_settings(folder, {})
    assert loaded.name == "desk"
    assert loaded.database_url.reveal() == f"sqlite:///{folder / 'preceptor.db'}"
    assert loaded.threads == 1


def test_the_environment_wins(folder):
    loaded = load_settings(
        folder,
        {
            "PRECEPTOR_DATABASE_URL": "postgresql://u:hunter2@h/d",
            "PRECEPTOR_CACHE": "/c",
            "PRECEPTOR_ACTOR": "ada",
            "PRECEPTOR_THREADS": "2",
        },
    )
    assert (loaded.cache_folder, loaded.actor, loaded.threads) == (Path("/c"), "ada", 2)
    assert loaded.database_url.reveal() == "postgresql://u:hunter2@h/d"
    assert "hunter2" not in repr(loaded)


def test_a_folder_that_is_no_workspace_says_what_to_run(tmp_path):
    with pytest.raises(NotFoundError, match="is no workspace .* `preceptor init`"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("text", ["name = ", "database = 3", "[database]\nfile = 7", "name = 3"])
def test_a_broken_file_is_named(folder, text):
    (folder / "preceptor.toml").write_text(text)
    with pytest.raises(InputError, match="preceptor.toml"):
        load_settings(folder, {})


@pytest.mark.parametrize("text", ["0", "two", "-1", "9999"])
def test_odd_thread_counts_are_refused(text):
    with pytest.raises(InputError, match="PRECEPTOR_THREADS"):
        num_threads({"PRECEPTOR_THREADS": text})


def test_secrets_are_read_by_name_and_never_shown():
    key = secret("SOME_KEY", {"SOME_KEY": "sk-1"})
    assert key == Secret("sk-1")
    assert "sk-1" not in f"{key} {key!r}"
    assert secret("SOME_KEY", {"SOME_KEY": ""}) is None


def test_defaults_come_from_the_machine(monkeypatch):
    assert cache_folder({}).name == "preceptor"
    monkeypatch.setattr(settings.getpass, "getuser", lambda: "grace")
    assert current_actor({}) == "grace"

    def nobody() -> str:
        raise KeyError

    monkeypatch.setattr(settings.getpass, "getuser", nobody)
    assert current_actor({}) == "unknown"
