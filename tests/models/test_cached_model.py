import dataclasses
from dataclasses import dataclass, field

import pytest

from preceptor.models.cached_model import CachedModel
from preceptor.models.failures import ModelFailure
from preceptor.models.response_cache import open_cache
from preceptor.models.types import ChatRequest, Completion, Message, Sampling, Tool, Usage

REQUEST = ChatRequest(messages=(Message(role="user", content="hi"),))
OTHERS = {
    "prompt": {"messages": (Message(role="user", content="ho"),)},
    "role": {"messages": (Message(role="system", content="hi"),)},
    "sampling": {"sampling": Sampling(temperature=0.5)},
    "tools": {"tools": (Tool(name="now"),)},
    "schema": {"response_schema": {"type": "object"}},
    "epoch": {"epoch": 2},
}


@dataclass
class Fake:
    """Counts its answers."""

    recorded: bool = False
    failures: list[Exception] = field(default_factory=list)
    num_asked: int = 0

    async def complete(self, _: ChatRequest) -> Completion:
        self.num_asked += 1
        if self.failures:
            raise self.failures.pop()
        usage = Usage(input_tokens=1, output_tokens=1, cost=0.1)
        return Completion(text=f"answer {self.num_asked}", model="m", usage=usage, recorded=self.recorded)


async def test_the_same_question_is_asked_once(database, clock):
    fake = Fake()
    async with open_cache(database, clock) as cache:
        model = CachedModel(model=fake, cache=cache, settings={"model": "m"})
        first, second = await model.complete(REQUEST), await model.complete(REQUEST)
    assert (first.text, first.recorded, first.usage.cost) == ("answer 1", False, 0.1)
    assert (second.text, second.recorded, second.usage.cost) == ("answer 1", True, 0.0)
    assert fake.num_asked == 1


@pytest.mark.parametrize("change", OTHERS)
def test_everything_that_decides_an_answer_is_in_the_key(change):
    model = CachedModel(model=Fake(), cache=None, settings={"model": "m"})
    assert model.key(REQUEST) != model.key(dataclasses.replace(REQUEST, **OTHERS[change]))


def test_the_providers_settings_are_in_the_key():
    keys = {CachedModel(model=Fake(), cache=None, settings={"model": name}).key(REQUEST) for name in ("a", "b")}
    assert len(keys) == 2


async def test_a_failure_is_not_kept(database, clock):
    fake = Fake(failures=[ModelFailure("no")])
    async with open_cache(database, clock) as cache:
        model = CachedModel(model=fake, cache=cache, settings={})
        with pytest.raises(ModelFailure):
            await model.complete(REQUEST)
        assert (await model.complete(REQUEST)).text == "answer 2"


async def test_an_answer_that_is_a_recording_already_is_not_kept(database, clock):
    fake = Fake(recorded=True)
    async with open_cache(database, clock) as cache:
        model = CachedModel(model=fake, cache=cache, settings={})
        await model.complete(REQUEST)
        await model.complete(REQUEST)
    assert fake.num_asked == 2
