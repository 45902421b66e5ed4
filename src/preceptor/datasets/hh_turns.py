r"""Conversations that are written as one text, `\n\nHuman: … \n\nAssistant: …`, as hh-rlhf has them."""

from __future__ import annotations

import re
from typing import cast

from preceptor.models.types import Message, Role

_ROLES = {"Human": "user", "Assistant": "assistant"}
_TURN = re.compile(r"\n\n(Human|Assistant): ?")


def hh_turns(text: str) -> tuple[Message, ...] | None:
    r"""The turns; None for a text that does not begin with one of the human.

    >>> [turn.role for turn in hh_turns("\n\nHuman: hi\n\nAssistant: hello") or ()]
    ['user', 'assistant']
    """
    if not text.startswith("\n\nHuman:"):
        return None
    parts = _TURN.split(text)[1:]
    return tuple(
        Message(role=cast("Role", _ROLES[who]), content=said) for who, said in zip(parts[::2], parts[1::2], strict=True)
    )


def hh_prompt(text: str) -> tuple[Message, ...] | None:
    r"""The turns of a prompt, which may end with the `Assistant:` that waits for the answer.

    >>> len(hh_prompt("\n\nHuman: hi\n\nAssistant:") or ())
    1
    """
    turns = hh_turns(text)
    is_waiting = turns is not None and turns[-1].role == "assistant" and not turns[-1].content.strip()
    return turns[:-1] if turns is not None and is_waiting else turns
