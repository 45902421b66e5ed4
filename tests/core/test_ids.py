"""One content, one id; two contents, two ids."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preceptor.core.errors import InputError
from preceptor.core.ids import canonical_json, content_hash, content_id, new_id, plain, plain_object

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@dataclass(frozen=True, kw_only=True)
class Point:
    x: int
    at: datetime


def test_hash_is_sha256_of_the_canonical_text():
    assert content_hash({"b": 1, "a": 2}) == hashlib.sha256(b'{"a":2,"b":1}').hexdigest()


@given(st.dictionaries(st.text(), json_values, min_size=2, max_size=5))
def test_the_order_of_keys_does_not_matter(value):
    assert canonical_json(value) == canonical_json(dict(reversed(list(value.items()))))


@given(json_values)
def test_a_value_survives_its_canonical_text(value):
    import json

    assert json.loads(canonical_json(value)) == plain(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: object()}, b"bytes"])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(InputError, match="cannot hash"):
        canonical_json(value)


def test_a_dataclass_is_written_as_an_object_with_utc_times():
    point = Point(x=1, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert plain_object(point) == {"x": 1, "at": "2026-01-01T00:00:00.000000Z"}


def test_a_set_is_written_in_one_order():
    assert plain(frozenset({"b", "a"})) == ["a", "b"]


def test_only_objects_are_plain_objects():
    with pytest.raises(InputError, match="no form as an object"):
        plain_object([1])


def test_content_ids_carry_their_kind():
    assert content_id("trace", {}).startswith("trace_")


def test_new_ids_sort_by_their_moment_and_differ():
    now = datetime(2026, 11, 24, tzinfo=UTC)
    assert new_id("run", now) < new_id("run", now + timedelta(milliseconds=1))
    assert new_id("run", now) != new_id("run", now)
