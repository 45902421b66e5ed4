"""A batch holds what the compiled loops need of each record, and gives the records back."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from preceptor.datasets.batch import TEXT_SEPARATOR, Batch, iter_batches, joined_text, make_batch, shape_of
from preceptor.datasets.record_texts import iter_texts
from preceptor.datasets.types import Record
from preceptor.models.types import Message


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_records_come_back_from_the_table_alone(any_record, data):
    record = data.draw(any_record)
    assert Batch(make_batch([record], [3]).table).records == (record,)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_text_is_every_text_in_order(any_record, data):
    """The fast way says what `iter_texts`, which names each text's field, says."""
    record = data.draw(any_record)
    assert joined_text(record) == TEXT_SEPARATOR.join(text for _, text in iter_texts(record))


def test_batches_are_numbered_on(sft):
    batches = list(iter_batches([sft(f"q{number}", "a") for number in range(5)], size=2, first=10))
    assert [batch.ordinals for batch in batches] == [[10, 11], [12, 13], [14]]
    assert len(make_batch([], [])) == 0


def test_the_shape_tells_roles_and_empty_turns():
    record = Record(
        id="", kind="sft", messages=(Message(role="user", content="hi"), Message(role="assistant", content=""))
    )
    assert shape_of(record) == "sft|user,assistant-"


def test_equal_records_have_equal_bytes(sft):
    """Whatever the order of the keys in their metadata."""
    one, other = sft("q", "a", metadata={"a": 1, "b": 2}), sft("q", "a", metadata={"b": 2, "a": 1})
    assert make_batch([one], [0]).table.equals(make_batch([other], [0]).table)
    assert msgspec.json.decode(make_batch([one], [0]).table.column("record")[0].as_py())["id"] == one.id
