"""Eval runs and the journal of their samples in the database."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Integer, String, Table, Text

from preceptor.storage.database import JsonText, metadata

eval_runs = Table(
    "eval_runs",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("suite", String(200), nullable=False),
    Column("target", String(200), nullable=False),
    Column("identity", JsonText, nullable=False),
    Column("primary_metric", String(100), nullable=False),
    Column("num_cases", Integer, nullable=False),
    Column("started_at", String(40), nullable=False),
    Column("finished_at", String(40)),
    Column("settings", JsonText, nullable=False),
)

eval_samples = Table(
    "eval_samples",
    metadata,
    Column("run_id", String(100), ForeignKey("eval_runs.id"), primary_key=True),
    Column("case_id", String(200), primary_key=True),
    Column("status", String(20), nullable=False),
    Column("output", Text),
    Column("scores", JsonText, nullable=False),
    Column("error", Text, nullable=False),
    Column("usage", JsonText, nullable=False),
    Column("latency_seconds", Float),
)
