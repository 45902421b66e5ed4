"""Plain mappings become dataclasses, and kinds have plain names."""

from __future__ import annotations

from dataclasses import dataclass

from preceptor.core.construct import Problems, construct, kind_of, path_text


@dataclass(frozen=True, kw_only=True)
class Either:
    value: int | str | None = None
    names: list[str] | None = None


def test_unions_take_each_of_their_types():
    problems = Problems("x")
    assert construct(Either, {"value": 1}, problems) == Either(value=1)
    assert construct(Either, {"value": "a"}, problems) == Either(value="a")
    assert construct(Either, {"value": None}, problems) == Either()
    assert construct(Either, {"names": ["a"]}, problems) == Either(names=["a"])
    assert problems.found == []


def test_an_unknown_key_with_no_near_one_lists_what_is_known():
    problems = Problems("x")
    assert construct(Either, {"zzzz": 1}, problems) is None
    assert problems.found[0][1] == "unknown key 'zzzz'; known are names, value"


def test_kinds_are_json_words():
    assert [kind_of(value) for value in (None, True, 1, "a", {}, [])] == [
        "null",
        "a truth value",
        "a number",
        "a text",
        "a mapping",
        "a list",
    ]


def test_paths_read_as_people_write_them():
    assert path_text(("a", 0, "b", "c")) == "a[0].b.c"


def test_without_lines_only_the_path_is_shown():
    problems = Problems("x")
    problems.add(("a",), "is wrong")
    assert problems.line(("a",)) is None
