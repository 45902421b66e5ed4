"""A committed version to publish."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preceptor.datasets.commit import commit
from preceptor.datasets.record import make_record
from preceptor.datasets.types import DatasetDraft
from preceptor.models.types import Message


def made(prompt, answer, **fields):
    turns = (Message(role="user", content=prompt), Message(role="assistant", content=answer))
    return replace(make_record("sft", turns), **fields)


def make_version(folder, clock, *extra):
    """A version of six records in two splits, and those that are given."""
    records = tuple(made(f"Question {number}?", "Yes. 👍", split="train") for number in range(5))
    pair = make_record("preference", (Message(role="user", content="Hi"),), "Hello", "What")
    return commit(DatasetDraft(name="support", records=(*records, replace(pair, split="test"), *extra)), folder, clock)


@pytest.fixture
def version(tmp_path, clock):
    return make_version(tmp_path / "datasets", clock)


@pytest.fixture
def next_version(tmp_path, clock):
    return make_version(tmp_path / "datasets", clock, made("New?", "Yes.", generator="smollm2", licence="MIT"))
