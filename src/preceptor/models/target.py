"""A target: a model behind a prompt, the thing that is evaluated and released."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preceptor.core.construct import Problems
from preceptor.core.documents import Document, load
from preceptor.core.ids import content_hash
from preceptor.core.json_values import JsonObject
from preceptor.models.provider import ModelProvider, providers
from preceptor.models.types import ChatRequest, Message, Sampling


@dataclass(frozen=True, kw_only=True)
class ExampleSource:
    """Few-shot examples taken from a dataset version when the target is prepared.

    `by` names a field of the records' metadata whose values take turns, so that each is shown.
    """

    dataset: str
    split: str = "train"
    count: int = 8
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Everything that decides what the product answers: provider, prompt, examples, settings.

    `examples` are user and assistant turns put before every conversation. `response_schema`
    makes the provider force JSON of that shape. `examples_from` is resolved before a run, so
    that the identity covers the very examples used.
    """

    name: str
    provider: JsonObject
    system: str
    examples: tuple[Message, ...] = ()
    examples_from: ExampleSource | None = None
    sampling: Sampling = Sampling()
    response_schema: JsonObject | None = None

    @property
    def identity(self) -> str:
        """SHA-256 of all of it: another prompt is another target."""
        return content_hash(self)


def load_target(document: Document) -> Target:
    """The target in a definition file; InputError with every mistake and its line."""
    target = load(Target, document)
    problems = document.problems()
    make_provider(target, problems)
    problems.raise_if_any()
    return target


def make_provider(target: Target, problems: Problems | None = None) -> ModelProvider | None:
    """The provider that the target names, or None after noting its mistakes."""
    noted = problems or Problems(f"target {target.name}")
    settings = {key: value for key, value in target.provider.items() if key != "kind"}
    made = providers.construct(str(target.provider.get("kind")), settings, noted, ("provider",))
    if problems is None:
        noted.raise_if_any()
    return made


def request_for(target: Target, messages: Sequence[Message]) -> ChatRequest:
    """The request that the target makes of a conversation.

    A system turn in the conversation itself is dropped: the target's prompt is the one under test.
    """
    turns = tuple(message for message in messages if message.role != "system")
    system = Message(role="system", content=target.system)
    return ChatRequest(
        messages=(system, *target.examples, *turns),
        sampling=target.sampling,
        response_schema=target.response_schema,
    )
