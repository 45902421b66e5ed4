"""Post requests to a model's HTTP address: retries, time-outs, bounded answers, and errors that never show a key."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from preceptor.core.errors import InputError, NotAllowedError
from preceptor.core.json_values import JsonObject, as_object, parse_json
from preceptor.models.failures import InfraFailure, ModelFailure
from preceptor.models.provider import Resources
from preceptor.models.retry import LONGEST_RETRY_AFTER_SECONDS, parse_retry_after, wait_seconds
from preceptor.settings import Secret

MAX_ANSWER_BYTES = 8_000_000
QUOTED_CHARACTERS = 200
WORTH_RETRYING = frozenset({408, 409, 425, 429})
REFUSED_KEY = frozenset({401, 403})
FIRST_SERVER_ERROR = 500


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where requests go and how patiently; `headers` may carry the key, so they are never shown."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    secret: Secret | None
    variable: str | None
    timeout_seconds: float
    max_retries: int


@dataclass(frozen=True, kw_only=True)
class TryAgain:
    """An attempt that failed in a way that may pass; `retry_after` is in seconds."""

    reason: str
    retry_after: float | None = None


@dataclass(frozen=True, kw_only=True)
class Client:
    """An open HTTP session to one address; several posts may be under way at once."""

    address: Address
    session: aiohttp.ClientSession = field(repr=False)
    resources: Resources = field(repr=False)

    async def post(self, body: JsonObject) -> JsonObject:
        """The answer's JSON object.

        Raises InfraFailure when every try failed, ModelFailure when the request was refused,
        NotAllowedError when the key was.
        """
        for attempt in itertools.count():
            outcome = await self._attempt(body)
            if not isinstance(outcome, TryAgain):
                return outcome
            tries = f"{attempt + 1} tries" if attempt else "1 try"
            if attempt >= self.address.max_retries:
                raise InfraFailure(f"{self.address.url} {outcome.reason}; gave up after {tries}, run again later")
            if (outcome.retry_after or 0.0) > LONGEST_RETRY_AFTER_SECONDS:
                raise InfraFailure(f"{self.address.url} {outcome.reason} and asks to wait {outcome.retry_after:.0f} s")
            await self.resources.sleep(wait_seconds(attempt, outcome.retry_after, self.resources.random))
        raise AssertionError("itertools.count() does not end")

    async def _attempt(self, body: JsonObject) -> JsonObject | TryAgain:
        try:
            # A redirect could carry the key to another host.
            async with self.session.post(self.address.url, json=body, allow_redirects=False) as response:
                content = await self._bounded(response)
                return self._read(response, content)
        except TimeoutError:
            return TryAgain(reason=f"did not answer within {self.address.timeout_seconds:g} s")
        except aiohttp.ClientError as error:
            return TryAgain(reason=f"could not be reached ({self._quote(f'{type(error).__name__}: {error}')})")

    async def _bounded(self, response: aiohttp.ClientResponse) -> bytes:
        content = bytearray()
        async for chunk in response.content.iter_chunked(1 << 16):
            content += chunk
            if len(content) > MAX_ANSWER_BYTES:
                response.close()
                raise InfraFailure(f"{self.address.url} sent more than {MAX_ANSWER_BYTES:,} bytes; not a chat answer")
        return bytes(content)

    def _read(self, response: aiohttp.ClientResponse, content: bytes) -> JsonObject | TryAgain:
        if response.status == 200:  # noqa: PLR2004 - HTTP's "OK"
            try:
                return as_object(parse_json(content), "the answer")
            except InputError as error:
                return TryAgain(reason=f"sent no usable JSON ({self._quote(str(error))})")
        said = self._quote(content.decode("utf-8", errors="replace"))
        reason = f"answered {response.status} ({said})"
        if response.status in REFUSED_KEY:
            key = f"check the key in {self.address.variable}" if self.address.variable else "it seems to want a key"
            raise NotAllowedError(f"{self.address.url} {reason}; {key}")
        if response.status in WORTH_RETRYING or response.status >= FIRST_SERVER_ERROR:
            asked = parse_retry_after(response.headers.get("Retry-After"), self.resources.clock())
            return TryAgain(reason=reason, retry_after=asked)
        raise ModelFailure(f"{self.address.url} {reason}")

    def _quote(self, text: str) -> str:
        # Some servers repeat the key in their refusal.
        if self.address.secret is not None:
            text = text.replace(self.address.secret.reveal(), "***")
        return quote(text)


@asynccontextmanager
async def open_client(address: Address, resources: Resources) -> AsyncIterator[Client]:
    """A client whose connections are closed at the end of the block."""
    timeout = aiohttp.ClientTimeout(total=address.timeout_seconds)
    async with aiohttp.ClientSession(headers=address.headers, timeout=timeout) as session:
        yield Client(address=address, session=session, resources=resources)
        # Lets TLS connections close before the loop does, as aiohttp's guide advises.
        await asyncio.sleep(0)


def quote(text: str) -> str:
    r"""Words from outside, short and without line breaks or control characters.

    >>> quote("bad\x1b[31m\n" + "x" * 300)[:20]
    'bad\\x1b[31m\\nxxxxxxx'
    """
    safe = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: 2 * QUOTED_CHARACTERS].strip())
    return safe if len(safe) <= QUOTED_CHARACTERS else safe[: QUOTED_CHARACTERS - 1] + "…"
