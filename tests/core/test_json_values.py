"""Hostile or damaged JSON is refused with a reason; good JSON is read."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.core.json_values import as_object, at_path, parse_json


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": ', "line 1 column 7"),
        ("NaN", "NaN is not JSON"),
        ("[Infinity]", "Infinity is not JSON"),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ("[" * 300 + "]" * 300, "nested deeper than 200"),
        ("[" * 100_000 + "]" * 100_000, "nested deeper than 200"),
        ("1" * 10_000, "not usable JSON"),
        (b"\xff\xfe{", "not UTF-8"),
    ],
)
def test_bad_json_names_its_fault(text, message):
    with pytest.raises(InputError, match=message):
        parse_json(text)


def test_depth_200_is_still_read():
    assert parse_json("[" * 199 + "]" * 199) is not None


def test_as_object_names_what_it_got():
    with pytest.raises(InputError, match=r"a record must be an object, not list \(\[1, 2\]\)"):
        as_object([1, 2], "a record")
    with pytest.raises(InputError, match="…"):
        as_object("x" * 100, "a record")


@pytest.mark.parametrize(
    ("path", "found"), [("a.b", 1), ("list.1", "y"), ("list.5", None), ("a.b.c", None), ("list.x", None)]
)
def test_paths_reach_into_objects_and_lists(path, found):
    assert at_path({"a": {"b": 1}, "list": ["x", "y"]}, path) == found
