"""What is to be committed of each batch: records with their part in the order of ids, and what is known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import pyarrow as pa

from preceptor.datasets.batch import Batch
from preceptor.datasets.changed_batch import filtered, with_changed
from preceptor.datasets.executor import Output
from preceptor.datasets.removal import Removal, without
from preceptor.datasets.sorted_shards import PLACED, Bounds, with_part
from preceptor.datasets.step import SourceRanges
from preceptor.datasets.steps.split import with_split
from preceptor.datasets.types import SplitName

FACTS = "facts"
WITHDRAWN = "withdrawn"
USUAL_SPLIT: SplitName = "train"
_NO_LIST = msgspec.Raw(b"[]")
_FACT_COLUMNS = ("kind", "split", "source", "has_tools", "has_margin", "num_records")


class _Turn(msgspec.Struct, gc=False):
    """What of a turn asks for columns of its own."""

    name: str | None
    tool_call_id: str | None
    tool_calls: msgspec.Raw


class _Fact(msgspec.Struct, gc=False):
    """What must be known of a record before the first one is written: a tenth of decoding all of it."""

    kind: str
    split: SplitName | None
    margin: float | None
    tools: msgspec.Raw
    messages: tuple[_Turn, ...]

    @property
    def uses_tools(self) -> bool:
        """True when a turn has a name, tool calls or a tool result, or the record names tools."""
        if self.tools != _NO_LIST:
            return True
        return any(
            turn.name is not None or turn.tool_call_id is not None or turn.tool_calls != _NO_LIST
            for turn in self.messages
        )


_DECODER = msgspec.json.Decoder(_Fact)


@dataclass(frozen=True, kw_only=True)
class PlaceRecords:
    """Gives the records that stay, without the withdrawn ones: their rows, and how many there are of what.

    A record is withdrawn by its id now, or by its place: a step may have given it another id.
    The facts are rows of kind, split, place of the source, whether tools or margins are used, and a count.
    """

    removals: tuple[Removal, ...]
    withdrawn: frozenset[str]
    withdrawn_ordinals: frozenset[int]
    bounds: Bounds
    sources: SourceRanges

    def __call__(self, rows: pa.RecordBatch) -> Iterator[Output]:
        """The outputs of one batch."""
        batch = Batch(without(rows, self.removals))
        is_gone = [
            number in self.withdrawn or ordinal in self.withdrawn_ordinals
            for number, ordinal in zip(batch.ids, batch.ordinals, strict=True)
        ]
        if any(is_gone):
            gone = [number for number, is_one in zip(batch.ids, is_gone, strict=True) if is_one]
            yield Output(WITHDRAWN, pa.record_batch({"id": pa.array(gone, pa.string())}))
            batch = filtered(batch, [not is_one for is_one in is_gone])
        if len(batch):
            facts = [_DECODER.decode(record.as_buffer()) for record in batch.table.column("record")]
            yield Output(FACTS, self._count(batch, facts))
            homeless = [row for row, fact in enumerate(facts) if fact.split is None]
            if homeless:
                placed = {row: with_split(batch.records[row], USUAL_SPLIT) for row in homeless}
                batch = with_changed(batch, placed, same_texts=True)
            yield Output(PLACED, with_part(batch.table, "id", self.bounds))

    def _count(self, batch: Batch, facts: list[_Fact]) -> pa.RecordBatch:
        places = self.sources.places(batch.ordinals).tolist()
        counts = Counter(
            (fact.kind, fact.split or USUAL_SPLIT, place, fact.uses_tools, fact.margin is not None)
            for place, fact in zip(places, facts, strict=True)
        )
        rows = [(*fact, count) for fact, count in sorted(counts.items())]
        return pa.record_batch(list(map(pa.array, zip(*rows, strict=True))), names=list(_FACT_COLUMNS))
