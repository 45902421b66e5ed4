"""List the plugins of a kind with their settings."""

from __future__ import annotations

import importlib

import click

from preceptor.cli.output import json_option, print_json, print_table
from preceptor.core.registry import Registry

REGISTRIES = {
    "provider": ("preceptor.models.provider", "providers"),
    "personal_data_pattern": ("preceptor.governance.personal_data_pattern", "personal_data_patterns"),
    "personal_data_locale": ("preceptor.governance.personal_data_locale", "personal_data_locales"),
    "payload_format": ("preceptor.traces.payload_format", "payload_formats"),
    "grader": ("preceptor.grading.grader", "graders"),
    "instruction_check": ("preceptor.grading.instruction_check", "instruction_checks"),
    "detector": ("preceptor.triage.detector", "detectors"),
    "question_type": ("preceptor.labeling.question_type", "question_types"),
    "aggregator": ("preceptor.qc.aggregator", "aggregators"),
    "source": ("preceptor.datasets.source", "sources"),
    "step": ("preceptor.datasets.step", "steps"),
    "check": ("preceptor.datasets.check", "checks"),
    "exporter": ("preceptor.datasets.exporter", "exporters"),
    "publisher": ("preceptor.datasets.publisher", "publishers"),
    "run_format": ("preceptor.evals.run_format", "run_formats"),
    "run_exporter": ("preceptor.evals.run_exporter", "run_exporters"),
    "suite_format": ("preceptor.evals.suite_format", "suite_formats"),
    "verdict_format": ("preceptor.gates.verdict_format", "verdict_formats"),
    "criterion": ("preceptor.gates.criterion", "criteria"),
}


@click.command()
@click.argument("kind", type=click.Choice(sorted(REGISTRIES)))
@json_option
def command(kind: str, as_json: bool) -> None:
    """List the plugins of a KIND: name, what it does, settings."""
    module, name = REGISTRIES[kind]
    registry: Registry[object] = getattr(importlib.import_module(module), name)
    rows = list(registry.describe())
    if as_json:
        print_json([{"name": row[0], "summary": row[1], "settings": row[2]} for row in rows])
        return
    print_table(["name", "what it does", "settings"], [(row[0], row[1], ", ".join(row[2])) for row in rows])
