"""Make the graders that a definition file names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from preceptor.core.construct import Path, Problems
from preceptor.core.json_values import JsonObject
from preceptor.grading.grader import Grader, ModelGrader, graders, metric_names

_METRIC = re.compile(r"[A-Za-z][\w.-]{0,99}")


def build_graders(
    entries: Mapping[str, JsonObject], problems: Problems, at: Path = ()
) -> dict[str, Grader | ModelGrader]:
    """Each metric's grader, in the order of the entries; every mistake is noted in `problems`.

    An entry is a grader's `kind` and its settings. A metric whose grader cannot be made is
    left out, so look at `problems` before use.

    >>> build_graders({"category": {"kind": "contains", "values": ["billing"]}}, Problems("taxonomy.yaml"))
    {'category': Contains(values=('billing',), match='any', path='', target_path='', ignore_case=False)}
    """
    made: dict[str, Grader | ModelGrader] = {}
    for metric, entry in entries.items():
        here = (*at, metric)
        if not _METRIC.fullmatch(metric):
            problems.add(here, f"metric {metric!r}: a name is a letter, then up to 99 letters, digits or _ . -")
            continue
        if not isinstance(entry.get("kind"), str):
            problems.add(here, f"'kind' is missing; name a grader: {', '.join(graders.names())}")
            continue
        settings = {key: value for key, value in entry.items() if key != "kind"}
        grader = graders.construct(str(entry["kind"]), settings, problems, here)
        if grader is not None:
            made[metric] = grader
    for metric in made.keys() & {name for other in made for name in _parts(other, made[other])}:
        problems.add(
            (*at, metric), f"metric {metric!r} is also a dimension of {metric.rpartition('.')[0]!r}; rename it"
        )
    return made


def _parts(metric: str, grader: Grader | ModelGrader) -> list[str]:
    return metric_names({metric: grader})[1:]
