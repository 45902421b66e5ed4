"""The models behind the graders that ask one."""

from __future__ import annotations

import pytest

from preceptor.core.construct import Problems
from preceptor.core.errors import NotAllowedError
from preceptor.grading.build import build_graders
from preceptor.grading.grade import grade_all
from preceptor.grading.judges import open_judges
from preceptor.grading.types import Sample
from preceptor.models.provider import Resources
from preceptor.models.spend import Budget


async def test_each_metric_gets_its_judge_and_equal_settings_share_one(tmp_path):
    (tmp_path / "log.jsonl").write_text("")
    judge = {"kind": "replay", "path": "log.jsonl"}
    entries = {
        "polite": {"kind": "llm_judge", "instructions": "Polite?", "provider": judge},
        "short": {"kind": "llm_judge", "instructions": "Short?", "provider": judge},
        "true": {"kind": "llm_judge", "instructions": "True?", "provider": {**judge, "model": "other"}},
        "word": {"kind": "contains", "values": ["x"]},
    }
    problems = Problems("")
    graders = build_graders(entries, problems)
    assert problems.texts() == []
    resources = Resources(secret=lambda _: None, cache_folder=tmp_path, folder=tmp_path)
    async with open_judges(graders, resources) as judges:
        assert list(judges) == ["polite", "short", "true"]
        assert judges["polite"] is judges["short"]
        assert judges["true"] is not judges["polite"]


async def test_one_budget_is_held_over_all_judges(tmp_path):
    (tmp_path / "log.jsonl").write_text("")
    entry = {"kind": "llm_judge", "instructions": "Polite?", "provider": {"kind": "replay", "path": "log.jsonl"}}
    graders = build_graders({"polite": entry}, Problems(""))
    resources = Resources(secret=lambda _: None, cache_folder=tmp_path, folder=tmp_path)
    async with open_judges(graders, resources, budget=Budget(max_tokens=0)) as judges:
        with pytest.raises(NotAllowedError, match="budget"):
            await grade_all(Sample(output="hi"), graders, judges)
