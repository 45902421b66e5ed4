"""What p-values are worth when several claims are tried at once.

Two situations, two rules. To say NO because some slice got worse, the smallest p-value of many is what one looks at,
so it is adjusted (Holm): with 20 slices and no difference anywhere, one in twenty falls below .05 by chance. To say YES
only when every criterion passes, nothing is adjusted: a policy that passes must have passed each criterion, so the
chance that it passes while any one claim is false is at most that criterion's own level, however many there are. That
is the intersection-union rule, Berger (1982), Multiparameter hypothesis testing and acceptance sampling, Technometrics
24:295. Adjusting there would only make a release that is good harder to pass.

Sources: Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6:65;
Benjamini & Hochberg (1995), Controlling the false discovery rate, JRSS-B 57:289.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from preceptor.core.errors import InputError


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Holm's adjusted p-values, in the order given: those at most .05 are all true findings in 95 % of cases.

    Holds whatever the dependence between the tests. Empty for no p-values.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]
    """
    numbers = _checked(p_values)
    order = np.argsort(numbers, kind="stable")
    raised = numbers[order] * np.arange(len(numbers), 0, -1)
    return _in_order(np.minimum(np.maximum.accumulate(raised), 1.0), order)


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted p-values in the order given: of those at most .05, on average at most one in twenty is false.

    For a list of slices to look into, not for a verdict. Holds for independent or positively
    dependent tests. Empty for no p-values.

    >>> [round(p, 3) for p in benjamini_hochberg([0.01, 0.04, 0.03, 0.005])]
    [0.02, 0.04, 0.04, 0.02]
    """
    numbers = _checked(p_values)
    order = np.argsort(numbers, kind="stable")
    raised = numbers[order] * len(numbers) / np.arange(1, len(numbers) + 1)
    return _in_order(np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0), order)


def _checked(p_values: Sequence[float]) -> np.ndarray:
    numbers = np.asarray(p_values, dtype=np.float64)
    odd = numbers[~((numbers >= 0) & (numbers <= 1))]
    if len(odd):
        raise InputError(f"{float(odd[0])!r} is no p-value; write a number from 0 to 1")
    return numbers


def _in_order(adjusted: np.ndarray, order: np.ndarray) -> tuple[float, ...]:
    result = np.empty(len(adjusted))
    result[order] = adjusted
    return tuple(float(p) for p in result)
