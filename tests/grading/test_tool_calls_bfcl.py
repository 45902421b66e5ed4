"""Tool calls on the Berkeley function-calling leaderboard: right answers are right, ten kinds of wrong ones wrong."""

from __future__ import annotations

import copy
import functools
import itertools
import json
from collections import Counter
from collections.abc import Iterator

import pytest

from preceptor.grading.graders.tool_calls import ToolCalls
from preceptor.grading.types import Sample
from preceptor.models.types import Message, Tool, ToolCall

CATEGORIES = ("simple_python", "multiple", "parallel")
TYPES = {"dict": "object", "float": "number", "tuple": "array"}
GRADERS = [ToolCalls(), ToolCalls(strings="bfcl")]
Call = tuple[str, dict]


def schema_of(declared):
    """The leaderboard's Python words for types as JSON schema has them; `any` is no type."""
    if isinstance(declared, list):
        return [schema_of(item) for item in declared]
    if not isinstance(declared, dict):
        return declared
    made = {key: schema_of(value) for key, value in declared.items() if not (key == "type" and value == "any")}
    if isinstance(made.get("type"), str):
        made["type"] = TYPES.get(made["type"], made["type"])
    return made


def read(path):
    with path.open() as lines:
        return [json.loads(line) for line in lines]


@functools.cache
def cases(shared_data, category) -> list[tuple[list, tuple[Tool, ...]]]:
    """Ground truth and tools of each case; an empty ground truth for the cases that want no call."""
    folder = shared_data / "bfcl_v4"
    rows = read(folder / f"BFCL_v4_{category}.json")
    truth = {}
    if category != "irrelevance":
        truth = {row["id"]: row["ground_truth"] for row in read(folder / f"possible_answer/BFCL_v4_{category}.json")}
    return [
        (
            truth.get(row["id"], []),
            tuple(Tool(name=f["name"], parameters=schema_of(f["parameters"])) for f in row["function"]),
        )
        for row in rows
    ]


def sample_of(calls: list[Call], truth: list, tools: tuple[Tool, ...]) -> Sample:
    turn = Message(
        role="assistant",
        content="",
        tool_calls=tuple(
            ToolCall(id=f"c{n}", name=name, arguments=json.dumps(args)) for n, (name, args) in enumerate(calls)
        ),
    )
    return Sample(output="", transcript=(turn,), target=truth, tools=tools)


def plain(allowed):
    """Every value that one allowed value stands for: in an object, each key lists its own."""
    if isinstance(allowed, dict):
        keys = list(allowed)
        for values in itertools.product(*([v for a in allowed[k] for v in plain(a)] for k in keys)):
            yield dict(zip(keys, values, strict=True))
    elif isinstance(allowed, list) and any(isinstance(item, dict) for item in allowed):
        yield from (list(items) for items in itertools.product(*(list(plain(item)) for item in allowed)))
    else:
        yield allowed


def is_empty(value) -> bool:
    return isinstance(value, str) and value == ""


def first_answer(truth: list) -> list[Call]:
    """Each argument's first allowed value that is not the empty text, which says that it may be left out."""
    return [
        (name, {k: next(plain(next(v for v in values if not is_empty(v)))) for k, values in arguments.items()
                if any(not is_empty(v) for v in values)})
        for call in truth
        for name, arguments in call.items()
    ]  # fmt: skip


def required_of(name: str, tools) -> list[str]:
    return next(tool.parameters.get("required", []) for tool in tools if tool.name == name)


def allowed_answers(truth: list, tools) -> Iterator[list[Call]]:
    """The first answer; then each other allowed value of each argument, one at a time; then each left out that may be."""
    base = first_answer(truth)
    yield base
    for place, call in enumerate(truth):
        for name, arguments in call.items():
            for key, values in arguments.items():
                for value in (v for allowed in values for v in plain(allowed)):
                    if not is_empty(value):
                        changed = copy.deepcopy(base)
                        changed[place][1][key] = value
                        yield changed
                if "" in values and key not in required_of(name, tools):
                    changed = copy.deepcopy(base)
                    changed[place][1].pop(key, None)
                    yield changed


def soft(value):
    """The leaderboard's normal form of texts, written again here so that the grader is not its own witness."""
    if isinstance(value, str):
        return "".join(c for c in value.lower() if c not in " ,./-_*^").replace("'", '"')
    if isinstance(value, list):
        return [soft(item) for item in value]
    return {k: soft(v) for k, v in value.items()} if isinstance(value, dict) else value


def is_allowed(value, values) -> bool:
    """True when a mutated value is another right one (True is not 1)."""
    own = [v for allowed in values for v in plain(allowed)]
    return any(soft(v) == soft(value) and isinstance(v, bool) == isinstance(value, bool) for v in own)


