"""What is learnt from a row: its kind, by the fields that it has, and the record's content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, cast, get_args

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.hh_turns import hh_turns
from preceptor.datasets.media import MediaReader
from preceptor.datasets.message_rows import Turns, parse_messages, parse_turns
from preceptor.datasets.read_answers import read_ranked, read_spans, read_steps
from preceptor.datasets.read_fields import as_truth, read_number, read_text
from preceptor.datasets.read_prompt import SHAPES, TEXT_FIELDS, Prompt, read_prompt
from preceptor.datasets.types import Record, RecordKind
from preceptor.models.types import Message

KINDS = cast("tuple[RecordKind, ...]", get_args(RecordKind))
COMPLETIONS = ("completion", "response", "output")
JUDGEMENTS = ("is_good", "label", "kto_tag")
SCORES = ("score", "reward")
NAMED_SCORES = (("chosen_score", "rejected_score"), ("score_chosen", "score_rejected"))


class Content(NamedTuple):
    """The content of a record that has no id yet, and the fields of the row that hold it."""

    record: Record
    fields: set[str]


def read_content(row: JsonObject, reader: MediaReader, kind: RecordKind | None = None) -> Content:
    """What is learnt from the row. `kind`, or the row's own `kind`, says which it is where its fields allow several.

    Raises InputError, naming the field.
    """
    own = row.get("kind")
    is_ours = kind is None and own in KINDS
    chosen_kind = kind or (cast("RecordKind", own) if is_ours else _kind(row))
    found = _READERS[chosen_kind](row, reader)
    return Content(found.record, found.fields | {"kind"}) if is_ours else found


def in_one_shape(row: JsonObject) -> JsonObject:
    """The row; OpenAI's preference form under the names that all others use."""
    given = row.get("input")
    if not isinstance(given, dict) or "preferred_output" not in row:
        return row
    names = {"preferred_output": "chosen", "non_preferred_output": "rejected"}
    return {**given, **{names.get(name, name): value for name, value in row.items() if name != "input"}}


def _kind(row: JsonObject) -> RecordKind:
    if row.get("chosen") is not None or row.get("rejected") is not None:
        return "preference"
    if row.get("ranked") is not None or _answers_name(row) is not None:
        return "ranking"
    if row.get("steps") is not None or (row.get("completions") is not None and row.get("labels") is not None):
        return "steps"
    if _spans_name(row) is not None:
        return "spans"
    is_answered = any(row.get(name) is not None for name in COMPLETIONS) and row.get("messages") is None
    if (is_answered and _judgement(row) is not None) or as_truth(row.get("kto_tag")) is not None:
        return "binary"
    return "scored" if is_answered and any(row.get(name) not in (None, "") for name in SCORES) else "sft"


def _answers_name(row: JsonObject) -> str | None:
    """The field that holds several answers with ranks or scores; None without any."""
    is_judged = row.get("ranks") is not None or row.get("scores") is not None
    for name in ("responses", "completions"):
        answers = row.get(name)
        first = answers[0] if isinstance(answers, list) and answers else None
        if answers is not None and (is_judged or (isinstance(first, dict) and {"rank", "score"} & first.keys())):
            return name
    return None


def _spans_name(row: JsonObject) -> str | None:
    has_text = any(row.get(name) is not None for name in (*TEXT_FIELDS, "messages"))
    return next((name for name in ("spans", "entities") if has_text and row.get(name) is not None), None)


def _judgement(row: JsonObject) -> str | None:
    return next((name for name in JUDGEMENTS if as_truth(row.get(name)) is not None), None)


def _sft(row: JsonObject, reader: MediaReader) -> Content:
    prompt = read_prompt(row, reader)
    name = _completion_name(row)
    if prompt is not None and prompt.fields & {"messages", "conversations"}:
        return _made("sft", prompt)
    if prompt is not None and name is not None:
        turns = (*prompt.messages, *_answer(row[name], name))
        return _made("sft", prompt._replace(messages=turns, fields=prompt.fields | {name}))
    for text in TEXT_FIELDS:
        if row.get(text) is not None and prompt is None:
            return _made("sft", Prompt(_answer(row[text], text), (), (), frozenset({text})))
    fields = ", ".join(sorted(row)) or "none"
    raise InputError(f"has none of {SHAPES}; its fields are {fields:.200}")


def _preference(row: JsonObject, reader: MediaReader) -> Content:
    prompt = read_prompt(row, reader)
    chosen, rejected = _answers(row, "chosen", reader), _answers(row, "rejected", reader)
    if prompt is None:
        prompt, chosen, rejected = _shared_prompt(chosen, rejected)
    margin = read_number(row, "margin")
    for better, worse in NAMED_SCORES:
        high, low = read_number(row, better), read_number(row, worse)
        if margin is None and high is not None and low is not None:
            margin = high - low
    made = _made("preference", prompt, "chosen", "rejected", "margin")
    answers = replace(
        made.record,
        chosen=_one_answer(chosen.messages, "chosen"),
        rejected=_one_answer(rejected.messages, "rejected"),
        margin=margin,
    )
    return Content(answers, made.fields)


