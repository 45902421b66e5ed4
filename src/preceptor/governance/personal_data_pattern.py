"""What a personal-data pattern is: it knows one type of personal data by its form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from preceptor.core.registry import Registry


class Span(NamedTuple):
    """Where something stands in a text: from `start` up to, not including, `end`."""

    start: int
    end: int


class Reach(NamedTuple):
    """How many characters before and after the end of a trigger a pattern must see to judge."""

    before: int
    after: int


class PersonalDataPattern(Protocol):
    r"""What finds one type of personal data; a frozen dataclass.

    `triggers` are expressions that Hyperscan compiles, over UTF-8 bytes and blind to case: no looking around and no
    back-references. One of them matches in or beside every value that `find` gives, and seldom elsewhere: all
    texts are scanned for all triggers in one pass, and `find` reads only what lies within `reach` of a match (the
    whole text where `reach` is None). A text starts and ends with a line break as far as triggers see.

    `find` takes time linear in the text, whatever the text: it reads what strangers wrote. Where two patterns claim
    the same characters, the one with the lower `precedence` has them. One that is not `is_default` looks only where
    its type is asked for by name. A pattern with a field `locales` is given the names of those in use.
    """

    @property
    def type(self) -> str:
        """The type of personal data, in capitals."""
        ...

    @property
    def precedence(self) -> int:
        """The lower has the characters that two claim."""
        ...

    @property
    def is_default(self) -> bool:
        """True for types that are looked for where nobody names types."""
        ...

    @property
    def triggers(self) -> tuple[str, ...]:
        """What Hyperscan looks for."""
        ...

    @property
    def reach(self) -> Reach | None:
        """How far around a trigger's end `find` must see."""
        ...

    def find(self, text: str) -> Iterator[Span]:
        """Each place where this type stands, in order, not overlapping."""
        ...


personal_data_patterns: Registry[PersonalDataPattern] = Registry(
    kind="personal_data_pattern", folder="preceptor.governance.personal_data_patterns"
)
