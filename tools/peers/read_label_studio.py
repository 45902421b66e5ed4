"""Check exported tasks against their labelling configuration with Label Studio's SDK; print, as JSON, what it says."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from label_studio_sdk.label_interface import LabelInterface


def main() -> int:
    """Print how many tasks and predictions are valid, and every complaint."""
    path = Path(sys.argv[1])
    interface = LabelInterface(path.with_name(f"{path.name}.label-config.xml").read_text("utf-8"))
    interface.validate()
    tasks, complaints, valid = json.loads(path.read_text("utf-8")), [], 0
    for task in tasks:
        if not interface.validate_task({"data": task["data"]}):
            complaints.append(f"task {task['data']['record_id']}")
        for prediction in task.get("predictions", []):
            found = interface.validate_prediction(prediction, return_errors=True)
            complaints += found
            valid += not found
    print(json.dumps({"tasks": len(tasks), "valid": valid, "complaints": complaints}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
