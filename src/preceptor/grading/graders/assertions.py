"""The output meets the assertions that its own case lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, get_args

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from preceptor.core.construct import Problems, construct
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, parse_json
from preceptor.core.rows import text_of
from preceptor.grading.assertion import Assertion, AssertionType
from preceptor.grading.bounded_regex import bounded_pattern, bounded_search
from preceptor.grading.output_part import shown
from preceptor.grading.types import Sample, Score

KEY = "assertions"
MAX_ASSERTIONS = 200
MAX_PATTERN_CHARACTERS = 10_000


@dataclass(frozen=True, kw_only=True)
class Assertions:
    """1 when the weighted share of the case's assertions that hold reaches `threshold`; `share` is that share.

    They stand in the case's metadata under `assertions`, each with a `type`, a `value`, a
    `weight` (1) and `negate`; its `assertion_threshold` wins over the setting. A case without any has no score.
    Texts longer than `max_characters` are not searched by patterns: no score.

    >>> case = {"assertions": [{"type": "contains", "value": "14 days"}, {"type": "is-json", "negate": True}]}
    >>> Assertions().grade(Sample(output="Within 14 days.", metadata=case)).value
    1.0
    """

    version: ClassVar[int] = 1
    dimension_names: ClassVar[tuple[str, ...]] = ("share",)
    threshold: float = 1.0
    max_characters: int = MAX_PATTERN_CHARACTERS

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 1:
            raise InputError(f"threshold is {self.threshold!r}; give a share above 0 and up to 1")

    def grade(self, sample: Sample) -> Score:
        """1 or 0 with what did not hold; InputError for assertions that cannot be read."""
        wanted = read_assertions(sample.metadata.get(KEY))
        if not wanted:
            return Score(value=None, reason=f"the case has no {KEY} in its metadata")
        if any(one.type == "regex" for one in wanted) and len(sample.output) > self.max_characters:
            reason = f"{len(sample.output):,} characters, max_characters is {self.max_characters:,}"
            return Score(value=None, reason=reason)
        broken = [one for one in wanted if holds(one, sample.output) == one.negate]
        total = sum(one.weight for one in wanted)
        share = 1 - sum(one.weight for one in broken) / total
        threshold = sample.metadata.get("assertion_threshold")
        needed = float(threshold) if isinstance(threshold, (int, float)) else self.threshold
        said = "; ".join(f"{'not ' if one.negate else ''}{one.type} {shown(one.value)}" for one in broken[:5])
        return Score(
            value=float(share >= needed - 1e-12),
            reason=f"{len(broken)} of {len(wanted)} do not hold: {said}" if broken else f"all {len(wanted)} hold",
            dimensions={"share": share},
        )


def read_assertions(value: JsonValue) -> tuple[Assertion, ...]:
    """The assertions that a case lists; InputError with every mistake."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_ASSERTIONS:
        raise InputError(f"{KEY} must be a list of at most {MAX_ASSERTIONS}, not {shown(value)}")
    problems = Problems(KEY)
    made = [construct(Assertion, item, problems, (index,)) for index, item in enumerate(value)]
    problems.raise_if_any()
    return tuple(one for one in made if one is not None)


def holds(one: Assertion, output: str) -> bool:
    """Whether the assertion, without its negation, holds of the output."""
    folds = one.type.startswith("i")
    text = output.lower() if folds and one.type != "is-json" else output
    texts = [part.lower() if folds else part for part in _texts(one.value)]
    match one.type:
        case "equals":
            return _equals(one.value, output)
        case "contains" | "icontains" | "contains-all" | "icontains-all":
            return all(part in text for part in texts)
        case "contains-any" | "icontains-any":
            return any(part in text for part in texts)
        case "starts-with":
            return output.lstrip().startswith(tuple(texts))
        case "regex":
            return bounded_search(bounded_pattern(text_of(one.value)), output) is not None
        case "is-json":
            return _is_json(output, one.value)


def _equals(value: JsonValue, output: str) -> bool:
    if isinstance(value, (dict, list)):
        try:
            return parse_json(output) == value
        except InputError:
            return False
    return output.strip() == text_of(value).strip()


def _is_json(output: str, schema: JsonValue) -> bool:
    try:
        value = parse_json(output.strip())
        if isinstance(schema, dict):
            Draft202012Validator.check_schema(schema)
            return bool(Draft202012Validator(schema).is_valid(value))
    except SchemaError as error:
        raise InputError(f"is-json: the value is no JSON schema: {error.message}") from error
    except InputError:
        return False
    return True


def _texts(value: JsonValue) -> list[str]:
    return [text_of(item) for item in value] if isinstance(value, list) else [text_of(value)]


def assertion_types() -> tuple[str, ...]:
    """The types that there are."""
    return tuple(get_args(AssertionType))


def assertion_row(one: Assertion) -> JsonObject:
    """The assertion as a case's metadata holds it."""
    row: JsonObject = {"type": one.type, "value": one.value}
    if one.negate:
        row["negate"] = True
    if one.weight != 1:
        row["weight"] = one.weight
    return row
