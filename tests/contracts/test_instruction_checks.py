"""What holds for every instruction check, those of other packages too: a new file is tested without a change here."""

from __future__ import annotations

import dataclasses
import doctest
import importlib
import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.grading.instruction_check import InstructionCheck, instruction_checks


def examples(name: str) -> list[InstructionCheck]:
    """The checks that the plugin's own docstring makes; running it also proves that the example runs."""
    cls = instruction_checks.get(name)
    module = importlib.import_module(cls.__module__)
    made: list[InstructionCheck] = []
    original = cls.__init__

    def recording(self, **values: object) -> None:
        original(self, **values)
        made.append(self)

    cls.__init__ = recording
    try:
        for test in doctest.DocTestFinder(recurse=False).find(cls, globs=dict(vars(module))):
            assert doctest.DocTestRunner(verbose=False).run(test).failed == 0
    finally:
        cls.__init__ = original
    return made


@pytest.fixture(params=instruction_checks.names())
def name(request) -> str:
    return request.param


def test_it_is_a_frozen_dataclass_with_a_version_and_an_example(name):
    cls = instruction_checks.get(name)
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen
    assert all(field.kw_only for field in dataclasses.fields(cls))
    assert cls.version >= 1
    assert examples(name)


def test_its_settings_written_to_a_file_make_the_same_check(name):
    for check in examples(name):
        written = json.loads(json.dumps(plain_object(check)))
        assert instruction_checks.create(name, written) == check


def test_a_wrong_setting_is_refused(name):
    with pytest.raises(InputError, match="unknown key 'no_such_setting'"):
        instruction_checks.create(name, {"no_such_setting": 1})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text() | st.text(alphabet="a.*-[<>\n \"'#,{}\ud800", max_size=60))
def test_any_text_keeps_or_breaks_it_and_always_the_same_way(name, text):
    for check in examples(name)[:1]:
        problem = check.problem(text)
        assert isinstance(problem, str)
        assert check.problem(text) == problem


@pytest.mark.parametrize("unit", ["a", "*", "[", "<", ".", "\n", " ", "p.", "a-", "1", '"', "SECTION"])
def test_a_long_text_takes_little_time(name, unit):
    check = examples(name)[0]
    start = time.process_time()
    check.problem(unit * (200_000 // len(unit)) + "x")
    assert time.process_time() - start < 2
