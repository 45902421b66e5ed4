"""The check finds personal data wherever a record may hold it, and its fix leaves none."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.check import CheckContext, checks
from preceptor.datasets.checks.personal_data import PersonalData
from preceptor.datasets.record import make_record, record_id
from preceptor.datasets.run_checks import find_in
from preceptor.datasets.types import Media, RankedAnswer, Record, SpanLabel, Step
from preceptor.models.types import Message, ToolCall

MAIL = "maria.lopez@example.org"


def record() -> Record:
    call = ToolCall(id="c1", name="send", arguments=json.dumps({"to": MAIL, "card": 4111111111111111}))
    messages = (
        Message(role="user", content=f"I am at {MAIL}, phone 2125550142"),
        Message(role="assistant", content=f"Sent to {MAIL}", tool_calls=(call,)),
    )
    return replace(
        make_record("preference", messages, f"yes {MAIL}", f"no {MAIL}"),
        ranked=(RankedAnswer(text=MAIL, rank=1),),
        steps=(Step(text=MAIL),),
        completion=MAIL,
        rationale=f"asked {MAIL}",
        group=MAIL,
        metadata={"user": {"mails": [MAIL]}, "n": 3},
        licence="CC-BY-4.0",
    )


def fields(finding) -> list[str]:
    return [place["field"] for place in finding.evidence["places"]]


def test_every_text_of_a_record_is_read():
    (finding,) = find_in(PersonalData(), [record()], CheckContext())
    assert {*fields(finding)} == {
        "messages[0].content", "messages[1].content", "messages[1].tool_calls[0].arguments", "chosen", "rejected",
        "completion", "ranked[0].text", "steps[0].text", "rationale", "group", "metadata.user.mails[0]",
    }  # fmt: skip
    assert MAIL not in str(finding)


@pytest.mark.parametrize("style", ["natural", "placeholder"])
def test_the_fix_leaves_nothing_to_find_and_all_else_as_it_stood(style):
    check = PersonalData(style=style)
    (finding,) = find_in(check, [record()], CheckContext())
    mended = check.mend(record(), finding)
    assert find_in(check, [mended], CheckContext()) == []
    assert "maria" not in str(mended)
    assert mended.id == record_id(mended) != record().id
    assert (mended.licence, mended.metadata["n"], mended.kind) == ("CC-BY-4.0", 3, "preference")
    assert check.mend(record(), finding) == mended


def test_the_same_value_gets_the_same_everywhere_and_arguments_stay_json():
    check = PersonalData(style="placeholder")
    (finding,) = find_in(check, [record()], CheckContext())
    mended = check.mend(record(), finding)
    assert mended.messages[0].content == "I am at [EMAIL_1], phone [PHONE_1]"
    assert json.loads(mended.messages[1].tool_calls[0].arguments) == {"to": "[EMAIL_1]", "card": "[CARD_1]"}
    assert (mended.chosen, mended.rationale) == ("yes [EMAIL_1]", "asked [EMAIL_1]")


def test_records_of_one_group_stay_in_one_group():
    """A stand-in of its own in each would part them over the splits."""
    first, second = record(), replace(make_record("sft", (Message(role="user", content="hi"),)), group=MAIL)
    check = PersonalData()
    findings = find_in(check, [first, second], CheckContext())
    groups = {check.mend(one, found).group for one, found in zip((first, second), findings, strict=True)}
    assert len(groups) == 1
    assert MAIL not in groups


def test_labels_and_files_move_with_the_text():
    text = f"Write to {MAIL} today"
    start = text.index("today")
    marked = replace(
        make_record("spans", (Message(role="user", content=text),)),
        spans=(SpanLabel(message=0, start=start, end=start + 5, label="time"),),
        media=(Media(message=0, at=start, kind="image", sha256="0" * 64),),
    )
    check = PersonalData(style="placeholder")
    (finding,) = find_in(check, [marked], CheckContext())
    mended = check.mend(marked, finding)
    content = mended.messages[0].content
    assert content == "Write to [EMAIL_1] today"
    assert content[mended.spans[0].start : mended.spans[0].end] == "today"
    assert content[mended.media[0].at :] == "today"


def test_types_and_locales_are_settings():
    text = make_record("sft", (Message(role="user", content=f"{MAIL}, DNI 12345678Z"),))
    for settings, wanted in (({"types": ["ES_NIF"]}, ["ES_NIF"]), ({"locales": ["en"]}, ["EMAIL"])):
        (finding,) = find_in(checks.create("personal_data", settings), [text], CheckContext())
        assert [place["type"] for place in finding.evidence["places"]] == wanted


@pytest.mark.parametrize(
    "settings", [{"types": ["EMIAL"]}, {"locales": ["xx"]}, {"ner": "some"}, {"types": ["PERSON"]}]
)
def test_wrong_settings_are_refused(settings):
    with pytest.raises(InputError, match="personal_data"):
        checks.create("personal_data", settings)
