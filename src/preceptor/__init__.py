"""Preceptor: from production traces to a release verdict, on one audit trail."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from preceptor.core.version import VERSION

if TYPE_CHECKING:
    from preceptor.datasets.types import DatasetVersion
    from preceptor.evals.types import Comparison, EvalRun
    from preceptor.gates.types import Verdict
    from preceptor.traces.types import Trace
    from preceptor.workspace import Workspace

__version__ = VERSION

__all__ = ["Comparison", "DatasetVersion", "EvalRun", "Trace", "Verdict", "Workspace", "__version__"]

_HOMES = {
    "Comparison": "preceptor.evals.types",
    "DatasetVersion": "preceptor.datasets.types",
    "EvalRun": "preceptor.evals.types",
    "Trace": "preceptor.traces.types",
    "Verdict": "preceptor.gates.types",
    "Workspace": "preceptor.workspace",
}


def __getattr__(name: str) -> object:
    """The public names, imported when they are first used: `import preceptor` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'preceptor' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
