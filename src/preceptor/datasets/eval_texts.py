"""The texts of an eval set's cases, to look for in training data."""

from __future__ import annotations

from pathlib import Path

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.core.rows import read_rows, text_of
from preceptor.datasets.message_rows import parse_messages

TEXT_FIELDS = ("input", "messages", "prompt", "question", "text")


def read_eval_texts(path: Path) -> dict[str, str]:
    """The cases' texts by id: the row's `id`, or `line N` where it has none or it stands twice.

    The text is the first of `input`, `messages`, `prompt`, `question` and `text` that a row has,
    itself a text or a list of messages (joined, without the system turn: it belongs to the
    product, not to the case). Raises InputError naming each line that cannot be used: a case
    that was passed over could hide a leak.
    """
    texts: dict[str, str] = {}
    for row in read_rows(path):
        place = f"line {row.number}"
        number = text_of(row.value.get("id")) or place
        try:
            texts[place if number in texts else number] = _case_text(row.value)
        except InputError as error:
            raise InputError(f"{path}:{row.number}: {error}") from error
    if not texts:
        raise InputError(f"{str(path)!r} holds no eval cases; name a file with one case a line")
    return texts


def _case_text(row: JsonObject) -> str:
    field = next((name for name in TEXT_FIELDS if row.get(name) is not None), None)
    if field is None:
        raise InputError(f"has none of {', '.join(TEXT_FIELDS)}; its fields are {', '.join(sorted(row)) or 'none'}")
    messages = parse_messages(row[field], field)
    return "\n".join(message.content for message in messages if message.role != "system")
