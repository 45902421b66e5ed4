"""Sample files of OpenAI's evals: rows with `input` and `ideal`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from preceptor.core.errors import InputError
from preceptor.core.ids import content_id
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.rows import text_of
from preceptor.evals.foreign_files import iter_foreign_lines
from preceptor.evals.foreign_values import first_bytes, messages_of
from preceptor.evals.suite_format import ForeignSuite
from preceptor.evals.types import EvalCase, Suite

LARGE_FILE_POINTER = b"version https://git-lfs"
ASSERTED = {"match": "starts-with", "includes": "contains-any", "exact": "equals"}


@dataclass(frozen=True, kw_only=True)
class OpenaiEvals:
    """A case a row; the answer must start with one of the ideal ones, as `evals.elsuite.basic.match` asks.

    `scoring` is `match`, `includes` (it stands anywhere) or `exact`. A case's id comes from its input.
    """

    version: ClassVar[int] = 1
    scoring: Literal["match", "includes", "exact"] = "match"

    def recognises(self, path: Path) -> bool:
        """The first row has an input and an ideal answer; or the file is a pointer to one that was not fetched."""
        start = first_bytes(path, 1 << 16)
        is_pointer = start.startswith(LARGE_FILE_POINTER) and path.suffix == ".jsonl"
        first = start.split(b"\n", 1)[0]
        return is_pointer or (first.lstrip().startswith(b"{") and b'"input"' in first and b'"ideal"' in first)

    def read(self, path: Path) -> tuple[ForeignSuite, ...]:
        """The one suite of the file, named after it or its folder."""
        if first_bytes(path).startswith(LARGE_FILE_POINTER):
            raise InputError(f"{path}: a Git-LFS pointer, not the data; fetch it with `git lfs pull`")
        cases: dict[str, EvalCase] = {}
        for place, row in iter_foreign_lines(path):
            if "input" not in row:
                raise InputError(f"{place}: no 'input'; is it a samples file?")
            name = content_id("sample", row["input"])
            if name in cases:
                continue
            cases[name] = EvalCase(
                id=name,
                messages=messages_of(row["input"]),
                target=row.get("ideal"),
                metadata=self._asserted(row.get("ideal"), place),
            )
        if not cases:
            raise InputError(f"{path}: no rows in it")
        name = path.parent.name if path.stem == "samples" else path.stem
        graders: dict[str, JsonObject] = {"correct": {"kind": "assertions"}}
        return (ForeignSuite(suite=Suite(name=name, cases=tuple(cases.values()), graders=graders, primary="correct")),)

    def _asserted(self, ideal: JsonValue, place: str) -> JsonObject:
        wanted = [text_of(item) for item in (ideal if isinstance(ideal, list) else [ideal])]
        if ideal is None or not all(wanted):
            raise InputError(f"{place}: no 'ideal' answer; other kinds of eval have samples that no rule can score")
        if self.scoring == "exact" and len(wanted) > 1:
            raise InputError(f"{place}: several ideal answers; name scoring: match or includes")
        value: JsonValue = wanted[0] if self.scoring == "exact" else [*wanted]
        return {"assertions": [{"type": ASSERTED[self.scoring], "value": value}]}
