"""How alike two texts are in their characters and words, without a model."""

from __future__ import annotations

from collections import Counter
from math import sqrt

CHRF_ORDER = 6
CHRF_BETA = 2.0


def chrf(output: str, reference: str) -> float:
    """The character n-gram F-score, 0 to 1: precision and recall over orders 1 to 6, recall counted twice.

    Popović (2015), "chrF: character n-gram F-score for automatic MT evaluation", with beta 2;
    white space is left out. Orders longer than both texts are left out too. Two empty texts are equal.

    >>> round(chrf("abc", "abd"), 4)
    0.3889
    """
    hypothesis, wanted = "".join(output.split()), "".join(reference.split())
    if hypothesis == wanted:
        return 1.0
    precisions, recalls = [], []
    for order in range(1, CHRF_ORDER + 1):
        ours, theirs = _ngrams(hypothesis, order), _ngrams(wanted, order)
        if not ours and not theirs:
            break
        shared = sum((ours & theirs).values())
        precisions.append(shared / sum(ours.values()) if ours else 0.0)
        recalls.append(shared / sum(theirs.values()) if theirs else 0.0)
    return _f_score(sum(precisions) / len(precisions), sum(recalls) / len(recalls), CHRF_BETA)


def rouge_l(output: str, reference: str) -> float:
    """The F-score of the longest common subsequence of words, 0 to 1; case is ignored.

    Lin (2004), "ROUGE: a package for automatic evaluation of summaries", with precision and
    recall counted alike. Two texts without words are equal.

    >>> round(rouge_l("police kill the gunman", "police killed the gunman"), 4)
    0.75
    """
    ours, theirs = output.casefold().split(), reference.casefold().split()
    if ours == theirs:
        return 1.0
    if not ours or not theirs:
        return 0.0
    common = longest_common_subsequence(ours, theirs)
    return _f_score(common / len(ours), common / len(theirs), 1.0)


def word_cosine(output: str, reference: str) -> float:
    """The cosine of the word counts, 0 to 1; case is ignored. Two texts without words are equal.

    >>> word_cosine("the refund", "the order")
    0.5
    """
    ours, theirs = Counter(output.casefold().split()), Counter(reference.casefold().split())
    if ours == theirs:
        return 1.0
    length = sqrt(sum(n * n for n in ours.values()) * sum(n * n for n in theirs.values()))
    return min(1.0, sum(n * theirs[word] for word, n in ours.items()) / length) if length else 0.0


def longest_common_subsequence(first: list[str], second: list[str]) -> int:
    """Its length, in one step of whole-number arithmetic for each element of `second`.

    Hyyrö (2004), "Bit-parallel LCS-length computation revisited".

    >>> longest_common_subsequence(list("abcbdab"), list("bdcaba"))
    4
    """
    places: dict[str, int] = {}
    for place, element in enumerate(first):
        places[element] = places.get(element, 0) | 1 << place
    all_ones = (1 << len(first)) - 1
    column = all_ones
    for element in second:
        matching = column & places.get(element, 0)
        column = ((column + matching) | (column - matching)) & all_ones
    return len(first) - column.bit_count()


def _ngrams(text: str, order: int) -> Counter[str]:
    return Counter(text[start : start + order] for start in range(len(text) - order + 1))


def _f_score(precision: float, recall: float, beta: float) -> float:
    if not precision + recall:
        return 0.0
    return (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
