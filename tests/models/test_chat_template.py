"""The metadata of a GGUF file as its specification lays it out: key, type 8 (text), length, text."""

import struct

import pytest

from preceptor.models.chat_template import chat_template, shows_tools

TEMPLATE = "{% if tools %}…{% endif %}"


def gguf(tmp_path, template: str = TEMPLATE, kind: int = 8, length: int | None = None):
    text = template.encode()
    entry = b"tokenizer.chat_template" + struct.pack("<IQ", kind, len(text) if length is None else length) + text
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF" + b"\x03\0\0\0" + b"x" * 100 + entry + b"rest")
    return path


def test_the_template_is_found(tmp_path):
    assert chat_template(gguf(tmp_path)) == TEMPLATE
    assert shows_tools(chat_template(gguf(tmp_path)))


@pytest.mark.parametrize("broken", [{"kind": 4}, {"length": 2**60}])
def test_a_broken_entry_is_no_template(tmp_path, broken):
    assert chat_template(gguf(tmp_path, **broken)) is None


def test_a_file_without_one_has_none(tmp_path):
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    assert chat_template(tmp_path / "m.gguf") is None
    assert not shows_tools(None)
