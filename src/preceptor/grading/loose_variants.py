"""An answer without the parts that often spoil a strict check: an introduction, a farewell, bold type."""

from __future__ import annotations


def loose_variants(text: str) -> tuple[str, ...]:
    r"""The text and its variants without the first line, the last, both, and asterisks in each: up to eight.

    As in IFEval (Zhou et al. 2023, section 2.2). Variants with no text in them are left out.

    >>> loose_variants("Sure!\n**Yes**")
    ('Sure!\n**Yes**', 'Sure!\nYes', '**Yes**', 'Yes', 'Sure!')
    """
    lines = text.split("\n")
    cuts = (text, *("\n".join(part).strip() for part in (lines[1:], lines[:-1], lines[1:-1])))
    variants = [variant for cut in cuts for variant in (cut, cut.replace("*", ""))]
    return tuple(dict.fromkeys(variant for variant in variants if variant.strip()))
