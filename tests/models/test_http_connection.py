"""Connections on real sockets: kept, dropped, encrypted."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from preceptor.core.errors import InputError
from preceptor.models.http_connection import IDLE_SECONDS, Connections, origin_of

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


class RawServer:
    """Counts connections, keeps what it was sent, and writes `answer` to each request."""

    def __init__(self, answer: bytes = ANSWER, seconds: float = 0.0) -> None:
        self.answer, self.seconds = answer, seconds
        self.num_connections = 0
        self.now = 0.0
        self.received = b""
        self.handlers: list[asyncio.Task[None] | None] = []

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.handlers.append(asyncio.current_task())
        self.num_connections += 1
        with suppress(ConnectionError):
            while received := await reader.read(65_536):
                self.received += received
                await asyncio.sleep(self.seconds)
                writer.write(self.answer)
        writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()

    @asynccontextmanager
    async def serve(self, context: ssl.SSLContext | None = None) -> AsyncIterator[Connections]:
        """Connections to this server, closed at the end of the block, and the server after them."""
        server = await asyncio.start_server(self.handle, "127.0.0.1", 0, ssl=context)
        scheme = "https" if context else "http"
        url = f"{scheme}://localhost:{server.sockets[0].getsockname()[1]}/v1/x"
        pool = Connections(origin_of(url, {"X-Key": "k"}), 1000, lambda: self.now)
        async with server:
            yield pool
            pool.close()
            await asyncio.gather(*self.handlers)


async def test_posts_after_each_other_share_a_connection():
    raw = RawServer()
    async with raw.serve() as pool:
        for _ in range(3):
            assert (await pool.post(b"{}")).content == b"hi"
    assert raw.num_connections == 1
    head = raw.received.decode().split("\r\n\r\n")[0].split("\r\n")
    assert head[0] == "POST /v1/x HTTP/1.1"
    assert {"X-Key: k", "Content-Length: 2", "Content-Type: application/json"} <= set(head)


async def test_a_connection_that_was_idle_for_long_is_not_trusted():
    raw = RawServer()
    async with raw.serve() as pool:
        await pool.post(b"{}")
        raw.now = IDLE_SECONDS + 1
        await pool.post(b"{}")
    assert raw.num_connections == 2


async def test_the_answer_to_a_cancelled_post_is_never_given_to_the_next():
    raw = RawServer(seconds=0.05)
    async with raw.serve() as pool:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pool.post(b"{}"), 0.01)
        raw.answer = ANSWER.replace(b"hi", b"ho")
        assert (await pool.post(b"{}")).content == b"ho"
    assert raw.num_connections == 2


async def test_bytes_that_nobody_asked_for_end_the_connection():
    """A second answer sent with the first must not be taken for the next request's."""
    raw = RawServer(answer=ANSWER + ANSWER.replace(b"hi", b"no"))
    async with raw.serve() as pool:
        await pool.post(b"{}")
        assert (await pool.post(b"{}")).content == b"hi"
    assert raw.num_connections == 2


@pytest.fixture
def certificate(tmp_path):
    """A certificate for localhost that nobody trusts, and the server's side of it."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("no openssl program here to make a certificate with")
    key, path = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", path, "-days", "2"]
    subprocess.run(
        [*made, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key)
    return path, context


async def test_a_trusted_server_is_spoken_to_encrypted(certificate, monkeypatch):
    path, context = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    async with RawServer().serve(context) as pool:
        assert (await pool.post(b"{}")).content == b"hi"


async def test_a_server_that_nobody_trusts_is_told_nothing(certificate):
    raw = RawServer()
    async with raw.serve(certificate[1]) as pool:
        with pytest.raises(ssl.SSLCertVerificationError):
            await pool.post(b"{}")
    assert raw.received == b""


def test_the_head_of_a_request_is_shown_nowhere():
    assert "secret" not in repr(origin_of("https://example.org/v1", {"Authorization": "Bearer secret"}))


def test_an_address_without_port_has_the_schemes_own():
    origin = origin_of("https://example.org/a b", {})
    assert (origin.port, origin.is_encrypted) == (443, True)
    assert origin.head.startswith(b"POST /a%20b HTTP/1.1\r\nHost: example.org\r\n")


def test_an_address_of_version_6_stands_in_brackets():
    assert b"\r\nHost: [::1]:8000\r\n" in origin_of("http://[::1]:8000/v1", {}).head


def test_a_header_with_a_line_break_is_refused_without_being_shown():
    with pytest.raises(InputError, match="cannot carry") as caught:
        origin_of("http://x/v1", {"Authorization": "Bearer secret\r\nX: y"})
    assert "secret" not in str(caught.value)
