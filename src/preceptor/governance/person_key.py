"""When two names of actors are one person: spelling, case and spaces do not make another."""

from __future__ import annotations

import unicodedata


def person_key(name: str) -> str:
    """What two ways to write one name share.

    Letters that only look alike in two scripts stay different: where that matters, the policy or the
    recipe names the people who may speak.

    >>> person_key(" ADA  Lovelace ") == person_key("ada lovelace")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
