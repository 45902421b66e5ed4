"""The two ways a model gives no answer: the outside failed, or the model would not."""

from __future__ import annotations

from preceptor.core.errors import ProviderError


class InfraFailure(ProviderError):  # noqa: N818 - the outcome's name in runs and logs: a fate, not a mistake
    """The model was not reached or did not finish: rate limit, server error, time-out, connection.

    The same request may work later, so a re-run asks it again.
    """


class ModelFailure(ProviderError):  # noqa: N818 - the outcome's name in runs and logs: a fate, not a mistake
    """The model was reached and would not answer this request: bad request, content filter, context length.

    The same request fails again, so it is not retried.
    """
