"""What every verdict format promises, tried on each that is registered."""

from __future__ import annotations

import dataclasses

import pytest

from preceptor.gates.report_types import VerdictView
from preceptor.gates.types import CriterionResult, Verdict
from preceptor.gates.verdict_format import verdict_formats

DECISIONS = ("pass", "fail", "inconclusive")
TEXTS = ("", "\x00\x1b[31m\ud800\ufffe\u202e", "a\r\n::error::b\n", "]]><x/>&amp;", "%0A|`@team", "x" * 100_000)


@pytest.fixture(params=verdict_formats.names())
def verdict_format(request):
    return verdict_formats.create(request.param)


def _view(text: str, decision: str) -> VerdictView:
    result = CriterionResult(
        kind="threshold", verdict=decision, value=None, interval=None, n=0, required_n=None, reason=text, name=text
    )
    verdict = Verdict(verdict=decision, criteria=(result,), policy_hash="0" * 64, policy_name=text, notes=(text,))
    return VerdictView(verdict=verdict, baseline=text, candidate=text)


def test_it_is_a_frozen_dataclass_with_a_version_and_a_docstring(verdict_format):
    cls = type(verdict_format)
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen
    assert cls.version >= 1
    assert ">>>" in (cls.__doc__ or "")


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_is_written_and_can_be_encoded(verdict_format, text, decision):
    written = verdict_format.render(_view(text, decision))
    assert written.endswith("\n")
    assert not set("\x00\x1b\u202e") & set(written)
    written.encode("utf-8")


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_same_view_gives_the_same_text(verdict_format, decision):
    view = _view("text", decision)
    assert verdict_format.render(view) == verdict_format.render(view)


def test_a_verdict_without_criteria_is_told_too(verdict_format):
    verdict = Verdict(verdict="inconclusive", criteria=(), policy_hash="0" * 64, reason="the runs cannot be compared")
    assert "the runs cannot be compared" in verdict_format.render(VerdictView(verdict=verdict))
