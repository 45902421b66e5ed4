"""What every model provider keeps to."""

import dataclasses
import inspect
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from preceptor.core.errors import InputError
from preceptor.core.ids import canonical_json
from preceptor.models.provider import Resources, providers
from preceptor.settings import Secret

KEY = "sk-contract-0123456789"
REQUIRED = {"replay": {"path": "log.jsonl"}}
NAMES = providers.names()


def create(name: str):
    return providers.create(name, REQUIRED.get(name, {"model": "some-model"}))


def test_the_four_providers_are_found():
    assert {"anthropic", "local", "openai", "replay"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_provider_is_frozen_settings_with_a_version_and_a_summary(name):
    cls = providers.get(name)
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen
    assert isinstance(cls.version, int)
    assert (inspect.getdoc(cls) or "").splitlines()[0].endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_a_provider_names_its_model(name):
    assert create(name).model


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_setting_is_named(name):
    with pytest.raises(InputError, match="unknown key 'nonsense'"):
        providers.create(name, {**REQUIRED.get(name, {"model": "m"}), "nonsense": 1})


@pytest.mark.parametrize("name", NAMES)
def test_the_same_settings_are_the_same_provider(name):
    assert create(name) == create(name)
    assert providers.identify(create(name)).hash == providers.identify(create(name)).hash


@pytest.mark.parametrize("name", NAMES)
def test_opening_gives_a_block_and_neither_it_nor_the_settings_show_a_key(name, tmp_path: Path):
    resources = Resources(secret=lambda _: Secret(KEY), cache_folder=tmp_path)
    provider = create(name)
    opened = provider.open(resources)
    assert isinstance(opened, AbstractAsyncContextManager)
    shown = repr(provider) + repr(opened) + repr(resources) + canonical_json(provider).decode()
    assert KEY not in shown
