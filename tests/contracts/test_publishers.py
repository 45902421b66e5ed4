"""What every publisher promises, whoever wrote it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest

from preceptor.core.errors import PreceptorError
from preceptor.datasets.publisher import StoreAccess, VersionToPublish, publishers


@pytest.fixture(params=publishers.names())
def publisher(request):
    return publishers.create(request.param)


def test_a_publisher_is_a_frozen_dataclass_with_a_version_and_a_docstring(publisher):
    assert is_dataclass(publisher)
    assert type(publisher).__dataclass_params__.frozen
    assert publisher.version >= 1
    assert ">>>" in (type(publisher).__doc__ or "")


def test_nothing_secret_is_a_setting(publisher):
    assert not {"token", "key", "secret", "password", "endpoint"} & {field.name for field in fields(publisher)}


def test_what_is_secret_is_not_in_a_text_of_the_access():
    shown = repr(StoreAccess(endpoint="http://store", key="AKIA1", secret="hush", token="hf_x"))
    assert "AKIA1" not in shown
    assert "hush" not in shown
    assert "hf_x" not in shown


@pytest.mark.parametrize("target", ["", "a\x00b", "a\nb", "http://other/place", "../../\x1b[31m"])
def test_a_target_that_is_none_is_refused(publisher, target, tmp_path):
    with pytest.raises(PreceptorError):
        publisher.publish(VersionToPublish(id="v", path=tmp_path), target)
    assert list(tmp_path.iterdir()) == []
