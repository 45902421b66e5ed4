"""Read an exported file with Argilla's own reader and print, as JSON, what it makes of the records."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import argilla


def main() -> int:
    """Print each record as Argilla writes it back, and as it would send it to a server."""
    records = [argilla.Record.from_dict(row) for row in json.loads(Path(sys.argv[1]).read_text("utf-8"))]
    print(
        json.dumps(
            [{**record.to_dict(), "sent": [one.serialize() for one in record.suggestions]} for record in records],
            default=str,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
