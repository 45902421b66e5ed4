"""Put records into splits, by groups, so that adding records moves none."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import msgspec

from preceptor.core.errors import InputError
from preceptor.datasets.record_field import field_reader
from preceptor.datasets.record_texts import prompt_hash, prompt_messages
from preceptor.datasets.template_text import template_text
from preceptor.datasets.types import Record, SplitName

# What is shared, and its value: everything with one key stands in one split.
SplitKey = tuple[str, str]
NAMED_FIELDS = {"conversation": "metadata.conversation", "user": "metadata.user"}
# As the check `split_leakage`: shorter prompts are alike by chance.
MIN_TEMPLATE_WORDS = 12
# Writes what `canonical_json` writes, for whole numbers and texts.
_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, kw_only=True)
class SplitPlan:
    """The share of the groups that each split gets; the three add up to 1. Another `seed` is another division."""

    train: float = 0.8
    validation: float = 0.1
    test: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        shares = (self.train, self.validation, self.test)
        if not all(0 <= share <= 1 for share in shares) or not math.isclose(sum(shares), 1, abs_tol=1e-9):
            raise InputError(f"the shares {shares!r} must lie between 0 and 1 and add up to 1")

    def shares(self) -> tuple[tuple[SplitName, float], ...]:
        """Each split with its share, in the order in which the hash is divided."""
        return (("train", self.train), ("validation", self.validation), ("test", self.test))


def split_of(record: Record, plan: SplitPlan) -> SplitName:
    """The split of a record: it follows from its group (or its own prompt), the shares and the seed alone.

    So a group stays together, and no other record can move it. The shares hold for groups on
    average, as by an honest die: among 100 groups, 10 ± 6 are in a split of 0.1 (95 %).
    Two records with the same prompt but different groups can part; `split_leakage` finds them.
    """
    return split_of_key(_group_key(record), plan)


def split_of_key(key: SplitKey, plan: SplitPlan) -> SplitName:
    """The split of everything that has this key."""
    place = place_of(key, plan.seed)
    used = [(name, share) for name, share in plan.shares() if share > 0]
    reached = 0.0
    for name, share in used[:-1]:
        reached += share
        if place < reached:
            return name
    return used[-1][0]


def place_of(key: SplitKey, seed: int) -> float:
    """Where the hash of a key falls between 0 and 1; it never depends on other keys or on an order."""
    digest = hashlib.sha256(_ENCODER.encode([seed, *key])).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def key_of(record: Record, by: str = "group", cluster: str | None = None) -> SplitKey:
    """What keeps a record together with others: its `group`, `prompt` or `template`, or a field of it.

    `by` may also be `conversation` or `user` (`metadata.conversation`, `metadata.user`), or any name that
    `field_reader` takes. A record that lacks it is kept with those of its prompt. `cluster` names the cluster of
    near-duplicates that it belongs to, and goes before everything else, so that no cluster is cut; records of one group
    in different clusters can then part (`split_leakage` finds them). Name a cluster by something that stays, such as
    the id of its earliest record: a record moves when its cluster gets another name, and only then.

    >>> key_of(Record(id="r1", kind="sft", messages=(), metadata={"user": "ada"}), "user")
    ('user', 'ada')
    """
    if cluster is not None:
        return "cluster", cluster
    if by == "prompt":
        return "prompt", prompt_hash(record)
    value = _template(record) if by == "template" else field_reader(NAMED_FIELDS.get(by, by))(record)
    return ("prompt", prompt_hash(record)) if value is None else (by, value)


def _template(record: Record) -> str | None:
    prompt = " ".join(message.content for message in prompt_messages(record) if message.role != "system")
    return template_text(prompt, MIN_TEMPLATE_WORDS)


def _group_key(record: Record) -> SplitKey:
    return ("group", record.group) if record.group is not None else ("prompt", prompt_hash(record))
