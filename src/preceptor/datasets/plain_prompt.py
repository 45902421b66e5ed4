"""A prompt as one text, for formats that know no chat."""

from __future__ import annotations

from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.datasets.conversation import require_no_tools, split_system
from preceptor.datasets.types import Record
from preceptor.models.types import Message


class PlainPrompt(NamedTuple):
    """The system text (empty without one) and the question."""

    system: str
    question: str

    @property
    def text(self) -> str:
        """Both in one text, a blank line between them."""
        return f"{self.system}\n\n{self.question}" if self.system else self.question


def plain_prompt(record: Record, turns: tuple[Message, ...]) -> PlainPrompt:
    """The prompt of a record whose `turns` are one of the user, after the system text.

    Raises InputError for several turns or for tools: a chat written as one text would teach how it
    was written.
    """
    require_no_tools(record, "the format has no place for them")
    if len(turns) != 1 or turns[0].role != "user":
        raise InputError(
            f"record {record.id!r} has a prompt of {len(turns)} turns; the format knows no chat and takes one question"
        )
    return PlainPrompt(split_system(record).system or "", turns[0].content)
