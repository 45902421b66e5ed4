"""What makes a record one that no trainer can use, by its kind."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import cast, get_args

from preceptor.datasets.normal_bytes import normal_bytes
from preceptor.datasets.types import Record, RecordKind
from preceptor.models.types import Role

ROLES = frozenset(cast("tuple[str, ...]", get_args(Role)))
MAY_FOLLOW = {
    "": {"user"},
    "user": {"assistant"},
    "assistant": {"user", "tool"},
    "tool": {"assistant", "tool"},
}
ANSWER_FIELDS = ("chosen", "rejected", "margin", "completion", "is_good", "score", "ranked", "steps", "spans")
OWN_FIELDS: dict[RecordKind, tuple[str, ...]] = {
    "sft": (),
    "preference": ("chosen", "rejected", "margin"),
    "ranking": ("ranked",),
    "binary": ("completion", "is_good"),
    "scored": ("completion", "score"),
    "steps": ("steps",),
    "spans": ("spans",),
}
_LISTS = {"ranked", "steps", "spans"}
_FOREIGN = {kind: [name for name in ANSWER_FIELDS if name not in own] for kind, own in OWN_FIELDS.items()}
_FOREIGN_OF = {kind: attrgetter(*names) for kind, names in _FOREIGN.items()}
_UNSET = {kind: tuple(() if name in _LISTS else None for name in names) for kind, names in _FOREIGN.items()}
_SHA256 = re.compile(r"[0-9a-f]{64}")
MAX_ROLES_KEPT = 64


def record_faults(record: Record) -> Iterator[str]:
    """Each fault of the record as a sentence: of its turns, then of its answers, then of its media."""
    yield from _turn_faults(record)
    yield from _foreign_faults(record)
    if record.kind in _ANSWER_FAULTS:
        if record.messages and record.messages[-1].role == "assistant":
            yield "the prompt ends with an answer already"
        yield from _ANSWER_FAULTS[record.kind](record)
    if record.kind == "spans":
        yield from _span_faults(record)
    if record.media:
        yield from _media_faults(record)


def _turn_faults(record: Record) -> Iterator[str]:
    if not record.messages:
        yield "there are no messages"
        return
    for place, message in enumerate(record.messages):
        if not message.content.strip() and not message.tool_calls and all(one.message != place for one in record.media):
            yield f"messages[{place}] is empty"
    roles = tuple([message.role for message in record.messages])
    if roles == ("assistant",) and record.kind in {"sft", "spans"}:
        return
    order = _order_faults if len(roles) <= MAX_ROLES_KEPT else _order_faults.__wrapped__
    yield from order(roles)
    if record.kind == "sft" and roles[-1] != "assistant":
        yield f"the last turn is the {roles[-1]}’s, so there is no answer to learn"


# Many conversations, few orders of roles.
@lru_cache(maxsize=4096)
def _order_faults(roles: tuple[str, ...]) -> tuple[str, ...]:
    before = ""
    for place, role in enumerate(roles):
        if role not in ROLES:
            return (f"messages[{place}] has the unknown role {role[:40]!r}",)
        if role == "system":
            if place > 0:
                return (f"messages[{place}] is a system turn that is not the first",)
            continue
        if role not in MAY_FOLLOW[before]:
            where = f"follows a turn of the {before}" if before else "opens the conversation"
            return (f"messages[{place}], of the {role}, {where}",)
        before = role
    return ()


def _foreign_faults(record: Record) -> Iterator[str]:
    found = _FOREIGN_OF[record.kind](record)
    if found == _UNSET[record.kind]:
        return
    article = "an" if record.kind == "sft" else "a"
    for name, value, unset in zip(_FOREIGN[record.kind], found, _UNSET[record.kind], strict=True):
        if value != unset:
            yield f"{article} {record.kind} record has no {name}"


def _preference_faults(record: Record) -> Iterator[str]:
    for name, answer in (("chosen", record.chosen), ("rejected", record.rejected)):
        if answer is None or not answer.strip():
            yield f"the {name} answer is empty"
    if record.chosen and record.rejected and normal_bytes(record.chosen) == normal_bytes(record.rejected):
        yield "the chosen and the rejected answer say the same"
    if record.margin is not None and not 0 <= record.margin < math.inf:
        yield f"the margin is {record.margin!r}; the chosen answer is better by a number from 0"


def _ranking_faults(record: Record) -> Iterator[str]:
    ranks: dict[bytes, int] = {}
    for place, answer in enumerate(record.ranked):
        if not answer.text.strip():
            yield f"ranked[{place}] is empty"
        if answer.rank < 1:
            yield f"ranked[{place}] has the rank {answer.rank}; the best has 1"
        if ranks.setdefault(normal_bytes(answer.text), answer.rank) != answer.rank:
            yield f"ranked[{place}] says the same as another answer of another rank"
    if len({answer.rank for answer in record.ranked}) < 2:  # noqa: PLR2004 - better and worse
        yield "there are no two answers of different ranks, so there is nothing to learn"


def _binary_faults(record: Record) -> Iterator[str]:
    yield from _completion_faults(record)
    if record.is_good is None:
        yield "nobody says whether the answer is good"


def _scored_faults(record: Record) -> Iterator[str]:
    yield from _completion_faults(record)
    if record.score is None or not math.isfinite(record.score):
        yield f"the score is {record.score!r}, which is no number"


def _completion_faults(record: Record) -> Iterator[str]:
    if record.completion is None or not record.completion.strip():
        yield "the answer is empty"


def _step_faults(record: Record) -> Iterator[str]:
    for place, step in enumerate(record.steps):
        if not step.text.strip():
            yield f"steps[{place}] is empty"
    if all(step.is_good is None for step in record.steps):
        yield "no step is judged, so there is nothing to learn"


def _span_faults(record: Record) -> Iterator[str]:
    for place, span in enumerate(record.spans):
        if not 0 <= span.message < len(record.messages):
            yield f"spans[{place}] lies in messages[{span.message}], which is not there"
        elif not 0 <= span.start < span.end <= len(record.messages[span.message].content):
            length = len(record.messages[span.message].content)
            yield f"spans[{place}] is {span.start} to {span.end} in a text of {length:,} characters"
        if not span.label.strip():
            yield f"spans[{place}] has no label"
    if len(set(record.spans)) < len(record.spans):
        yield "a span stands twice"


def _media_faults(record: Record) -> Iterator[str]:
    for place, media in enumerate(record.media):
        if not 0 <= media.message < len(record.messages):
            yield f"media[{place}] stands in messages[{media.message}], which is not there"
        elif not 0 <= media.at <= len(record.messages[media.message].content):
            yield f"media[{place}] stands at {media.at}, outside its text"
        if not _SHA256.fullmatch(media.sha256):
            yield f"media[{place}] is named by {media.sha256[:70]!r}, which is no SHA-256"


_ANSWER_FAULTS: dict[RecordKind, Callable[[Record], Iterator[str]]] = {
    "preference": _preference_faults,
    "ranking": _ranking_faults,
    "binary": _binary_faults,
    "scored": _scored_faults,
    "steps": _step_faults,
}
