"""Each check finds what it is for and nothing else."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.eval_contamination import EvalContamination
from preceptor.datasets.checks.exact_duplicate import ExactDuplicate
from preceptor.datasets.checks.personal_data import PersonalData
from preceptor.datasets.checks.schema import Schema
from preceptor.datasets.checks.split_leakage import SplitLeakage
from preceptor.datasets.record import make_record
from preceptor.datasets.run_checks import CheckEntry, find_in, run_checks
from preceptor.models.types import Message

NOTHING = CheckContext(eval_texts={})
ROBE = "A robe takes 2 bolts of blue fiber and half that much white fiber. How many bolts in total does it take?"


def turns(*roles: str) -> tuple[Message, ...]:
    return tuple(Message(role=role, content=f"{role} {place}") for place, role in enumerate(roles))


@pytest.mark.parametrize(
    "roles",
    [
        ("user", "assistant"),
        ("system", "user", "assistant", "user", "assistant"),
        ("user", "assistant", "tool", "tool", "assistant"),
        ("assistant",),
    ],
)
def test_schema_accepts_conversations_that_end_with_an_answer(roles):
    assert find_in(Schema(), [make_record("sft", turns(*roles))], NOTHING) == []


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ((), "there are no messages"),
        (("user",), "the last turn is the user’s"),
        (("robot", "assistant"), "unknown role 'robot'"),
        (("assistant", "user", "assistant"), "opens the conversation"),
        (("user", "user", "assistant"), r"messages\[1\], of the user, follows a turn of the user"),
        (("user", "assistant", "assistant"), "follows a turn of the assistant"),
        (("user", "system", "assistant"), "a system turn that is not the first"),
        (("user", "tool", "assistant"), "of the tool, follows a turn of the user"),
    ],
)
def test_schema_names_what_is_wrong_with_the_turns(roles, said):
    (finding,) = find_in(Schema(), [make_record("sft", turns(*roles))], NOTHING)
    assert finding.index == 0
    assert re.search(said, finding.reason)


def test_schema_names_empty_and_equal_answers(preference):
    records = [preference("a", "Yes. ", "yes."), preference("a", " ", "no"), preference("a", "yes", "no")]
    found = find_in(Schema(), records, NOTHING)
    assert [finding.reason for finding in found] == [
        "the chosen and the rejected answer say the same",
        "the chosen answer is empty",
    ]


def test_schema_tells_all_faults_of_a_record_at_once(sft):
    (finding,) = find_in(Schema(max_characters=5), [sft(" ", "a long answer")], NOTHING)
    assert finding.reason == "14 characters, at most 5 are allowed; messages[0] is empty"


def test_schema_bounds_the_number_of_messages():
    record = make_record("sft", turns(*["user", "assistant"] * 3))
    (finding,) = find_in(Schema(max_messages=5), [record], NOTHING)
    assert finding.reason == "6 messages, at most 5 are allowed"


def test_a_copy_is_found_and_the_first_is_kept(sft):
    records = [sft("Hi", "Hello"), sft("Bye", "So long"), sft(" hi\n", "HELLO"), sft("Hi", "Hello")]
    found = find_in(ExactDuplicate(), records, NOTHING)
    assert [finding.index for finding in found] == [2, 3]
    assert {finding.evidence["kept"] for finding in found} == {records[0].id}


def test_swapped_preferences_and_other_kinds_are_no_copies(preference, sft):
    records = [preference("a", "b", "c"), preference("a", "c", "b"), sft("a", "b")]
    assert find_in(ExactDuplicate(), records, NOTHING) == []


def test_a_group_in_two_splits_leaks(sft):
    records = [
        sft("a", "1", group="g", split="train"),
        sft("b", "2", group="g", split="train"),
        sft("c", "3", group="g", split="test"),
        sft("d", "4", group="h", split="test"),
    ]
    (finding,) = find_in(SplitLeakage(), records, NOTHING)
    assert finding.index == 2
    assert finding.evidence == {"shared": "group", "record": records[0].id, "splits": ["train", "test"]}


def test_a_prompt_in_two_splits_leaks_whatever_the_answer_and_the_kind(sft, preference):
    records = [
        sft("Where is it?", "1", split="train"),
        preference(" where IS it?", "2", "3", split="validation"),
        sft("Where was it?", "1", split="test"),
    ]
    (finding,) = find_in(SplitLeakage(), records, NOTHING)
    assert finding.index == 1
    assert finding.reason == "its prompt stands in train and in validation"


def test_leakage_cannot_be_checked_without_splits(sft):
    (result,) = run_checks([sft("a", "b")], [CheckEntry(kind="split_leakage")], NOTHING)
    assert (result.num_checked, result.reason) == (0, "no record has a split")


def contaminated(records, cases, **settings):
    return find_in(EvalContamination(**settings), records, CheckContext(eval_texts=cases))


def test_an_eval_case_hidden_in_prose_is_found_in_any_field(sft, preference):
    hidden = f"Thanks for writing! You asked: {ROBE} Let me think about that for a while."
    records = [sft(hidden, "3"), sft("hi", hidden), preference("a", "b", hidden), sft("what?", "nothing")]
    found = contaminated(records, {"robe": ROBE})
    assert [finding.index for finding in found] == [0, 1, 2]
    assert all(finding.evidence["case_id"] == "robe" for finding in found)
    assert all(finding.evidence["containment"] == pytest.approx(1) for finding in found)
    assert found[0].evidence["quote"] == "a robe takes 2 bolts of blue fiber"


def test_containment_is_the_share_of_the_case_that_stands_in_the_record(sft):
    """22 words have 15 runs of 8; the first 11 words hold 4 of them: 4 / 15."""
    first_words = " ".join(ROBE.split()[:11])
    (finding,) = contaminated([sft(first_words, "?")], {"robe": ROBE})
    assert len(ROBE.split()) == 22
    assert finding.evidence["containment"] == pytest.approx(4 / 15, abs=1e-4)
    assert contaminated([sft(first_words, "?")], {"robe": ROBE}, min_containment=0.3) == []


def test_a_phrase_that_opens_every_case_is_no_contamination(sft):
    opening = "You are given a customer request, answer it in strict JSON please:"
    topics = ["refund", "login", "address", "invoice", "parcel", "password", "plan", "seat", "tax", "voucher"]
    cases = {topic: f"{opening} {topic}" for topic in topics}
    assert contaminated([sft(f"{opening} something else", "ok")], cases) == []


def test_a_case_that_is_all_boilerplate_is_compared_whole(sft):
    opening = "You are given a customer request, answer it in strict JSON please"
    cases = {f"case_{number}": opening for number in range(10)}
    (finding,) = contaminated([sft(opening.upper(), "ok"), sft(f"{opening} now", "ok")], cases)
    assert finding.index == 0
    assert finding.evidence["num_cases"] == 10


def test_a_short_case_is_found_only_as_a_whole_turn(sft):
    records = [sft("Where is my order?", "here"), sft("Tell me, where is my order?", "here")]
    (finding,) = contaminated(records, {"order": "where is my order"})
    assert finding.index == 0


def test_every_case_in_a_record_is_named(sft):
    other = "Josh decides to try flipping a house and buys one for eighty thousand dollars in cash"
    (finding,) = contaminated([sft(f"{ROBE} {other}", "?")], {"b": ROBE, "a": other})
    assert (finding.evidence["case_id"], finding.evidence["other_cases"]) == ("a", ["b"])


def test_chinese_cases_are_compared_by_characters(sft):
    case = "一件长袍需要两匹蓝色纤维和一半的白色纤维"
    (finding,) = contaminated([sft(f"请问{case}。谢谢", "三")], {"robe": case})
    assert finding.evidence["containment"] == pytest.approx(1)


def test_contamination_cannot_be_checked_without_cases(sft):
    assert "no eval cases" in (EvalContamination().missing(NOTHING) or "")


@pytest.mark.parametrize(
    "settings", [{"num_words": 0}, {"min_containment": 0}, {"min_containment": 1.5}, {"boilerplate_share": 0}]
)
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(InputError, match=next(iter(settings))):
        EvalContamination(**settings)


@pytest.mark.shared_data
def test_all_of_20_planted_gsm8k_questions_are_found(shared_data, sft):
    """And none of 60 questions that only look alike: they stand in the same test set, but not in the eval set."""
    lines = (shared_data / "gsm8k" / "test.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    cases = {f"gsm8k_{number}": text for number, text in enumerate(questions[:1000])}
    planted = [
        sft(f"A user wrote last week. {questions[number]} Please answer kindly.", "Sure.")
        for number in range(0, 1000, 50)
    ]
    own = [sft(text, "Sure.") for text in questions[1000:1060]]
    found = contaminated([*own, *planted], cases)
    by_index = {finding.index: finding.evidence["case_id"] for finding in found}
    assert {by_index.get(60 + place) for place in range(20)} == {f"gsm8k_{number}" for number in range(0, 1000, 50)}
    assert len(found) == 20


@pytest.mark.shared_data
def test_half_a_question_is_found_and_other_questions_are_not(shared_data, sft):
    """The figures that the docstring gives for the settings: simulated on all of GSM8K's test questions."""
    lines = (shared_data / "gsm8k" / "test.jsonl").read_text(encoding="utf-8").splitlines()
    cases = {f"gsm8k_{number}": json.loads(line)["question"] for number, line in enumerate(lines)}
    halves = [sft(" ".join(text.split()[: len(text.split()) // 2]), "Sure.") for text in cases.values()]
    assert len(contaminated(halves, cases)) >= 0.985 * len(halves)
    assert contaminated(halves, cases, num_words=13, min_containment=0.5) == []
    odd = dict(itertools.islice(cases.items(), 1, None, 2))
    even = [sft(text, "Sure.") for text in itertools.islice(cases.values(), 0, None, 2)]
    assert len(contaminated(even, odd)) <= 1


@pytest.mark.shared_data
def test_rephrased_cases_mostly_escape(shared_data, sft):
    """What the docstring warns of, on LMSYS's rephrasings of HumanEval: under a twentieth is found, the originals all are."""
    folder = shared_data / "llm_decontaminator"
    originals = (folder / "test" / "HumanEval.jsonl").read_text(encoding="utf-8").splitlines()
    cases = {f"case_{place}": json.loads(line)["text"] for place, line in enumerate(originals)}
    rows = (folder / "rephrase" / "humaneval_python.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(row)["text"] for row in rows]
    rephrased = [sft("Write a program.", text) for text in texts if text]
    verbatim = [sft("Write a program.", text) for text in cases.values()]
    assert len(contaminated(verbatim, cases)) == len(cases)
    assert len(contaminated(rephrased, cases)) < len(rephrased) / 20


def test_personal_data_is_found_in_every_text_and_never_quoted(sft, preference):
    address = "ada.lovelace@example.org"
    records = [
        sft(f"I am {address}", "ok"),
        preference("a", f"mail {address}", "b"),
        sft("a", "b", rationale=f"asked {address}"),
        sft("nothing", "here"),
    ]
    found = find_in(PersonalData(), records, NOTHING)
    places = [finding.evidence["places"][0] for finding in found]
    assert [finding.index for finding in found] == [0, 1, 2]
    assert [place["field"] for place in places] == ["messages[0].content", "chosen", "rationale"]
    assert (places[0]["start"], places[0]["end"]) == (5, 5 + len(address))
    assert "lovelace" not in repr(found)


def test_allowed_types_of_personal_data_pass(sft):
    (finding,) = find_in(PersonalData(), [sft("ada@example.org", "ok")], NOTHING)
    allowed = (finding.evidence["places"][0]["type"],)
    assert find_in(PersonalData(allow=allowed), [sft("ada@example.org", "ok")], NOTHING) == []


def test_ten_thousand_records_are_compared_in_one_pass(sft):
    """Compared one by one, their 50 million pairs would take minutes; this takes two seconds."""
    words = ["order", "refund", "parcel", "login", "plan", "seat", "tax", "voucher", "late", "broken"]
    texts = [" ".join(choice) for choice in itertools.islice(itertools.permutations(words, 9), 10_000)]
    records = [replace(sft(text, "ok"), split="train") for text in texts]
    context = CheckContext(eval_texts={f"case_{place}": text for place, text in enumerate(texts[:100])})
    assert len(find_in(EvalContamination(), records, context)) >= 100
    assert find_in(ExactDuplicate(), records, context) == []
