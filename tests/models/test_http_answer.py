"""Framing of HTTP/1.1 answers as RFC 9112, section 6, has it, in one piece and byte by byte."""

import pytest

from preceptor.models.http_answer import AnswerReader, BrokenAnswerError, TooLongError

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;name=value\r\nlo\r\n0\r\nTrailer: x\r\n\r\n"
)
CHUNKED_WITHOUT_TRAILER = b"HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
AFTER_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN


def read(content: bytes, step: int = 10_000, max_bytes: int = 1000):
    reader = AnswerReader(max_bytes)
    found = None
    for start in range(0, len(content), step):
        assert found is None
        found = reader.feed(content[start : start + step])
    return found


@pytest.mark.parametrize("step", [1, 2, 7, 10_000])
@pytest.mark.parametrize("content", [PLAIN, CHUNKED, CHUNKED_WITHOUT_TRAILER, AFTER_CONTINUE])
def test_an_answer_is_read_in_pieces_of_any_size(content, step):
    answer = read(content, step)
    assert (answer.status, answer.content, answer.is_last) == (200, b"hello", False)


def test_names_of_headers_are_in_lower_case():
    assert read(b"HTTP/1.1 429 Too Many\r\nRetry-After:  7 \r\nContent-Length: 0\r\n\r\n").headers["retry-after"] == "7"


def test_an_answer_without_length_ends_with_its_connection():
    reader = AnswerReader(1000)
    assert reader.feed(b"HTTP/1.1 200 OK\r\n\r\nhel") is None
    assert reader.feed(b"lo") is None
    answer = reader.end()
    assert (answer.content, answer.is_last) == (b"hello", True)


@pytest.mark.parametrize("cut", [b"", PLAIN[:10], PLAIN[:-1], CHUNKED[:-1]])
def test_a_cut_answer_is_broken(cut):
    reader = AnswerReader(1000)
    assert not reader.feed(cut)
    with pytest.raises(BrokenAnswerError, match="cut off"):
        reader.end()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (PLAIN.replace(b"OK", b"OK\r\nConnection: close"), "the server says so"),
        (PLAIN.replace(b"1.1", b"1.0"), "HTTP/1.0 closes"),
        (PLAIN + b"HTTP/1.1 200 OK\r\n", "what follows is nobody's answer"),
        (CHUNKED + b"x", "the same after chunks"),
        (CHUNKED.replace(b"OK", b"OK\r\nContent-Length: 5"), "two lengths: a smuggled answer may follow"),
    ],
)
def test_a_connection_is_not_used_again_after_such_an_answer(content, why):
    answer = read(content)
    assert answer.content == b"hello", why
    assert answer.is_last, why


@pytest.mark.parametrize(
    "content",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 2000,
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000,
    ],
)
def test_what_is_no_answer_is_broken(content):
    with pytest.raises(BrokenAnswerError):
        read(content)


@pytest.mark.parametrize(
    "content",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1f4\r\n" + b"x" * 500 + b"\r\n1f5\r\n",
    ],
)
def test_an_answer_that_is_too_long_is_not_taken(content):
    with pytest.raises(TooLongError, match="more than 1,000 bytes"):
        read(content)


def test_an_answer_without_content_needs_no_length():
    assert read(b"HTTP/1.1 204 No Content\r\n\r\n").content == b""
