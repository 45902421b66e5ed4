"""How alike the output is to the wanted answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import at_path
from preceptor.core.rows import text_of
from preceptor.core.storable_text import storable
from preceptor.grading.embedding import check_embedding, embedding_similarity
from preceptor.grading.output_part import Unreadable, read_part
from preceptor.grading.text_overlap import chrf, rouge_l, word_cosine
from preceptor.grading.types import Sample, Score

MAX_TARGETS = 100
_METHODS = {"chrf": chrf, "rouge_l": rouge_l, "word_cosine": word_cosine, "embedding": embedding_similarity}


@dataclass(frozen=True, kw_only=True)
class Similarity:
    """The similarity from 0 to 1; with a `threshold`, 1 at or above it and 0 below.

    `method`: `chrf` compares runs of characters, `rouge_l` the order of words, `word_cosine`
    their counts, and `embedding` the meaning, by a model inside the extra `similarity`.
    `path` and `target_path` read one value of the output's JSON and of the target. A list
    as target holds alternatives, of which the most alike counts. No target: no score.

    >>> Similarity(method="rouge_l").grade(Sample(output="the order has shipped", target="the order was sent")).value
    0.5
    """

    version: ClassVar[int] = 1
    method: Literal["chrf", "rouge_l", "word_cosine", "embedding"] = "chrf"
    path: str = ""
    target_path: str = ""
    threshold: float | None = None
    max_characters: int = 20_000

    def __post_init__(self) -> None:
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise InputError(f"threshold is {self.threshold:g}; give a similarity from 0 to 1")
        if self.max_characters < 1:
            raise InputError(f"max_characters is {self.max_characters}; give a number above 0")
        if self.method == "embedding":
            check_embedding()

    def grade(self, sample: Sample) -> Score:
        """The similarity to the target, or to the alternative that is most alike."""
        target = at_path(sample.target, self.target_path) if self.target_path else sample.target
        if target is None or target == []:
            place = f" at {self.target_path!r}" if self.target_path else ""
            return Score(value=None, reason=f"the case has no target{place} to compare with")
        part = read_part(sample.output, self.path)
        if isinstance(part, Unreadable):
            return Score(value=0.0, reason=part.reason)
        text = storable(text_of(part))
        wanted = [storable(text_of(item)) for item in (target[:MAX_TARGETS] if isinstance(target, list) else [target])]
        longest = max(len(text), *map(len, wanted))
        if longest > self.max_characters:
            return Score(value=None, reason=f"{longest:,} characters, max_characters is {self.max_characters:,}")
        value = max(_METHODS[self.method](text, one) for one in wanted)
        if self.threshold is None:
            return Score(value=value, reason=f"{self.method} {value:.3f}")
        return Score(value=float(value >= self.threshold), reason=f"{self.method} {value:.3f} of {self.threshold:g}")
