"""The texts of a record that may hold personal data, and the record with other texts in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from preceptor.core.construct import path_text
from preceptor.core.ids import content_id
from preceptor.core.json_values import JsonValue
from preceptor.datasets.record import with_own_id
from preceptor.datasets.record_texts import FieldText, iter_texts
from preceptor.datasets.types import Record, SpanLabel
from preceptor.governance.redaction import Redaction
from preceptor.governance.replacement import Replaced
from preceptor.models.types import Message, ToolCall


def iter_personal_texts(record: Record) -> Iterator[FieldText]:
    """Whatever a model would learn, the rationale, the group, and each text in the metadata."""
    yield from iter_texts(record)
    if record.rationale:
        yield FieldText("rationale", record.rationale)
    if record.group:
        yield FieldText("group", record.group)
    for key, value in record.metadata.items():
        yield from _json_texts(value, (key,))


def redacted_record(record: Record, redaction: Redaction) -> Record:
    """The record with stand-ins in all of its texts, labelled spans and files where they now stand, and a new id.

    A group that is personal becomes a hash, the same in each record: a stand-in of its own in each would part the
    group over the splits.
    """
    marked = {span.message for span in record.spans} | {media.message for media in record.media}
    marked &= set(range(len(record.messages)))  # A mark on a turn that is not there is for the check `schema` to say.
    changed = {place: redaction.text(record.messages[place].content) for place in marked}
    messages = tuple(
        replace(
            message,
            content=changed[place].text if place in changed else redaction.any_text(message.content),
            tool_calls=_calls(message, redaction),
        )
        for place, message in enumerate(record.messages)
    )
    spans = tuple(_moved(one, changed) for one in record.spans)
    return with_own_id(
        replace(
            record,
            messages=messages,
            spans=spans,
            media=tuple(
                replace(one, at=changed[one.message].span(one.at, one.at).start) if one.message in changed else one
                for one in record.media
            ),
            chosen=_optional(record.chosen, redaction),
            rejected=_optional(record.rejected, redaction),
            completion=_optional(record.completion, redaction),
            ranked=tuple(replace(one, text=redaction.any_text(one.text)) for one in record.ranked),
            steps=tuple(replace(one, text=redaction.any_text(one.text)) for one in record.steps),
            rationale=redaction.text(record.rationale).text,
            group=_group(record.group, redaction),
            metadata={key: redaction.value(value, key) for key, value in record.metadata.items()},
        )
    )


def _moved(label: SpanLabel, changed: Mapping[int, Replaced]) -> SpanLabel:
    if label.message not in changed:
        return label
    moved = changed[label.message].span(label.start, label.end)
    return replace(label, start=moved.start, end=moved.end)


def _optional(text: str | None, redaction: Redaction) -> str | None:
    return None if text is None else redaction.any_text(text)


def _calls(message: Message, redaction: Redaction) -> tuple[ToolCall, ...]:
    return tuple(replace(call, arguments=redaction.json_text(call.arguments)) for call in message.tool_calls)


def _group(group: str | None, redaction: Redaction) -> str | None:
    return content_id("group", group) if group and redaction.find(group) else group


def _json_texts(value: JsonValue, at: tuple[str | int, ...]) -> Iterator[FieldText]:
    if isinstance(value, str):
        yield FieldText(f"metadata.{path_text(at)}", value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _json_texts(item, (*at, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _json_texts(item, (*at, place))
