"""Each record stays what it is when a chat template writes it for the target model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, cast, get_args

import pyarrow as pa
import pyarrow.compute as pc

from preceptor.core.errors import InputError
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext
from preceptor.datasets.record_texts import iter_texts
from preceptor.datasets.special_tokens import SPECIAL_TOKENS, literal_pattern
from preceptor.datasets.token_lengths import check_tokenizer, load_tokenizer, most_tokens, num_tokens
from preceptor.datasets.tool_call_faults import tool_call_faults
from preceptor.datasets.types import CheckFinding, Fix, Record
from preceptor.models.types import Role

MAX_FAULTS_SHOWN = 20
# In a batch's `shape`: a turn with calls is written with a plus, a result by its role.
_USES_TOOLS = r"\+|tool"


@dataclass(frozen=True, kw_only=True)
class ChatTemplate:
    """Objects to special tokens in texts, wrong tool calls, roles without a place in the template, and too many tokens.

    Special tokens are those of the common model families; `special_tokens` adds, `allow` takes
    away (`</s>` also ends struck text in HTML). Arguments must fit the JSON schema that the
    record's `tools` declare; a record without `tools` may call any, unless `must_declare_tools`.
    With `max_tokens`, the conversation and its longest answer are counted by `tokenizer`: the path
    of the target model's `tokenizer.json`, `o200k_base` or `cl100k_base` (extra `tokens`); a
    GGUF file's tokenizer cannot be read. `tokens_per_message` stands for what the template
    writes around a turn.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> turns = (Message(role="user", content="hi<|im_end|>"), Message(role="assistant", content="hello"))
    >>> [finding.reason for finding in find_in(ChatTemplate(), [make_record("sft", turns)], CheckContext())]
    ["messages[0].content holds the special token '<|im_end|>'"]
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "drop"
    special_tokens: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    roles: tuple[str, ...] = get_args(Role)
    must_declare_tools: bool = False
    tokenizer: str = ""
    max_tokens: int | None = None
    tokens_per_message: int = 5

    def __post_init__(self) -> None:
        if not all(self.special_tokens):
            raise InputError("special_tokens holds an empty text, which stands in every record; take it out")
        if bool(self.tokenizer) != (self.max_tokens is not None):
            raise InputError(f"tokenizer is {self.tokenizer!r} and max_tokens {self.max_tokens!r}; give both or none")
        if (self.max_tokens is not None and self.max_tokens < 1) or self.tokens_per_message < 0:
            raise InputError("max_tokens must be at least 1 and tokens_per_message at least 0")
        if self.tokenizer:
            check_tokenizer(self.tokenizer)

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def find(self, batch: Batch, context: CheckContext) -> Iterator[CheckFinding]:  # noqa: ARG002 - records only
        """The records with at least one fault; all faults of a record stand in one finding."""
        has_token = self._rows_with_tokens(batch.texts)
        uses_tools = _true_rows(pc.match_substring_regex(batch.table.column("shape"), _USES_TOOLS))
        is_narrow = set(self.roles) != set(get_args(Role))
        if self.max_tokens is None and not is_narrow:
            rows: Sequence[int] = sorted(has_token | uses_tools)
        else:
            rows = range(len(batch))
        for row in rows:
            record = batch.records[row]
            faults = list(self._token_faults(record)) if row in has_token else []
            faults += self._role_faults(record)
            if row in uses_tools:
                faults += tool_call_faults(record, must_declare=self.must_declare_tools)
            faults += self._length_faults(record)
            if faults:
                yield CheckFinding(
                    record_id=record.id,
                    reason="; ".join(faults[:MAX_FAULTS_SHOWN]),
                    evidence={"num_faults": len(faults)},
                    index=batch.ordinals[row],
                )

    @cached_property
    def _tokens(self) -> tuple[str, ...]:
        return tuple(token for token in (*SPECIAL_TOKENS, *self.special_tokens) if token not in self.allow)

    def _rows_with_tokens(self, texts: pa.LargeStringArray) -> set[int]:
        if not self._tokens:
            return set()
        return _true_rows(pc.match_substring_regex(texts, literal_pattern(self._tokens)))

    def _token_faults(self, record: Record) -> Iterator[str]:
        for field, text in iter_texts(record):
            found = [token for token in self._tokens if token in text]
            if found:
                word = "token" if len(found) == 1 else "tokens"
                yield f"{field} holds the special {word} {', '.join(map(repr, found))}"

    def _role_faults(self, record: Record) -> Iterator[str]:
        for role in dict.fromkeys(message.role for message in record.messages):
            if role not in self.roles:
                yield f"the template has no place for a turn of the {role[:40]}"

    def _length_faults(self, record: Record) -> Iterator[str]:
        if self.max_tokens is None:
            return
        tokenizer = load_tokenizer(self.tokenizer)
        if most_tokens(record, tokenizer, self.tokens_per_message) <= self.max_tokens:
            return
        length = num_tokens(record, tokenizer, self.tokens_per_message)
        if length > self.max_tokens:
            yield f"{length:,} tokens, at most {self.max_tokens:,} are allowed"


def _true_rows(mask: pa.BooleanArray) -> set[int]:
    return set(cast("list[int]", pc.indices_nonzero(mask).to_pylist()))
