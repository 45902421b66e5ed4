"""One file adds one plugin; its settings are checked and recorded."""

from __future__ import annotations

import importlib.metadata
import sys
from dataclasses import dataclass
from typing import ClassVar

import pytest

from preceptor.core.construct import Problems
from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.pages import Page
from preceptor.core.registry import Registry, class_name

PLUGIN = '''
from dataclasses import dataclass
from typing import ClassVar

@dataclass(frozen=True, kw_only=True)
class LoudShout:
    """Says it loudly."""
    version: ClassVar[int] = 3
    word: str
    times: int = 1
'''


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Comes from another package."""

    version: ClassVar[int] = 1


@pytest.fixture
def registry(tmp_path, monkeypatch):
    folder = tmp_path / "plugins_of_a_test"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "_private.py").write_text("")
    (folder / "loud_shout.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(tmp_path)
    yield Registry(kind="shout", folder="plugins_of_a_test")
    for name in [name for name in sys.modules if name.startswith("plugins_of_a_test")]:
        del sys.modules[name]


def test_a_file_is_a_plugin(registry):
    assert registry.names() == ["loud_shout"]
    assert registry.get("loud-shout").__name__ == "LoudShout"


def test_an_unknown_name_lists_what_there_is(registry):
    with pytest.raises(NotFoundError, match="no shout named 'quiet'; there are: loud_shout"):
        registry.get("quiet")


def test_every_wrong_setting_is_named_at_once(registry):
    with pytest.raises(InputError) as caught:
        registry.create("loud_shout", {"wrd": "x", "times": "two"})
    assert str(caught.value).count("\n") == 2


def test_an_unknown_kind_is_a_mistake_of_the_document(registry):
    problems = Problems("x.yaml")
    assert registry.construct("quiet", {}, problems) is None
    assert "no shout named" in problems.found[0][1]


def test_identity_changes_with_settings_and_version(registry):
    first = registry.identify(registry.create("loud_shout", {"word": "a"}))
    second = registry.identify(registry.create("loud_shout", {"word": "b"}))
    assert (first.kind, first.name, first.version, first.settings) == (
        "shout",
        "loud_shout",
        3,
        {"word": "a", "times": 1},
    )
    assert first.hash != second.hash


def test_describe_gives_name_summary_and_settings(registry):
    assert list(registry.describe()) == [
        ("loud_shout", "Says it loudly.", {"word": "<class 'str'>", "times": "<class 'int'>"})
    ]


def test_another_package_adds_a_plugin(registry, monkeypatch):
    point = importlib.metadata.EntryPoint(name="out-side", value=f"{__name__}:Outside", group="preceptor.shout")
    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or type(sys)("x"))
    monkeypatch.setattr(sys.modules[__name__], "Outside", Outside, raising=False)
    monkeypatch.setattr("preceptor.core.registry.entry_points", lambda **_: [point])
    assert registry.names() == ["loud_shout", "out_side"]
    assert registry.create("out_side") == Outside()


def test_file_names_become_class_names():
    assert class_name("exact_match") == "ExactMatch"


def test_a_page_ends_without_a_cursor():
    assert Page(items=[1]).next_cursor is None
