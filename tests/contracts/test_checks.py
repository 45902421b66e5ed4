"""What every data check promises, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, is_dataclass, replace
from typing import get_args

import pyarrow as pa
import pytest

from preceptor.core.ids import canonical_json
from preceptor.datasets.batch import Batch, iter_batches
from preceptor.datasets.check import CheckContext, Conclusion, Mender, RecordCheck, SetCheck, checks
from preceptor.datasets.record import make_record, with_own_id
from preceptor.datasets.run_checks import GatheredHere, conclude_check, find_in
from preceptor.datasets.types import Fix, Media, RankedAnswer, Record, SpanLabel, Step
from preceptor.models.types import Message, ToolCall

HOSTILE = (
    "",
    " ",
    "\x00",
    "a" * 10_000,
    "word " * 5_000,
    "👍 \u202e \u200b",
    "<script>",
    "ada@example.org",
    "'; DROP TABLE",
    "</s><|im_start|>system [INST]",
    "As an AI language model, I'm sorry, but I can't help with that.",
)
CONTEXTS = (
    CheckContext(),
    CheckContext(
        eval_texts={f"case {place}": text for place, text in enumerate(HOSTILE)},
        before={"kind": {"sft": 9_000}, "source": {}},
        production={"metadata.intent": {"": 5, "x": 0}},
    ),
)


def make_records() -> list[Record]:
    records = [make_record("sft", ()), make_record("preference", ()), make_record("sft", ())]
    for text in HOSTILE:
        turns = (Message(role="user", content=text), Message(role="assistant", content=text))
        records += [
            replace(make_record("sft", turns), split="train", group=text),
            replace(
                make_record("sft", turns[::-1]), split="test", group=text, metadata={"label": text, "intent": [text]}
            ),
            make_record("preference", turns[:1], text, text),
            *other_kinds(text[:300]),
        ]
    return records


def other_kinds(text: str) -> list[Record]:
    """Records of every other kind that hold a text wherever one can stand, some of them wrong."""
    prompt = (Message(role="user", content=text),)
    call = ToolCall(id=text, name=text, arguments=text)
    made = [
        Record(id="", kind="ranking", messages=prompt, ranked=(RankedAnswer(text=text, rank=1), RankedAnswer(text="b", rank=-1))),
        Record(id="", kind="ranking", messages=prompt),
        Record(id="", kind="binary", messages=prompt, completion=text, is_good=True, licence=text, language=text),
        Record(id="", kind="scored", messages=prompt, completion=text, score=-1.5, generator=text),
        Record(id="", kind="scored", messages=prompt),
        Record(id="", kind="steps", messages=prompt, steps=(Step(text=text), Step(text=text, is_good=False))),
        Record(id="", kind="spans", messages=prompt, spans=(SpanLabel(message=7, start=-1, end=10**9, label=text),)),
        Record(
            id="",
            kind="sft",
            messages=(*prompt, Message(role="assistant", content="", tool_calls=(call, call)), Message(role="tool", content=text)),
            tools=({"function": {"name": text, "parameters": {"type": text}}}, {"name": 5}, {}),
            media=(Media(message=9, at=-1, kind="image", sha256=text),),
        ),
    ]  # fmt: skip
    return [with_own_id(record) for record in made]


@dataclass(frozen=True)
class SmallParts:
    """What a check gathered, as an executor may give it back: in many small tables."""

    whole: GatheredHere

    @property
    def num_records(self) -> int:
        return self.whole.num_records

    def parts(self, by: str | None = None) -> Iterator[pa.Table]:
        for table in self.whole.parts():
            if by is None:
                yield from (table.slice(start, 5) for start in range(0, table.num_rows, 5))
                continue
            remainders = pa.array([value % 3 for value in table.column(by).to_pylist()], pa.uint64())
            for remainder in range(3):
                part = table.filter(pa.compute.equal(remainders, pa.scalar(remainder, pa.uint64())))
                if part.num_rows:
                    yield part.take(pa.compute.sort_indices(part.column("ordinal")))

    def batches(self, ordinals: Sequence[int] | None = None) -> Iterator[Batch]:
        return self.whole.batches(ordinals)


def in_small_parts(check: SetCheck, records: Sequence[Record], context: CheckContext) -> Conclusion:
    batches = list(iter_batches(records, 11))
    gathered = GatheredHere(batches, [check.gather(batch, context) for batch in batches])
    found = check.conclude(SmallParts(gathered), context)
    return found._replace(findings=sorted(found.findings, key=place))


def place(finding):
    return (-1 if finding.index is None else finding.index, finding.record_id, finding.reason)


@pytest.fixture(params=checks.names())
def check(request):
    made = checks.create(request.param)
    missing = made.missing(CONTEXTS[1])
    if missing is not None:
        pytest.skip(f"{request.param}: {missing}")
    return made


@pytest.fixture(scope="module")
def records():
    return make_records()


def test_a_check_is_a_frozen_dataclass_with_a_version_and_a_docstring(check):
    assert is_dataclass(check)
    assert type(check).__dataclass_params__.frozen
    assert check.version >= 1
    assert ">>>" in (type(check).__doc__ or "")


def test_a_check_judges_records_alone_or_the_set_and_says_how_it_is_fixed(check):
    assert isinstance(check, RecordCheck) != isinstance(check, SetCheck)
    assert check.fix in get_args(Fix)
    assert isinstance(check, Mender) == (check.fix == "mend")


def test_no_records_have_no_findings(check):
    assert find_in(check, [], CheckContext(eval_texts={"a": "text"})) == []


@pytest.mark.parametrize("context", CONTEXTS, ids=["nothing", "everything"])
def test_hostile_records_are_judged_not_stumbled_over(check, context, records):
    """At most one finding a record, in their order, with the record's id and a reason; all is JSON."""
    conclusion = conclude_check(check, list(iter_batches(records)), context)
    findings = list(conclusion.findings)
    indexes = [finding.index for finding in findings if finding.record_id]
    assert indexes == sorted(set(indexes))
    for finding in findings:
        assert finding.reason
        canonical_json(finding.evidence)
        if finding.record_id:
            assert records[finding.index].id == finding.record_id
        else:
            assert finding.index is None
    canonical_json(conclusion.figures)


def test_the_same_records_give_the_same_findings(check, records):
    assert find_in(check, make_records(), CONTEXTS[1]) == find_in(check, records, CONTEXTS[1])


def test_findings_do_not_depend_on_how_records_are_cut_into_batches(check, records):
    whole = conclude_check(check, list(iter_batches(records)), CONTEXTS[1])
    if isinstance(check, RecordCheck):
        cut = conclude_check(check, list(iter_batches(records, 11)), CONTEXTS[1])
    else:
        cut = in_small_parts(check, records, CONTEXTS[1])
    assert sorted(cut.findings, key=place) == sorted(whole.findings, key=place)
    assert canonical_json(cut.figures) == canonical_json(whole.figures)
    assert cut.reason == whole.reason


@pytest.mark.parametrize("name", [name for name in checks.names() if checks.get(name).fix == "mend"])
def test_a_mended_record_is_no_longer_found(name, records):
    check, mended = checks.create(name), list(records)
    for finding in find_in(check, records, CONTEXTS[1]):
        if finding.index is not None:
            mended[finding.index] = check.mend(records[finding.index], finding)
    assert [finding for finding in find_in(check, mended, CONTEXTS[1]) if finding.index is not None] == []


def test_what_is_missing_is_a_sentence_or_none(check):
    missing = check.missing(CheckContext())
    assert missing is None or missing
