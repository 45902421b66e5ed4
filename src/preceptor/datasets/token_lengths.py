"""How many tokens a record has for a target model, by that model's own tokenizer."""

from __future__ import annotations

import importlib
import importlib.util
import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol, cast

from preceptor.core.errors import InputError
from preceptor.datasets.types import Record

OPENAI_ENCODINGS = ("o200k_base", "cl100k_base")
# Unicode's compatible forms (NFKC, NFKD) make at most 18 characters of one that has 3 bytes.
GROWTH_OF_NORMALISERS = 11
PREFIX_TOKENS = 2


class OpenaiEncoding(Protocol):
    """What is used of the package."""

    def encode_ordinary(self, text: str) -> list[int]:
        """The tokens of a text in which no mark is special."""
        ...


@dataclass(frozen=True, kw_only=True)
class Tokenizer:
    """`count` gives the tokens of a text; a text of n bytes has at most `growth` * n + 2 of them."""

    count: Callable[[str], int]
    growth: int


def check_tokenizer(name: str) -> None:
    """InputError for a tokenizer that is not there, or whose package is not installed."""
    package = "bpe_openai" if name in OPENAI_ENCODINGS else "tokenizers"
    if importlib.util.find_spec(package) is None:
        raise InputError(f"tokenizer {name!r} needs the package {package}; run `pip install 'preceptor[tokens]'`")
    if name in OPENAI_ENCODINGS:
        return
    if name.endswith(".gguf"):
        raise InputError(f"tokenizer {name!r} is a GGUF file, whose tokenizer cannot be read; name a tokenizer.json")
    if not Path(name).is_file():
        raise InputError(
            f"tokenizer {name!r} is no file; give the path of a tokenizer.json or one of {', '.join(OPENAI_ENCODINGS)}"
        )


@lru_cache(maxsize=4)
def load_tokenizer(name: str) -> Tokenizer:
    """A tokenizer by the path of its `tokenizer.json`, or an encoding of OpenAI's; InputError for a broken file."""
    check_tokenizer(name)
    if name in OPENAI_ENCODINGS:
        encoding = _openai_encoding(name)
        return Tokenizer(count=lambda text: len(encoding.encode_ordinary(text)), growth=1)
    tokenizers = importlib.import_module("tokenizers")
    try:
        made = tokenizers.Tokenizer.from_buffer(Path(name).read_bytes())
    except ValueError as error:
        raise InputError(f"tokenizer {name!r} cannot be read: {error}; give a tokenizer.json") from error
    made.no_truncation()
    made.no_padding()
    growth = 1 if made.normalizer is None else GROWTH_OF_NORMALISERS
    return Tokenizer(count=lambda text: len(made.encode(text, add_special_tokens=False).ids), growth=growth)


def _openai_encoding(name: str) -> OpenaiEncoding:
    with warnings.catch_warnings():
        # The package opens its own files in a way that Python 3.11 and 3.12 call outdated.
        warnings.simplefilter("ignore", DeprecationWarning)
        return cast("OpenaiEncoding", importlib.import_module("bpe_openai").get_encoding(name))


def most_tokens(record: Record, tokenizer: Tokenizer, tokens_per_message: int) -> int:
    """A bound on `num_tokens` that costs no tokenizing."""
    texts = _texts(record)
    num_bytes = sum(len(text.encode("utf-8", errors="replace")) for text in texts)
    return num_bytes * tokenizer.growth + len(texts) * PREFIX_TOKENS + _num_turns(record) * tokens_per_message


def num_tokens(record: Record, tokenizer: Tokenizer, tokens_per_message: int) -> int:
    """The tokens of the conversation and its longest answer, as one sequence for training.

    Each turn adds `tokens_per_message` for what the chat template writes around it; tools count
    as the JSON that a template shows.
    """
    shown = [message.content for message in record.messages]
    shown += [call.name + call.arguments for message in record.messages for call in message.tool_calls]
    shown += [_tools_text(record)] if record.tools else []
    answers = [tokenizer.count(answer) for answer in _answers(record)]
    length = sum(tokenizer.count(text) for text in shown) + max(answers, default=0)
    return length + _num_turns(record) * tokens_per_message


def _num_turns(record: Record) -> int:
    return len(record.messages) + (record.kind not in {"sft", "spans"})


def _answers(record: Record) -> list[str]:
    answers = [record.chosen, record.rejected, record.completion]
    answers += [answer.text for answer in record.ranked]
    answers += ["\n".join(step.text for step in record.steps)]
    return [answer for answer in answers if answer]


def _texts(record: Record) -> list[str]:
    shown = [message.content for message in record.messages]
    shown += [call.name + call.arguments for message in record.messages for call in message.tool_calls]
    return [*shown, *_answers(record), *([_tools_text(record)] if record.tools else [])]


def _tools_text(record: Record) -> str:
    return json.dumps(record.tools, ensure_ascii=False)
