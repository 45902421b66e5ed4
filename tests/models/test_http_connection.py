"""Connections on real sockets: kept, dropped, encrypted."""

import asyncio
import shutil
import ssl
import subprocess
import time

import pytest

from preceptor.core.errors import InputError
from preceptor.models.http_connection import IDLE_SECONDS, Connections, origin_of

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


class RawServer:
    """Counts connections, keeps what it was sent, and writes `answer` to each request."""

    def __init__(self, answer: bytes = ANSWER, seconds: float = 0.0) -> None:
        self.answer, self.seconds = answer, seconds
        self.num_connections = 0
        self.received = b""

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.num_connections += 1
        while received := await reader.read(65_536):
            self.received += received
            await asyncio.sleep(self.seconds)
            writer.write(self.answer)
        writer.close()

    async def start(self, context: ssl.SSLContext | None = None) -> tuple[asyncio.Server, str]:
        server = await asyncio.start_server(self.handle, "127.0.0.1", 0, ssl=context)
        scheme = "https" if context else "http"
        return server, f"{scheme}://localhost:{server.sockets[0].getsockname()[1]}/v1/x"


def connections(url: str, stopwatch=time.monotonic) -> Connections:
    return Connections(origin_of(url, {"X-Key": "k"}), 1000, stopwatch)


async def test_posts_after_each_other_share_a_connection():
    raw = RawServer()
    server, url = await raw.start()
    async with server:
        pool = connections(url)
        for _ in range(3):
            assert (await pool.post(b"{}")).content == b"hi"
        pool.close()
    assert raw.num_connections == 1
    head = raw.received.decode().split("\r\n\r\n")[0].split("\r\n")
    assert head[0] == "POST /v1/x HTTP/1.1"
    assert {"X-Key: k", "Content-Length: 2", "Content-Type: application/json"} <= set(head)


async def test_a_connection_that_was_idle_for_long_is_not_trusted():
    now = 0.0
    raw = RawServer()
    server, url = await raw.start()
    async with server:
        pool = connections(url, lambda: now)
        await pool.post(b"{}")
        now = IDLE_SECONDS + 1
        await pool.post(b"{}")
        pool.close()
    assert raw.num_connections == 2


async def test_the_answer_to_a_cancelled_post_is_never_given_to_the_next():
    raw = RawServer(seconds=0.05)
    server, url = await raw.start()
    async with server:
        pool = connections(url)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pool.post(b"{}"), 0.01)
        raw.answer = ANSWER.replace(b"hi", b"ho")
        assert (await pool.post(b"{}")).content == b"ho"
        pool.close()
    assert raw.num_connections == 2


async def test_bytes_that_nobody_asked_for_end_the_connection():
    """A second answer sent with the first must not be taken for the next request's."""
    raw = RawServer(answer=ANSWER + ANSWER.replace(b"hi", b"no"))
    server, url = await raw.start()
    async with server:
        pool = connections(url)
        await pool.post(b"{}")
        assert (await pool.post(b"{}")).content == b"hi"
        pool.close()
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
    server, url = await RawServer().start(context)
    async with server:
        pool = connections(url)
        assert (await pool.post(b"{}")).content == b"hi"
        pool.close()
        await asyncio.sleep(0.05)


async def test_a_server_that_nobody_trusts_is_told_nothing(certificate):
    raw = RawServer()
    server, url = await raw.start(certificate[1])
    async with server:
        pool = connections(url)
        with pytest.raises(ssl.SSLCertVerificationError):
            await pool.post(b"{}")
        pool.close()
        await asyncio.sleep(0.05)
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
