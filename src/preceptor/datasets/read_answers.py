"""Answers with their judgements: ranks, steps and spans as rows write them."""

from __future__ import annotations

from preceptor.core.construct import kind_of
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.read_fields import as_number, as_truth, as_whole_number, read_objects
from preceptor.datasets.types import RankedAnswer, SpanLabel, Step

_ANSWER_TEXTS = ("text", "response", "content", "completion")
_SPAN_STARTS, _SPAN_ENDS = ("start", "start_position", "start_offset"), ("end", "end_position", "end_offset")
_SPAN_LABELS = ("label", "type", "entity_type", "entity_group", "entity")


def read_ranked(row: JsonObject, name: str) -> tuple[RankedAnswer, ...]:
    """The answers of a list with `ranks` (1 is the best) or `scores` (the highest is the best).

    These stand beside it, or in its objects. Equal scores share the better rank: 3, 2, 2, 1 are ranked 1, 2, 2, 4.
    Raises InputError, naming the field.
    """
    answers = read_objects(row, name)
    texts = [_answer_text(answer, f"{name}[{place}]") for place, answer in enumerate(answers)]
    ranks = _beside(row, answers, ("ranks", "rank"))
    scores = _beside(row, answers, ("scores", "score", "overall_score"))
    if ranks is None and scores is None:
        raise InputError(f"{name} has neither ranks nor scores; say which answer is the better one")
    if ranks is None:
        numbers = [as_number(score, f"scores[{place}]") for place, score in enumerate(scores or [])]
        better = sorted(numbers, reverse=True)
        first_place = {number: place for place, number in reversed(list(enumerate(better, start=1)))}
        ranks = [first_place[number] for number in numbers]
    if len(ranks) != len(texts):
        raise InputError(f"{name} holds {len(texts)} answers, there are {len(ranks)} ranks or scores")
    return tuple(
        RankedAnswer(text=text, rank=as_whole_number(rank, f"ranks[{place}]"))
        for place, (text, rank) in enumerate(zip(texts, ranks, strict=True))
    )


def read_steps(row: JsonObject) -> tuple[Step, ...]:
    """The steps of `completions` with `labels` beside it (true, false, or null where nobody judged), or of `steps`."""
    if "steps" in row:
        return tuple(_step(value, f"steps[{place}]") for place, value in enumerate(read_objects(row, "steps")))
    texts, labels = read_objects(row, "completions"), read_objects(row, "labels")
    if len(texts) != len(labels):
        raise InputError(f"completions holds {len(texts)} steps, labels holds {len(labels)}")
    return tuple(
        _step({"text": text, "is_good": label}, f"completions[{place}] or its label")
        for place, (text, label) in enumerate(zip(texts, labels, strict=True))
    )


def read_spans(row: JsonObject, name: str) -> tuple[SpanLabel, ...]:
    """Labelled characters as objects with start, end and label under the usual names, or as lists of the three."""
    return tuple(_span(value, f"{name}[{place}]") for place, value in enumerate(read_objects(row, name)))


def _answer_text(answer: JsonValue, field: str) -> str:
    value = answer
    if isinstance(answer, dict):
        value = next((answer[key] for key in _ANSWER_TEXTS if key in answer), None)
    if not isinstance(value, str):
        raise InputError(f"{field} must be a text or an object with one, not {kind_of(answer)}")
    return value


def _beside(row: JsonObject, answers: list[JsonValue], names: tuple[str, ...]) -> list[JsonValue] | None:
    found = read_objects(row, names[0])
    if found or names[0] in row:
        return found
    name = next((name for name in names[1:] if any(isinstance(one, dict) and name in one for one in answers)), None)
    return None if name is None else [one.get(name) if isinstance(one, dict) else None for one in answers]


def _step(value: JsonValue, field: str) -> Step:
    text = value.get("text") if isinstance(value, dict) else None
    label = value.get("is_good") if isinstance(value, dict) else None
    if not isinstance(text, str):
        raise InputError(f"{field} must hold a text, not {kind_of(text)}")
    is_good = as_truth(label)
    if label is not None and is_good is None:
        raise InputError(f"{field} is judged {label!r:.60}; write true, false, or null where nobody judged")
    return Step(text=text, is_good=is_good)


def _span(value: JsonValue, field: str) -> SpanLabel:
    if isinstance(value, list) and len(value) == 3:  # noqa: PLR2004 - start, end, label
        value = {"start": value[0], "end": value[1], "label": value[2]}
    if not isinstance(value, dict):
        raise InputError(f"{field} must be an object with start, end and label, not {kind_of(value)}")
    label = _first(value, _SPAN_LABELS)
    if not isinstance(label, str):
        raise InputError(f"{field}.label must be a text, not {kind_of(label)}")
    return SpanLabel(
        message=as_whole_number(value.get("message", 0), f"{field}.message"),
        start=as_whole_number(_first(value, _SPAN_STARTS), f"{field}.start"),
        end=as_whole_number(_first(value, _SPAN_ENDS), f"{field}.end"),
        label=label,
    )


def _first(value: JsonObject, names: tuple[str, ...]) -> JsonValue:
    return next((value[name] for name in names if value.get(name) is not None), None)
