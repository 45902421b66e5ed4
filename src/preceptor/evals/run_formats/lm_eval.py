"""Sample files of lm-evaluation-harness (`--log_samples`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, at_path
from preceptor.core.rows import text_of
from preceptor.core.storable_text import storable
from preceptor.evals.foreign_files import iter_foreign_lines, read_foreign_json
from preceptor.evals.foreign_values import first_bytes, messages_of, metric_name, moment_of, plain_settings, scores_of
from preceptor.evals.run_format import ForeignRun, ForeignSample, ForeignScore
from preceptor.evals.types import EvalCase

DIGITS = 16
_NAME = re.compile(r"samples_(?P<task>.+?)_(?P<stamp>\d{4}-\d{2}-\d{2}T[\d.:-]+)$")


@dataclass(frozen=True, kw_only=True)
class LmEval:
    """One task's `samples_*.jsonl`; the `results_*.json` of the same moment beside it gives the model.

    A case's id is its `doc_hash`, which stays the same where `doc_id` does not; a document that
    stands twice gets `-2` behind it, in the order of the file. With several filters, a metric is
    `<metric>.<filter>`.
    """

    version: ClassVar[int] = 1

    def recognises(self, path: Path) -> bool:
        """Rows with a `doc_hash` or `doc_id`, and `filtered_resps`."""
        start = first_bytes(path, 1 << 20)
        return start.lstrip().startswith(b"{") and b'"doc_id"' in start and b'"filtered_resps"' in start

    def read(self, path: Path) -> tuple[ForeignRun, ...]:
        """The run of the one task."""
        if path.name.startswith("results_") and path.suffix == ".json":
            raise InputError(f"{path}: totals only; name a samples_*.jsonl beside it (run with --log_samples)")
        named = _NAME.match(path.stem)
        task = named["task"] if named else path.stem.removeprefix("samples_")
        results = _results(path, named["stamp"] if named else "")
        config = results.get("config")
        model = text_of(at_path(config, "model_args.pretrained") or at_path(config, "model_args.model"))
        model = model or text_of(at_path(config, "model") or results.get("model_name"))
        return (
            ForeignRun(
                suite=task,
                target=model or "unknown model",
                model=model,
                started_at=moment_of(results.get("date")),
                settings={
                    "tool": "lm_eval",
                    "tool_version": results.get("lm_eval_version"),
                    "task_version": at_path(results.get("versions"), task),
                    "task_hash": at_path(results.get("task_hashes"), task),
                    "num_fewshot": at_path(results.get("n-shot"), task),
                    "chat_template": results.get("chat_template_sha"),
                    "sampling": plain_settings(config, ("gen_kwargs", "random_seed", "numpy_seed", "limit")),
                },
                samples=lambda: _samples(path),
            ),
        )


def _results(path: Path, stamp: str) -> JsonObject:
    beside = path.parent / f"results_{stamp}.json"
    return read_foreign_json(beside) if stamp and beside.is_file() else {}


def _samples(path: Path) -> Iterator[ForeignSample]:
    """One sample a document. With several filters the file is read whole: their rows stand far apart."""
    has_filters = len({text_of(row.get("filter")) for _, row in iter_foreign_lines(path)}) > 1
    found = _named(path, has_filters=has_filters)
    if not has_filters:
        yield from (sample for _, sample in found)
        return
    merged: dict[str, ForeignSample] = {}
    for key, sample in found:
        merged.setdefault(key, sample).scores.update(sample.scores)
    yield from merged.values()


def _named(path: Path, *, has_filters: bool) -> Iterator[tuple[str, ForeignSample]]:
    """Each row as a sample; rows of one document have one name, documents of one hash different ones."""
    seen: Counter[str] = Counter()
    names: dict[str, str] = {}
    for place, row in iter_foreign_lines(path):
        document = text_of(row.get("doc_hash"))[:DIGITS] or text_of(row.get("doc_id"))
        if not document:
            raise InputError(f"{place}: neither doc_hash nor doc_id; is it a samples file of lm-eval?")
        key = f"{text_of(row.get('doc_id'))}/{document}"
        if key not in names:
            seen[document] += 1
            names[key] = document if seen[document] == 1 else f"{document}-{seen[document]}"
        yield key, _sample(row, names[key], _scores(row, has_filters=has_filters))


def _sample(row: JsonObject, name: str, scores: dict[str, ForeignScore]) -> ForeignSample:
    return ForeignSample(
        case=EvalCase(
            id=name,
            messages=messages_of(_prompt(row.get("arguments"))),
            target=row.get("target"),
            metadata={"doc_id": row.get("doc_id")},
        ),
        output=storable(_first_text(row.get("filtered_resps")) or _first_text(row.get("resps"))),
        scores=scores,
    )


def _scores(row: JsonObject, has_filters: bool) -> dict[str, ForeignScore]:
    names = row.get("metrics")
    suffix = f".{metric_name(text_of(row.get('filter')))}" if has_filters else ""
    found: dict[str, ForeignScore] = {}
    for name in names if isinstance(names, list) else []:
        found.update(scores_of(f"{text_of(name)}{suffix}", row.get(text_of(name))))
    return found


def _prompt(arguments: JsonValue) -> JsonValue:
    """The text of the first request: `{"gen_args_0": {"arg_0": prompt}}`, or lists of such."""
    here = arguments
    while isinstance(here, (dict, list)) and here:
        here = next(iter(here.values())) if isinstance(here, dict) else here[0]
    return here


def _first_text(value: JsonValue) -> str:
    while isinstance(value, list) and value:
        value = value[0]
    return "" if value is None or isinstance(value, list) else text_of(value)
