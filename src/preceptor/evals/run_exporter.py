"""What a run exporter is: it writes a run of ours as another tool reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from preceptor.core.files import whole_file
from preceptor.core.registry import Registry
from preceptor.evals.types import EvalCase, EvalRun, SampleResult, Suite


@dataclass(frozen=True, kw_only=True)
class RunToExport:
    """A run, its suite, and its results, which are read anew each time `results` is called."""

    run: EvalRun
    suite: Suite
    results: Callable[[], Iterator[SampleResult]]

    def cases(self) -> dict[str, EvalCase]:
        """The suite's cases by id."""
        return {case.id: case for case in self.suite.cases}


class RunExporter(Protocol):
    """A plugin that writes one format; a frozen dataclass whose fields are its settings."""

    version: ClassVar[int]

    def lines(self, exported: RunToExport) -> Iterator[str]:
        """The file's text, a piece at a time, line breaks included."""
        ...


run_exporters: Registry[RunExporter] = Registry(kind="run_exporter", folder="preceptor.evals.run_exporters")


def export_run(exported: RunToExport, exporter: RunExporter, path: Path) -> None:
    """Write the file; it appears whole or not at all."""
    with whole_file(path) as stream:
        for line in exporter.lines(exported):
            stream.write(line.encode("utf-8"))