def wrong_values(kind: str, value):
    """The mutated values of one argument."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == "wrong type":
        yield [value] if not isinstance(value, list) else "text"
    elif kind == "stringified number" and is_number:
        yield str(value)
    elif kind == "number off by one" and is_number:
        yield value + 1
    elif kind == "wrong value":
        if isinstance(value, bool):
            yield not value
        elif isinstance(value, str):
            yield value + "zq"
        elif isinstance(value, list):
            yield value + value[:1] if value else ["zq"]
        elif isinstance(value, dict):
            yield {**value, "zq": 1}


def mutated(kind: str, truth: list, tools) -> Iterator[list[Call] | None]:
    """Wrong answers of one kind; None for a mutation that made another right answer."""
    base = first_answer(truth)
    if kind == "call where none is wanted" and not truth:
        yield from ([(tool.name, {})] for tool in tools)
    elif kind == "extra call":
        yield from ([*base, call] for call in base)
    elif kind == "dropped call":
        yield from (base[:n] + base[n + 1 :] for n in range(len(base)))
    for place, (name, arguments) in enumerate(base):
        for call in wrong_calls(kind, (name, arguments), truth[place][name], required_of(name, tools)):
            yield None if call is None else [*base[:place], call, *base[place + 1 :]]


def swapped(call: Call, allowed: dict) -> Iterator[Call | None]:
    """The call with the values of each two of its arguments exchanged, where they differ."""
    name, arguments = call
    for one, two in itertools.combinations(arguments, 2):
        a, b = arguments[one], arguments[two]
        if a != b:
            is_right = is_allowed(b, allowed[one]) and is_allowed(a, allowed[two])
            yield None if is_right else (name, {**arguments, one: b, two: a})


def wrong_calls(kind: str, call: Call, allowed: dict, required: list[str]) -> Iterator[Call | None]:
    """As `mutated`, one call alone."""
    name, arguments = call
    if kind == "wrong function name":
        yield name + "_x", arguments
    elif kind == "unknown argument":
        yield name, {**arguments, "no_such_argument": 1}
    elif kind == "swapped values":
        yield from swapped(call, allowed)
    elif kind == "missing required argument":
        for key in arguments:
            if "" not in allowed[key] or key in required:
                yield name, {k: v for k, v in arguments.items() if k != key}
    for key, value in arguments.items():
        for wrong in wrong_values(kind, value):
            yield None if is_allowed(wrong, allowed[key]) else (name, {**arguments, key: wrong})


@pytest.mark.shared_data
@pytest.mark.parametrize("grader", GRADERS, ids=["exact strings", "bfcl strings"])
@pytest.mark.parametrize(
    ("category", "num_cases"), [("simple_python", 400), ("multiple", 200), ("parallel", 200), ("irrelevance", 240)]
)
def test_every_allowed_answer_is_accepted(shared_data, category, num_cases, grader):
    """Each allowed value of each argument, one at a time, in both ways to write the calls and in any order."""
    counts: Counter[str] = Counter()
    refused = []
    for truth, tools in cases(shared_data, category):
        counts["cases"] += 1
        for answer in allowed_answers(truth, tools):
            counts["answers"] += 1
            text = json.dumps([{"name": name, "arguments": arguments} for name, arguments in answer[::-1]])
            for sample in (sample_of(answer, truth, tools), Sample(output=text, target=truth, tools=tools)):
                score = grader.grade(sample)
                if score.value != 1.0:
                    refused.append((answer, score.reason))
    print(f"{category}: {dict(counts)}")  # noqa: T201 - the counts are the evidence that a reader wants
    assert counts["cases"] == num_cases
    assert not refused, f"{len(refused)} refused; {counts}; the first: {refused[0]}"


@pytest.mark.shared_data
@pytest.mark.parametrize("grader", GRADERS, ids=["exact strings", "bfcl strings"])
@pytest.mark.parametrize(
    ("kind", "at_least"),
    [
        ("wrong function name", 1_000),
        ("missing required argument", 2_000),
        ("unknown argument", 1_000),
        ("wrong type", 3_000),
        ("wrong value", 1_500),
        ("number off by one", 1_000),
        ("stringified number", 1_000),
        ("swapped values", 2_000),
        ("dropped call", 1_000),
        ("extra call", 1_000),
        ("call where none is wanted", 240),
    ],
)
def test_every_mutated_answer_is_rejected(shared_data, kind, at_least, grader):
    counts: Counter[str] = Counter()
    accepted = []
    for category in (*CATEGORIES, "irrelevance"):
        for truth, tools in cases(shared_data, category):
            for answer in mutated(kind, truth, tools):
                counts["another right answer" if answer is None else "wrong"] += 1
                if answer is not None and grader.grade(sample_of(answer, truth, tools)).value != 0.0:
                    accepted.append((answer, truth))
    print(f"{kind}: {dict(counts)}")  # noqa: T201 - the counts are the evidence that a reader wants
    assert counts["wrong"] >= at_least, counts
    assert not accepted, f"{len(accepted)} accepted; {counts}; the first: {accepted[0]}"
