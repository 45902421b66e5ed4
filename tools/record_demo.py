"""Record what the model answered in a finished `preceptor demo`, so that the loop can be shown without the runtime.

`python tools/record_demo.py preceptor-demo` writes `recordings/` of the template. Run it after each change of
prompts, targets, labels or wanted answers: a request that was not recorded is an error, never a guess.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from preceptor.core.ids import canonical_json
from preceptor.core.rows import read_rows
from preceptor.models.chat_body import chat_body
from preceptor.models.production_log import answer_row
from preceptor.models.target import Target, request_for
from preceptor.models.types import Completion
from preceptor.workspace import Workspace

TEMPLATE = Path(__file__).parent.parent / "src" / "preceptor" / "templates" / "support_desk"
MODEL = "smollm2-135m"
EPOCH = datetime(2026, 11, 24, tzinfo=UTC)


def main(folder: Path) -> None:
    """Write one recording a target: production and suite answers of the baseline, suite answers of the candidate."""
    recordings: dict[str, list[dict[str, object]]] = {"baseline": [], "candidate": []}
    for row in read_rows(folder / "logs" / "production.jsonl"):
        item = row.value["metadata"]["item"]
        recordings["baseline"].append({**row.value, "metadata": {"item": item}})
    with Workspace.open(folder) as workspace:
        for run in workspace.evals.list_page().items:
            _, samples = workspace.evals.get(run.id)
            target = msgspec.convert(run.settings["target"], Target)
            cases = {case.id: case for case in workspace.definitions.suite(run.suite).cases}
            for sample in samples:
                request = chat_body(MODEL, request_for(target, cases[sample.case_id].messages))
                answered = Completion(text=sample.output or "", model=MODEL, usage=sample.usage)
                recordings[run.target].append(answer_row(request, {"item": sample.case_id}, answered, EPOCH))
    for name, rows in recordings.items():
        path = TEMPLATE / "recordings" / f"{name}.jsonl"
        path.parent.mkdir(exist_ok=True)
        lines = (json.dumps(json.loads(canonical_json(row)), ensure_ascii=False, sort_keys=True) for row in rows)
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        print(f"{path}: {len(rows)} answers")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
