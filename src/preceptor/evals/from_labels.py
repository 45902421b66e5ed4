"""Eval cases from production failures: what went wrong once is asked of every candidate from now on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from preceptor.core.files import write_text
from preceptor.core.ids import content_id
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.evals.case_row import case_row
from preceptor.evals.types import EvalCase
from preceptor.traces.types import Trace


@dataclass(frozen=True, kw_only=True)
class LabelledTrace:
    """A trace and the label that its annotators support."""

    trace: Trace
    label: JsonValue
    label_id: str


def cases_from_labels(labelled: Iterable[LabelledTrace], *, label_field: str, slice_name: str) -> list[EvalCase]:
    """One case a trace: the conversation as it was, the label as the wanted value of `label_field`.

    The same trace and label always give the same case id. In the order given.
    """
    return [
        EvalCase(
            id=content_id("case", {"trace": one.trace.id, "label": one.label}),
            messages=tuple(message for message in one.trace.messages if message.role != "system"),
            target={label_field: one.label},
            cluster=one.trace.conversation,
            slices=(slice_name,),
            source_id=one.trace.id,
        )
        for one in labelled
    ]


def is_held_out(trace: Trace, share: float) -> bool:
    """Whether the trace belongs to the share of conversations that are kept for evaluation.

    It follows from the conversation alone (the trace's id where it has none), so a
    conversation is never on both sides and a new trace moves no other.
    """
    group = trace.conversation or trace.id
    digest = hashlib.sha256(f"held out:{group}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < share


def write_suite(folder: Path, name: str, settings: JsonObject, cases: Sequence[EvalCase]) -> Path:
    """Write `<name>.yaml` and `<name>.jsonl` into the folder of suites; the path of the first.

    `settings` are those of the suite whose graders and passages the new one shares.
    """
    lines = [json.dumps(case_row(case), ensure_ascii=False, sort_keys=True) for case in cases]
    write_text(folder / f"{name}.jsonl", "".join(f"{line}\n" for line in lines))
    path = folder / f"{name}.yaml"
    header = f"# Made by `preceptor eval cases` from {len(cases)} labelled production failures.\n"
    written = {**settings, "name": name, "cases": f"{name}.jsonl"}
    write_text(path, header + yaml.safe_dump(written, sort_keys=False, allow_unicode=True))
    return path


def case_text(case: EvalCase) -> str:
    """What the case says, to look for in training data: its turns but the system's, a line each."""
    return "\n".join(turn.content for turn in case.messages if turn.role != "system")
