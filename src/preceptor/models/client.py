"""Post requests to a model's HTTP address: retries, time-outs, bounded answers, and errors that never show a key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from preceptor.core.errors import InputError, NotAllowedError
from preceptor.core.json_values import JsonObject, at_path
from preceptor.models.failures import InfraFailure, ModelFailure
from preceptor.models.http_answer import HttpAnswer, TooLongError
from preceptor.models.http_connection import Connections, origin_of
from preceptor.models.json_text import decode_object, encode_json
from preceptor.models.pacing import Fate, Pace, PaceLimits
from preceptor.models.provider import Resources
from preceptor.models.retry import LONGEST_RETRY_AFTER_SECONDS, MOST_RATE_LIMITED_TRIES, parse_retry_after, wait_seconds
from preceptor.settings import Secret

MAX_ANSWER_BYTES = 8_000_000
QUOTED_CHARACTERS = 200
RATE_LIMITED = 429
WORTH_RETRYING = frozenset({408, 409, 425, RATE_LIMITED})
REFUSED_KEY = frozenset({401, 403})
PAYMENT_REQUIRED = 402
OUT_OF_MONEY = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
FIRST_SERVER_ERROR = 500


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where requests go, how patiently and how fast; `headers` may carry the key, so they are never shown."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    secret: Secret | None
    variable: str | None
    timeout_seconds: float
    max_retries: int
    limits: PaceLimits = field(default_factory=PaceLimits)


@dataclass(frozen=True, kw_only=True)
class TryAgain:
    """An attempt that failed in a way that may pass; `retry_after` is in seconds."""

    reason: str
    retry_after: float | None = None
    is_rate_limit: bool = False


@dataclass(frozen=True, kw_only=True)
class Client:
    """Open connections to one address; any number of posts may be asked for at once, `pace` lets them in."""

    address: Address
    connections: Connections = field(repr=False)
    resources: Resources = field(repr=False)
    pace: Pace = field(repr=False)

    async def post(self, body: JsonObject, num_tokens: int = 0) -> JsonObject:
        """The answer's JSON object; `num_tokens` is the estimate that a limit of tokens a minute counts.

        Raises InfraFailure when every try failed, ModelFailure when the request was refused,
        NotAllowedError when the key was, or the account has no money left.
        """
        content = encode_json(body)
        num_tries = num_in_vain = 0
        while True:
            answered_before = self.pace.num_answered
            outcome = await self._paced_attempt(content, num_tokens, is_retry=num_tries > 0)
            if not isinstance(outcome, TryAgain):
                return outcome
            num_tries += 1
            # While others are answered, a rate limit means "later", not "never".
            is_queueing = outcome.is_rate_limit and self.pace.num_answered > answered_before
            num_in_vain = 0 if is_queueing else num_in_vain + 1
            self._give_up(outcome, num_tries, num_in_vain)
            await self.resources.sleep(wait_seconds(num_tries - 1, outcome.retry_after, self.resources.random))

    def _give_up(self, outcome: TryAgain, num_tries: int, num_in_vain: int) -> None:
        """InfraFailure where another try makes no sense."""
        most = self.address.max_retries
        if most == 0 or num_in_vain > most or num_tries >= MOST_RATE_LIMITED_TRIES:
            tries = f"{num_tries} tries" if num_tries > 1 else "1 try"
            raise InfraFailure(f"{self.address.url} {outcome.reason}; gave up after {tries}, run again later")
        if (outcome.retry_after or 0.0) > LONGEST_RETRY_AFTER_SECONDS:
            raise InfraFailure(f"{self.address.url} {outcome.reason} and asks to wait {outcome.retry_after:.0f} s")

    async def _paced_attempt(self, content: bytes, num_tokens: int, *, is_retry: bool) -> JsonObject | TryAgain:
        ticket = await self.pace.enter(num_tokens, is_retry=is_retry)
        fate: Fate = "failed"
        retry_after = None
        try:
            outcome = await self._attempt(content)
            if not isinstance(outcome, TryAgain):
                fate = "answered"
            elif outcome.is_rate_limit:
                fate, retry_after = "limited", outcome.retry_after
        finally:
            self.pace.leave(ticket, fate, retry_after)
        return outcome

    async def _attempt(self, content: bytes) -> JsonObject | TryAgain:
        try:
            async with asyncio.timeout(self.address.timeout_seconds):
                answer = await self.connections.post(content)
        except TimeoutError:
            return TryAgain(reason=f"did not answer within {self.address.timeout_seconds:g} s")
        except TooLongError as error:
            raise InfraFailure(f"{self.address.url} sent {error}; not a chat answer") from error
        except OSError as error:
            return TryAgain(reason=f"could not be reached ({self._quote(f'{type(error).__name__}: {error}')})")
        return self._read(answer)

    def _read(self, answer: HttpAnswer) -> JsonObject | TryAgain:
        if answer.status == 200:  # noqa: PLR2004 - HTTP's "OK"
            try:
                return decode_object(answer.content)
            except InputError as error:
                return TryAgain(reason=f"sent no usable JSON ({self._quote(str(error))})")
        said = self._quote(answer.content.decode("utf-8", errors="replace"))
        reason = f"answered {answer.status} ({said})"
        if answer.status in REFUSED_KEY:
            key = f"check the key in {self.address.variable}" if self.address.variable else "it seems to want a key"
            raise NotAllowedError(f"{self.address.url} {reason}; {key}")
        if answer.status == PAYMENT_REQUIRED or _is_out_of_money(answer):
            raise NotAllowedError(
                f"{self.address.url} {reason}; the account has no money or quota left: add some with the provider, "
                "then run again, what is answered is kept"
            )
        if answer.status in WORTH_RETRYING or answer.status >= FIRST_SERVER_ERROR:
            asked = parse_retry_after(answer.headers.get("retry-after"), self.resources.clock())
            return TryAgain(reason=reason, retry_after=asked, is_rate_limit=answer.status == RATE_LIMITED)
        raise ModelFailure(f"{self.address.url} {reason}")

    def _quote(self, text: str) -> str:
        # Some servers repeat the key in their refusal.
        if self.address.secret is not None:
            text = text.replace(self.address.secret.reveal(), "***")
        return quote(text)


@asynccontextmanager
async def open_client(address: Address, resources: Resources) -> AsyncIterator[Client]:
    """A client whose connections are closed at the end of the block."""
    connections = Connections(origin_of(address.url, address.headers), MAX_ANSWER_BYTES, resources.stopwatch)
    try:
        yield Client(
            address=address,
            connections=connections,
            resources=resources,
            pace=Pace(address.limits, resources),
        )
    finally:
        connections.close()
        # Lets the closed connections be forgotten before the loop ends.
        await asyncio.sleep(0)


def _is_out_of_money(answer: HttpAnswer) -> bool:
    """True for the 429 that says: not too fast, but not paid for. Waiting does not help then."""
    if answer.status != RATE_LIMITED:
        return False
    try:
        said = decode_object(answer.content)
    except InputError:
        return False
    return not OUT_OF_MONEY.isdisjoint({str(at_path(said, "error.code")), str(at_path(said, "error.type"))})


def quote(text: str) -> str:
    r"""Words from outside, short and without line breaks or control characters.

    >>> quote("bad\x1b[31m\n" + "x" * 300)[:20]
    'bad\\x1b[31m\\nxxxxxxx'
    """
    safe = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: 2 * QUOTED_CHARACTERS].strip())
    return safe if len(safe) <= QUOTED_CHARACTERS else safe[: QUOTED_CHARACTERS - 1] + "…"
