"""Python functions of the workspace as tools: only when allowed, and only what was read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from preceptor.core.errors import ConflictError, InputError, NotAllowedError
from preceptor.evals.tool_code import (
    ToolFunction,
    code_hash,
    function_place,
    load_tool_functions,
    require_functions,
)
from preceptor.evals.types import Suite, SuiteTool
from preceptor.models.types import Tool

CODE = """\
from dataclasses import dataclass
import time

@dataclass
class Order:
    id: str

def get_order(id):
    return {"id": Order(id).id, "total": 5}

def broken(**arguments):
    raise KeyError("no such order")

def slow():
    time.sleep(5)

async def later():
    return 1
"""


def suite(folder: Path, function: str = "orders.py:get_order") -> Suite:
    tool = SuiteTool(tool=Tool(name="get"), function=function, function_hash=code_hash(folder, function))
    return Suite(name="s", cases=(), graders={}, primary="m", tools=(tool,))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "orders.py").write_text(CODE)
    return tmp_path


async def test_a_function_answers_with_its_value_as_json(folder):
    loaded = load_tool_functions(suite(folder), folder, allow_code=True)
    assert await loaded["get"].call({"id": "A7"}) == '{"id": "A7", "total": 5}'


def test_without_leave_nothing_is_run(tmp_path):
    (tmp_path / "orders.py").write_text("raise SystemExit('this ran')")
    with pytest.raises(NotAllowedError, match="get by orders.py:get_order.*--allow-code"):
        load_tool_functions(suite(tmp_path), tmp_path, allow_code=False)
    with pytest.raises(NotAllowedError, match="which was not allowed"):
        require_functions(suite(tmp_path), {})


def test_code_that_was_changed_since_the_suite_was_read_is_not_run(folder):
    read = suite(folder)
    (folder / "orders.py").write_text("raise SystemExit('this ran')")
    with pytest.raises(ConflictError, match="was changed"):
        load_tool_functions(read, folder, allow_code=True)


@pytest.mark.parametrize("function", ["/etc/x.py:f", "../x.py:f", "x.txt:f", "x.py", "x.py:f()", "x.py:"])
def test_only_a_function_in_the_suites_folder_can_be_named(function):
    with pytest.raises(InputError, match="function is"):
        function_place(function)


@pytest.mark.parametrize(
    ("function", "message"), [("orders.py:nothing", "AttributeError"), ("orders.py:later", "no plain function")]
)
def test_what_is_no_function_is_refused(folder, function, message):
    with pytest.raises(InputError, match=message):
        load_tool_functions(suite(folder, function), folder, allow_code=True)


async def test_an_exception_becomes_what_the_tool_says(folder):
    loaded = load_tool_functions(suite(folder, "orders.py:broken"), folder, allow_code=True)
    assert await loaded["get"].call({}) == "error: KeyError: 'no such order'"


async def test_a_function_that_hangs_is_left_behind():
    function = ToolFunction(place="x", function=lambda: time.sleep(1), time_limit_seconds=0.05)
    assert await function.call({}) == "error: the tool did not answer within 0.05 s"
