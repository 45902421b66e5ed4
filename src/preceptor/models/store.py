"""Answers of models kept by what was asked, in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, String, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from preceptor.core.json_values import JsonObject, as_object
from preceptor.storage.database import JsonText, metadata

cached_responses = Table(
    "cached_responses",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("completion", JsonText, nullable=False),
    Column("made_at", String(40), nullable=False),
)

_BY_KEY = select(cached_responses.c.key, cached_responses.c.completion).where(
    cached_responses.c.key.in_(bindparam("keys", expanding=True))
)


@dataclass(frozen=True, kw_only=True)
class CachedResponseStore:
    """Completions, as JSON objects, by the hash of what was asked."""

    connection: Connection

    def add_many(self, completions: Mapping[str, JsonObject], made_at: str) -> None:
        """Keep the completions by their keys; a key that is already there keeps its first answer."""
        if not completions:
            return
        dialect = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(cached_responses).on_conflict_do_nothing()
        self.connection.execute(
            statement,
            [{"key": key, "completion": completion, "made_at": made_at} for key, completion in completions.items()],
        )

    def list_keys(self, limit: int) -> list[str]:
        """The keys that are there, at most so many, in no order."""
        return list(self.connection.execute(select(cached_responses.c.key).limit(limit)).scalars())

    def list_by_key(self, keys: Sequence[str]) -> dict[str, JsonObject]:
        """The completions of those keys that are there; at most some thousand keys at once."""
        rows = self.connection.execute(_BY_KEY, {"keys": list(keys)})
        return {key: as_object(completion, "a kept completion") for key, completion in rows}
