import dataclasses

import pytest

from preceptor.core.documents import parse_document
from preceptor.core.errors import InputError
from preceptor.models.target import Target, load_target, request_for
from preceptor.models.types import Message, Sampling

TARGET = Target(name="t", system="be kind", provider={"kind": "local", "model": "smollm2-135m"})


def test_a_target_file_with_two_mistakes_names_both_with_their_lines():
    text = "name: t\nsystem: s\nprovider:\n  kind: local\n  modle: smollm2-135m\nsampling:\n  temprature: 1\n"
    with pytest.raises(InputError, match=r"t\.yaml:7.*temprature"):
        load_target(parse_document(text, "t.yaml"))


def test_the_targets_prompt_replaces_the_conversations_own():
    turns = [Message(role="system", content="be rude"), Message(role="user", content="hi")]
    assert [message.content for message in request_for(TARGET, turns).messages] == ["be kind", "hi"]


def test_another_prompt_or_sampling_is_another_target():
    others = [
        dataclasses.replace(TARGET, system="be rude"),
        dataclasses.replace(TARGET, sampling=Sampling(seed=1)),
        dataclasses.replace(TARGET, examples=(Message(role="user", content="hi"),)),
    ]
    assert len({TARGET.identity, *(other.identity for other in others)}) == 4
