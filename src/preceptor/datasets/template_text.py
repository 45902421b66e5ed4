"""The template that a prompt was filled into: what is left without names and numbers."""

from __future__ import annotations

from preceptor.datasets.normal_text import normalise

MASK = "#"


def template_text(prompt: str, min_words: int) -> str | None:
    """The normalised prompt with one mark for each run of words that hold a capital or a digit.

    None where fewer than `min_words` words are left: short prompts are alike by chance.

    >>> template_text("please refund order 12 of Ada Lovelace", 4)
    'please refund order # of #'
    """
    kept: list[str] = []
    for word in prompt.split():
        if not any(character.isupper() or character.isdigit() for character in word):
            kept.append(word)
        elif not kept or kept[-1] != MASK:
            kept.append(MASK)
    num_words = sum(word != MASK for word in kept)
    return normalise(" ".join(kept)) if num_words >= min_words else None
