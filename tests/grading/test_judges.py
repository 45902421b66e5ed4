"""The models behind the graders that ask one."""

from __future__ import annotations

from preceptor.core.construct import Problems
from preceptor.grading.build import build_graders
from preceptor.grading.judges import open_judges
from preceptor.models.provider import Resources


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
