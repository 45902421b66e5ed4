"""Placeholders for values, the same one for the same value of a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from preceptor.governance.people import people_in


@dataclass
class Placeholders:
    """Gives `[EMAIL_1]`, `[EMAIL_2]`, ... Make a new one for each record, so that they do not tie records together.

    `names` are all names of the record: those of one person get one placeholder.

    >>> names = Placeholders()
    >>> names.stand_in("EMAIL", "a@b.org"), names.stand_in("EMAIL", "c@d.org"), names.stand_in("EMAIL", "a@b.org")
    ('[EMAIL_1]', '[EMAIL_2]', '[EMAIL_1]')
    """

    names: Iterable[str] = ()
    _given: dict[tuple[str, str], str] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._people = people_in(self.names)

    def stand_in(self, kind: str, value: str) -> str:
        """What stands for this value of this type."""
        person = self._people.get(value) if kind == "PERSON" else None
        key = (kind, " ".join(person.words) if person else value)
        if key not in self._given:
            self._counts[kind] += 1
            self._given[key] = f"[{kind}_{self._counts[kind]}]"
        return self._given[key]
