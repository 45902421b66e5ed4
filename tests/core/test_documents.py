"""Definition files are read safely, and every mistake is named with its line."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from preceptor.core.documents import load, parse_document, read_document
from preceptor.core.errors import InputError, NotFoundError


@dataclass(frozen=True, kw_only=True)
class Inner:
    margin: float


@dataclass(frozen=True, kw_only=True)
class Outer:
    name: str
    parts: tuple[Inner, ...] = ()
    tags: tuple[str, ...] = ()
    inner: Inner | None = None
    limits: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.name == "bad":
            raise InputError("the name 'bad' is taken; choose another")


def test_a_document_becomes_its_dataclass():
    document = parse_document(
        "name: a\nparts:\n  - margin: 1\ntags: [x, y]\ninner: {margin: 0.5}\nlimits: {n: 3}", "x.yaml"
    )
    assert load(Outer, document) == Outer(
        name="a", parts=(Inner(margin=1),), tags=("x", "y"), inner=Inner(margin=0.5), limits={"n": 3}
    )


def test_every_mistake_is_named_with_its_line():
    document = parse_document("nme: a\nparts:\n  - margn: 1\n  - margin: two\n  - 7\ntags: 3\n", "x.yaml")
    with pytest.raises(InputError) as caught:
        load(Outer, document)
    assert str(caught.value).splitlines() == [
        "x.yaml:1: 'name' is missing",
        "x.yaml:1: nme: unknown key 'nme'; did you mean 'name'?",
        "x.yaml:3: parts[0]: 'margin' is missing",
        "x.yaml:3: parts[0].margn: unknown key 'margn'; did you mean 'margin'?",
        "x.yaml:4: parts[1].margin: Expected `float`, got `str`, got 'two'",
        "x.yaml:5: parts[2]: must be a mapping of settings, not a number",
        "x.yaml:6: tags: Expected `array`, got `int`, got 3",
    ]


def test_a_class_may_refuse_its_own_values():
    with pytest.raises(InputError, match="x.yaml:1: the name 'bad' is taken"):
        load(Outer, parse_document("name: bad", "x.yaml"))


def test_an_empty_document_says_what_belongs_there():
    with pytest.raises(InputError, match="must be a mapping of settings, not null"):
        load(Outer, parse_document("", "x.yaml"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &x 1\nb: *x", "x.yaml:1: anchors and aliases"),
        ("a: 1\na: 2", "x.yaml:2: the key 'a' stands twice"),
        ("a: [1", "x.yaml:1: not YAML|x.yaml:2: not YAML"),
        (
            "a: !!python/object/apply:os.system [id]",
            "x.yaml:1: the tag 'tag:yaml.org,2002:python/object/apply:os.system'",
        ),
        ("a: !danger 1", "x.yaml:1: the tag '!danger' is not allowed"),
        ("a: .nan", "x.yaml:1: .nan is not a number"),
        ("a: .inf", "not a number"),
        ("[1]: 2", "x.yaml:1: a key must be a plain text"),
        ("a: !!binary aGk=", "not a plain value"),
        ("[" * 60 + "]" * 60, "nested deeper than 50"),
        ("a: \x07", "not YAML"),
    ],
)
def test_what_a_definition_file_may_not_hold(text, message):
    with pytest.raises(InputError, match=message):
        parse_document(text, "x.yaml")


def test_dates_stay_texts_and_null_is_null():
    assert parse_document("a: 2026-01-01\nb: null\nc: true\nd: 1.5", "x").value == {
        "a": "2026-01-01",
        "b": None,
        "c": True,
        "d": 1.5,
    }


def test_the_hash_ignores_layout(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("# a comment\nb: 2\na: 1\n")
    assert read_document(path).hash == parse_document('{"a": 1, "b": 2}', "y").hash


def test_a_missing_or_large_or_broken_file_is_named(tmp_path):
    with pytest.raises(NotFoundError, match=r"no file .*none\.yaml"):
        read_document(tmp_path / "none.yaml")
    (tmp_path / "large.yaml").write_text("a" * 4_000_001)
    with pytest.raises(InputError, match="larger than"):
        read_document(tmp_path / "large.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"a: \xff")
    with pytest.raises(InputError, match="cannot read"):
        read_document(tmp_path / "latin.yaml")


def test_more_than_fifty_mistakes_are_counted():
    text = "name: a\n" + "".join(f"x{number}: 1\n" for number in range(60))
    with pytest.raises(InputError, match="and 10 more mistakes"):
        load(Outer, parse_document(text, "x.yaml"))


@pytest.mark.parametrize("text", ["a: " + "[" * 50_000, "a: " + "{b: " * 5_000])
def test_deep_nesting_is_refused_before_it_costs_time(text):
    with pytest.raises(InputError, match="nested deeper than 50"):
        parse_document(text, "x.yaml")


def test_a_number_of_thousands_of_digits_names_its_line():
    with pytest.raises(InputError, match="x.yaml:2: '1000"):
        parse_document("a: 1\nb: 1" + "0" * 5000, "x.yaml")