def _shared_prompt(chosen: Turns, rejected: Turns) -> tuple[Prompt, Turns, Turns]:
    """Conversations that branch: what they share is the prompt."""
    shared = 0
    most = min(len(chosen.messages), len(rejected.messages)) - 1
    while shared < most and chosen.messages[shared] == rejected.messages[shared]:
        shared += 1
    media = tuple(one for one in chosen.media if one.message < shared)
    prompt = Prompt(chosen.messages[:shared], media, (), frozenset())
    return prompt, Turns(chosen.messages[shared:]), Turns(rejected.messages[shared:])


def _ranking(row: JsonObject, reader: MediaReader) -> Content:
    if row.get("ranked") is not None:
        made = _made("ranking", _required(row, reader), "ranked")
        return Content(replace(made.record, ranked=read_ranked(row, "ranked")), made.fields)
    name = _answers_name(row) or "responses"
    made = _made("ranking", _required(row, reader), name, "ranks")
    return Content(replace(made.record, ranked=read_ranked(row, name)), made.fields)


def _binary(row: JsonObject, reader: MediaReader) -> Content:
    judged = _judgement(row)
    if judged is None:
        raise InputError(f"has no judgement; write true or false under one of {', '.join(JUDGEMENTS)}")
    made = _answered("binary", row, reader)
    return Content(replace(made.record, is_good=as_truth(row[judged])), made.fields | {judged})


def _scored(row: JsonObject, reader: MediaReader) -> Content:
    score = read_number(row, *SCORES)
    if score is None:
        raise InputError(f"has no score; write a number under one of {', '.join(SCORES)}")
    made = _answered("scored", row, reader)
    used = next(name for name in SCORES if row.get(name) not in (None, ""))
    return Content(replace(made.record, score=score), made.fields | {used})


def _steps(row: JsonObject, reader: MediaReader) -> Content:
    used = ("steps",) if "steps" in row else ("completions", "labels")
    made = _made("steps", _required(row, reader), *used)
    return Content(replace(made.record, steps=read_steps(row)), made.fields)


def _spans(row: JsonObject, reader: MediaReader) -> Content:
    name = _spans_name(row) or "spans"
    prompt = read_prompt(row, reader)
    if prompt is None:
        used = next((one for one in TEXT_FIELDS if row.get(one) is not None), "text")
        text = read_text(row, used)
        if text is None:
            raise InputError("has no text that its spans stand in; write it under text")
        prompt = Prompt((Message(role="user", content=text),), (), (), frozenset({used}))
    made = _made("spans", prompt, name)
    return Content(replace(made.record, spans=read_spans(row, name)), made.fields)


def _answered(kind: RecordKind, row: JsonObject, reader: MediaReader) -> Content:
    """A prompt with one answer: beside it, or as the last turn of a conversation."""
    prompt = _required(row, reader)
    name = _completion_name(row)
    if name is not None:
        made = _made(kind, prompt, name)
        return Content(replace(made.record, completion=_one_answer(_answer(row[name], name), name)), made.fields)
    answer = _one_answer(prompt.messages[-1:], "the last turn")
    made = _made(kind, prompt._replace(messages=prompt.messages[:-1]))
    return Content(replace(made.record, completion=answer), made.fields)


def _completion_name(row: JsonObject) -> str | None:
    return next((name for name in COMPLETIONS if row.get(name) is not None), None)


def _required(row: JsonObject, reader: MediaReader) -> Prompt:
    prompt = read_prompt(row, reader)
    if prompt is None:
        raise InputError(f"has no prompt; its fields are {', '.join(sorted(row)):.200}")
    return prompt


def _made(kind: RecordKind, prompt: Prompt, *fields: str) -> Content:
    record = Record(id="", kind=kind, messages=prompt.messages, media=prompt.media, tools=prompt.tools)
    return Content(record, {*prompt.fields, *fields})


def _answers(row: JsonObject, name: str, reader: MediaReader) -> Turns:
    value = row.get(name)
    if isinstance(value, str):
        has_prompt = row.get("prompt") is not None or row.get("messages") is not None
        return Turns((None if has_prompt else hh_turns(value)) or _answer(value, name))
    return parse_turns([value] if isinstance(value, dict) else value, name, reader)


def _answer(value: JsonValue, field: str) -> tuple[Message, ...]:
    if isinstance(value, str):
        return (Message(role="assistant", content=value),)
    return parse_messages([value] if isinstance(value, dict) else value, field)


def _one_answer(messages: tuple[Message, ...], field: str) -> str:
    if len(messages) != 1 or messages[0].role != "assistant":
        raise InputError(f"{field} must be one answer of the assistant, not {len(messages)} messages; cut it")
    if messages[0].tool_calls:
        raise InputError(f"{field} calls tools, and an answer here is a text; use a record of kind sft")
    return messages[0].content


_READERS: dict[RecordKind, Callable[[JsonObject, MediaReader], Content]] = {
    "sft": _sft,
    "preference": _preference,
    "ranking": _ranking,
    "binary": _binary,
    "scored": _scored,
    "steps": _steps,
    "spans": _spans,
}
