"""Human scores of answers and calibration records of judges in the database."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Integer, String, Table, Text

from preceptor.storage.database import JsonText, metadata

human_scores = Table(
    "human_scores",
    metadata,
    Column("run_id", String(100), ForeignKey("eval_runs.id"), primary_key=True),
    Column("case_id", String(200), primary_key=True),
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("metric", String(200), primary_key=True),
    Column("annotator", String(200), primary_key=True),
    Column("value", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", String(40), nullable=False),
)

judge_calibrations = Table(
    "judge_calibrations",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("judge", String(64), nullable=False, index=True),
    Column("metric", String(200), nullable=False),
    Column("record", JsonText, nullable=False),
    Column("made_at", String(40), nullable=False),
)
