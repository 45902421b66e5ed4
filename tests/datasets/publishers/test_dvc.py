"""A version in a DVC project is what `dvc add` would make of it; DVC itself says so in test_dvc_peer.py."""

from __future__ import annotations

import hashlib
import json

import pytest
import yaml

from preceptor.core.errors import ConflictError, InputError
from preceptor.datasets.publish import publish
from preceptor.datasets.publisher import publishers


@pytest.fixture
def project(tmp_path):
    (tmp_path / "project" / ".dvc").mkdir(parents=True)
    return tmp_path / "project"


def pointer(project):
    return yaml.safe_load((project / "data" / "support.dvc").read_text("utf-8"))["outs"][0]


def test_the_pointer_names_a_listing_in_the_cache_and_that_every_file(version, project):
    publish(version, publishers.create("dvc"), str(project / "data" / "support"))
    out, cache = pointer(project), project / ".dvc" / "cache" / "files" / "md5"
    digest = out["md5"].removesuffix(".dir")
    listing = (cache / digest[:2] / f"{digest[2:]}.dir").read_bytes()
    assert hashlib.md5(listing, usedforsecurity=False).hexdigest() == digest
    entries = json.loads(listing)
    assert [entry["relpath"] for entry in entries] == sorted(entry["relpath"] for entry in entries)
    assert (out["hash"], out["path"], out["nfiles"]) == ("md5", "support", len(entries))
    for entry in entries:
        kept = cache / entry["md5"][:2] / entry["md5"][2:]
        assert hashlib.md5(kept.read_bytes(), usedforsecurity=False).hexdigest() == entry["md5"]
        assert kept.read_bytes() == (project / "data" / "support" / entry["relpath"]).read_bytes()
        assert kept.stat().st_mode & 0o222 == 0
    assert (project / "data" / ".gitignore").read_text("utf-8") == "/support\n"


def test_the_next_version_takes_the_place_of_one_that_is_tracked(version, next_version, project):
    target = str(project / "data" / "support")
    publish(version, publishers.create("dvc"), target)
    before = pointer(project)
    publish(next_version, publishers.create("dvc"), target)
    assert pointer(project)["md5"] != before["md5"]
    assert (project / "data" / ".gitignore").read_text("utf-8") == "/support\n"
    assert next_version.id in (project / "data" / "support" / "manifest.json").read_text("utf-8")


def test_a_folder_with_changes_of_its_own_is_left_alone(version, next_version, project):
    target = project / "data" / "support"
    publish(version, publishers.create("dvc"), str(target))
    (target / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ConflictError, match="has changes that DVC does not know"):
        publish(next_version, publishers.create("dvc"), str(target))
    assert (target / "mine.txt").read_text("utf-8") == "mine"


def test_a_folder_that_dvc_does_not_track_is_left_alone(version, project):
    (project / "data" / "support").mkdir(parents=True)
    with pytest.raises(ConflictError, match="DVC does not track it"):
        publish(version, publishers.create("dvc"), str(project / "data" / "support"))


def test_the_cache_of_the_configuration_is_used(version, project, tmp_path):
    (project / ".dvc" / "config").write_text("[core]\n    autostage = true\n[cache]\n    dir = ../../shared\n", "utf-8")
    publish(version, publishers.create("dvc"), str(project / "support"))
    assert (tmp_path / "shared" / "files" / "md5").is_dir()
    assert not (project / ".dvc" / "cache").exists()


def test_outside_a_project_it_says_what_to_do(version, tmp_path):
    with pytest.raises(InputError, match="lies in no DVC project; run `dvc init`"):
        publish(version, publishers.create("dvc"), str(tmp_path / "support"))


@pytest.mark.parametrize("text", ["outs: []", "[1", "outs:\n- path: x\n", "just text"])
def test_a_broken_pointer_is_named(version, project, text):
    publish(version, publishers.create("dvc"), str(project / "support"))
    (project / "support.dvc").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot be read as a .dvc file"):
        publish(version, publishers.create("dvc"), str(project / "support"))
