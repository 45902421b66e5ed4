"""The texts of a record, each with the field where it stands, and what its prompt is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from preceptor.core.ids import content_hash
from preceptor.datasets.normal_text import normalise
from preceptor.datasets.types import Record
from preceptor.models.types import Message


class FieldText(NamedTuple):
    """A text and where it stands in the record, such as `messages[0].content`."""

    field: str
    text: str


def iter_texts(record: Record) -> Iterator[FieldText]:
    """Every text that a model would read or learn, in the record's order; empty ones are left out."""
    for text in (*_turn_texts(record.messages), *_answer_texts(record)):
        if text.text:
            yield text


def texts_of(record: Record) -> list[str]:
    """The texts alone, in the same order: a third of the time, for every record of every batch.

    >>> from preceptor.models.types import Message
    >>> texts_of(Record(id="", kind="preference", messages=(Message(role="user", content="hi"),), chosen="hello"))
    ['hi', 'hello']
    """
    texts = []
    for message in record.messages:
        texts.append(message.content)
        if message.tool_calls:
            texts += [call.arguments for call in message.tool_calls]
    if record.kind == "sft":
        return texts if all(texts) else [text for text in texts if text]
    texts += [record.chosen or "", record.rejected or "", record.completion or ""]
    texts += [answer.text for answer in record.ranked]
    texts += [step.text for step in record.steps]
    return [text for text in texts if text]


def prompt_messages(record: Record) -> tuple[Message, ...]:
    """What the model is shown: all but the last answer of an sft record, all messages of the others.

    A plain text (one lone answer) is its own prompt.
    """
    is_answered = record.kind == "sft" and len(record.messages) > 1 and record.messages[-1].role == "assistant"
    return record.messages[:-1] if is_answered else record.messages


def prompt_hash(record: Record) -> str:
    """SHA-256 of the normalised prompt: equal for prompts that differ only in capitals or white space."""
    return content_hash([[message.role, normalise(message.content)] for message in prompt_messages(record)])


def _turn_texts(messages: tuple[Message, ...]) -> Iterator[FieldText]:
    for place, message in enumerate(messages):
        yield FieldText(f"messages[{place}].content", message.content)
        for number, call in enumerate(message.tool_calls):
            yield FieldText(f"messages[{place}].tool_calls[{number}].arguments", call.arguments)


def _answer_texts(record: Record) -> Iterator[FieldText]:
    yield FieldText("chosen", record.chosen or "")
    yield FieldText("rejected", record.rejected or "")
    yield FieldText("completion", record.completion or "")
    for place, answer in enumerate(record.ranked):
        yield FieldText(f"ranked[{place}].text", answer.text)
    for place, step in enumerate(record.steps):
        yield FieldText(f"steps[{place}].text", step.text)
