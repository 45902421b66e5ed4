"""How alike the texts of a set are: self-BLEU and distinct n-grams.

Self-BLEU: Zhu, Lu, Zheng, Guo, Zhang, Wang & Yu, Texygen: A benchmarking platform for text generation models
(SIGIR 2018): the mean BLEU of each text with all others as its references. BLEU: Papineni, Roukos, Ward & Zhu
(ACL 2002), n-grams up to 4; a count of zero is smoothed to 0.1 (Chen & Cherry 2014, method 1). Distinct-n: Li,
Galley, Brockett, Gao & Dolan, A diversity-promoting objective function (NAACL 2016): different n-grams over all.
Both depend on the number of texts, so compare samples of one size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import exp, log

LONGEST = 4
SMOOTHED = 0.1
Ngrams = Counter[tuple[str, ...]]


def self_bleu(texts: Sequence[Sequence[str]]) -> float | None:
    """The mean over the texts, 0 (nothing shared) to 1 (all the same); texts are lists of words.

    Texts of fewer than four words are left out; None for fewer than two others. Time grows with the
    words, not with the pairs of texts.

    >>> self_bleu([["it", "is", "four", "of", "them"]] * 2)
    1.0
    """
    long = [text for text in texts if len(text) >= LONGEST]
    if len(long) < 2:  # noqa: PLR2004 - a text and another
        return None
    logs = [0.0] * len(long)
    for size in range(1, LONGEST + 1):
        counted = [Counter(_ngrams(text, size)) for text in long]
        most = _most(counted)
        for place, counts in enumerate(counted):
            matched = sum(min(count, _most_elsewhere(most[ngram], place)) for ngram, count in counts.items())
            logs[place] += log((matched or SMOOTHED) / sum(counts.values())) / LONGEST
    lengths = sorted(map(len, long))
    scores = [exp(total) * _brevity(len(text), lengths) for total, text in zip(logs, long, strict=True)]
    return sum(scores) / len(scores)


def distinct_share(texts: Sequence[Sequence[str]], size: int) -> float | None:
    """Different n-grams of this size over all of them; None where there are none.

    >>> distinct_share([["a", "b", "a", "b"]], 2)
    0.6666666666666666
    """
    seen: set[tuple[str, ...]] = set()
    total = 0
    for text in texts:
        ngrams = _ngrams(text, size)
        total += len(ngrams)
        seen.update(ngrams)
    return len(seen) / total if total else None


def _ngrams(text: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return list(zip(*(text[start:] for start in range(size)), strict=False))


def _most(counted: Sequence[Ngrams]) -> dict[tuple[str, ...], tuple[int, int, int]]:
    """Of each n-gram the highest count in a text, that text, and the highest count in the other texts."""
    most: dict[tuple[str, ...], tuple[int, int, int]] = {}
    for place, counts in enumerate(counted):
        for ngram, count in counts.items():
            first, holder, second = most.get(ngram, (0, -1, 0))
            most[ngram] = (count, place, first) if count > first else (first, holder, max(second, count))
    return most


def _most_elsewhere(most: tuple[int, int, int], place: int) -> int:
    first, holder, second = most
    return second if holder == place else first


def _brevity(length: int, lengths: Sequence[int]) -> float:
    """The penalty for being shorter than the other text whose length is nearest, the shorter one of two."""
    others = list(lengths)
    others.remove(length)
    nearest = min(others, key=lambda other: (abs(other - length), other))
    return 1.0 if length >= nearest else exp(1 - nearest / length)
