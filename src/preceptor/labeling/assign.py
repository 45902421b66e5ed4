"""Turn traces into label tasks under one version of a rubric."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from preceptor.core.errors import ConflictError
from preceptor.core.ids import content_id, plain
from preceptor.core.json_values import JsonObject
from preceptor.labeling.types import Rubric, Task
from preceptor.traces.types import Trace


def assign(traces: Sequence[Trace], rubric: Rubric, rubric_hash: str, at: datetime) -> list[Task]:
    """One task a trace, in their order; the same trace twice gives one.

    The item is the trace's `metadata.item` where it has one, else its id. A task's id follows
    from item and rubric version, so assigning again makes no second task. Raises ConflictError
    where two traces carry the same item: an answer could not say which one it means.
    """
    tasks: dict[str, Task] = {}
    for trace in traces:
        task = Task(
            id=task_id(item_of(trace), rubric_hash),
            item=item_of(trace),
            trace_id=trace.id,
            rubric=rubric.name,
            rubric_hash=rubric_hash,
            shown=_shown(trace),
            created_at=at,
        )
        before = tasks.setdefault(task.item, task)
        if before.trace_id != task.trace_id:
            raise ConflictError(
                f"the traces {before.trace_id!r} and {task.trace_id!r} carry the same item {task.item!r}; "
                "label one of them, or give them different items"
            )
    return list(tasks.values())


def item_of(trace: Trace) -> str:
    """The outside name of what a trace is about."""
    item = trace.metadata.get("item")
    return item if isinstance(item, str) and item else trace.id


def task_id(item: str, rubric_hash: str) -> str:
    """The id of the task to label this item under this version of a rubric."""
    return content_id("task", {"item": item, "rubric_hash": rubric_hash})


def _shown(trace: Trace) -> JsonObject:
    return {"messages": plain(trace.messages), "output": trace.output}
