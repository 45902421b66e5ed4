"""Preceptor: from production traces to a release verdict, on one audit trail."""

from __future__ import annotations

__version__ = "0.1.0"
