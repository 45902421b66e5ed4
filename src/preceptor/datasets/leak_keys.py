"""What two records can share so that one of them gives away the other: a key for each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pyarrow as pa

from preceptor.datasets.record_texts import prompt_messages
from preceptor.datasets.types import Record
from preceptor.kernels.text_keys import TextKeys, text_keys

LeakBy = Literal["group", "conversation", "user", "template", "prompt"]

KEY_BYTES = 8
# What `prompt_texts` writes before each message: a mark, the role, another mark.
WORDS_BEFORE_MESSAGE = 3


def text_key(kind: str, text: bytes) -> int:
    """The key of a text: the first 8 bytes of its BLAKE2b hash, personalised by what is shared."""
    digest = hashlib.blake2b(text, digest_size=KEY_BYTES, person=kind.encode())
    return int.from_bytes(digest.digest(), "little")


def prompt_texts(records: Sequence[Record]) -> list[str]:
    """Each record's prompt as one text, with the roles."""
    prompts = map(prompt_messages, records)
    return ["".join([f" \x00 {turn.role} \x01 {turn.content}" for turn in prompt]) for prompt in prompts]


def prompt_keys(prompts: Sequence[str]) -> TextKeys:
    """The keys of prompts as `prompt_texts` gives them; `num_words` counts those of the messages' texts."""
    found = text_keys(pa.array(prompts, pa.large_string()))
    lengths = np.fromiter((prompt.count("\x01") for prompt in prompts), np.int32, len(prompts))
    return found._replace(num_words=found.num_words - WORDS_BEFORE_MESSAGE * lengths)


def template_keys(prompts: Sequence[str], min_words: int) -> list[int | None]:
    """The same for prompts that differ only in words with a capital or a digit; a run of those counts as one.

    None where fewer than `min_words` words are left: short prompts are alike by chance.

    >>> one, other = template_keys(["please refund order 12 of Ada Lovelace", "please refund order 7a of Bob"], 4)
    >>> one == other
    True
    """
    found = prompt_keys(prompts)
    words = found.num_words.tolist()
    return [key if count >= min_words else None for key, count in zip(found.templates.tolist(), words, strict=True)]
