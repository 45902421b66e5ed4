"""A server on this machine that plays a model provider, and resources that never really wait."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from preceptor import settings
from preceptor.core.clock import Clock
from preceptor.core.json_values import JsonObject
from preceptor.models.provider import Resources
from preceptor.models.pull import pull
from preceptor.settings import Secret

KEY = "sk-test-1234567890abcdef"
Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class FakeServer:
    """Plays the queued replies in order, the last one for ever, and keeps what it was sent."""

    url: str = ""
    replies: list[Reply] = field(default_factory=list)
    bodies: list[JsonObject] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(await request.json())
        self.headers.append(dict(request.headers))
        self.paths.append(request.path)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return await reply(request)

    def says(self, body: object, status: int = 200, **headers: str) -> None:
        """Queue an answer; a text goes out as it is, everything else as JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}

        async def reply(_: web.Request) -> web.StreamResponse:
            return web.Response(text=text, status=status, headers=sent, content_type="application/json")

        self.replies.append(reply)

    def chats(self, text: str = "hello", num_in: int = 10, num_out: int = 5) -> None:
        """Queue a good answer in OpenAI's shape."""
        self.says(
            {
                "model": "fake-1",
                "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": num_in, "completion_tokens": num_out},
            }
        )


@pytest.fixture
async def server() -> AsyncIterator[FakeServer]:
    fake = FakeServer()
    app = web.Application()
    app.router.add_post("/{tail:.*}", fake.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    yield fake
    await runner.cleanup()


@pytest.fixture
def waits() -> list[float]:
    """How long the code under test slept, in order, without having slept."""
    return []


@pytest.fixture
def resources(tmp_path: Path, clock: Clock, waits: list[float]) -> Resources:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    keys = {"OPENAI_API_KEY": Secret(KEY), "ANTHROPIC_API_KEY": Secret(KEY)}
    return Resources(
        secret=keys.get, cache_folder=tmp_path / "cache", folder=tmp_path, clock=clock, sleep=sleep, random=lambda: 0.5
    )


@pytest.fixture(scope="session")
def pulled_cache() -> Path:
    """The user's own cache, with the small model in it; the first run fetches it."""
    folder = settings.cache_folder()
    pull("smollm2-135m", folder)
    return folder
