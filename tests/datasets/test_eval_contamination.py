"""What a finding about an eval case tells: the case, its share, and where it stands in the record."""

from __future__ import annotations

import json

from preceptor.datasets.batch import make_batch
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.eval_contamination import EvalContamination
from preceptor.datasets.record import make_record
from preceptor.datasets.run_checks import find_in
from preceptor.models.types import Message, ToolCall

ROBE = "A robe takes 2 bolts of blue fiber and half that much white fiber. How many bolts in total does it take?"
CONTEXT = CheckContext(eval_texts={"robe": ROBE})


def cut(record, place):
    fields = {f"messages[{number}].content": message.content for number, message in enumerate(record.messages)}
    fields |= {"messages[1].tool_calls[0].arguments": record.messages[1].tool_calls[0].arguments}
    return fields[place["field"]][place["start"] : place["end"]]


def test_the_evidence_cuts_the_case_out_of_each_field_as_written():
    """In two turns and in the arguments of a tool call; dashes and capitals are the record's own."""
    shouted = ROBE.upper().replace(" BOLTS OF", "–bolts of")
    call = ToolCall(id="1", name="ask", arguments=json.dumps({"question": ROBE}))
    turns = (
        Message(role="user", content=f"Ünderstood – {shouted} Thanks"),
        Message(role="assistant", content="", tool_calls=(call,)),
        Message(role="tool", content="no case here", tool_call_id="1"),
        Message(role="assistant", content=f"{ROBE}"),
    )
    record = make_record("sft", turns)
    (finding,) = find_in(EvalContamination(), [record], CONTEXT)
    places = finding.evidence["places"]
    assert [place["field"] for place in places] == [
        "messages[0].content",
        "messages[1].tool_calls[0].arguments",
        "messages[3].content",
    ]
    assert [cut(record, place) for place in places] == [shouted[:-1], ROBE[:-1], ROBE[:-1]]


def test_runs_that_stand_apart_are_places_of_their_own(sft):
    first, second = " ".join(ROBE.split()[:10]), " ".join(ROBE.split()[-9:])
    (finding,) = find_in(EvalContamination(), [sft(f"{first}, that is all. {second}", "?")], CONTEXT)
    assert [place["start"] for place in finding.evidence["places"]] == [0, len(first) + len(", that is all. ")]


def test_a_finding_carries_the_ordinal_of_its_record_not_its_row(sft):
    batch = make_batch([sft("hi", "there"), sft(ROBE, "3")], [70, 71])
    (finding,) = EvalContamination().find(batch, CONTEXT)
    assert (finding.index, finding.record_id) == (71, batch.ids[1])
