"""What every personal-data pattern and every locale promises, whoever wrote it."""

from __future__ import annotations

import re
from dataclasses import is_dataclass

import pytest

from preceptor.governance.personal_data import first_layer
from preceptor.governance.personal_data_locale import personal_data_locales
from preceptor.governance.personal_data_pattern import Reach, personal_data_patterns

HOSTILE = ("", " ", "\x00", "\ud800", "a" * 10_000, "1 " * 5_000, "👍\u202e", "ada@example.org", "password: x1y2z3!")


@pytest.fixture(params=personal_data_patterns.names())
def plugin(request):
    return personal_data_patterns.create(request.param)


@pytest.fixture(params=range(len(first_layer(("URL",)).scan.patterns) + len(first_layer().scan.patterns)))
def pattern(request):
    return [*first_layer(("URL",)).scan.patterns, *first_layer().scan.patterns][request.param]


def test_a_plugin_is_a_frozen_dataclass_with_a_version_and_an_example(plugin):
    assert is_dataclass(plugin)
    assert type(plugin).__dataclass_params__.frozen
    assert plugin.version >= 1
    assert ">>>" in (type(plugin).__doc__ or "")


def test_type_is_a_name_in_capitals(pattern):
    assert re.fullmatch("[A-Z][A-Z_]+", pattern.type)


def test_triggers_and_reach_are_given(pattern):
    assert pattern.triggers
    assert pattern.reach is None or (isinstance(pattern.reach, Reach) and min(pattern.reach) >= 0)


@pytest.mark.parametrize("text", HOSTILE)
def test_findings_are_in_order_inside_the_text_and_do_not_overlap(pattern, text):
    after = 0
    for start, end in pattern.find(text):
        assert after <= start < end <= len(text)
        after = end


@pytest.mark.parametrize("name", personal_data_locales.names())
def test_a_locale_is_named_by_its_language_and_has_what_pseudonyms_need(name):
    plugin = personal_data_locales.create(name)
    locale = plugin.locale
    assert locale.language == name
    assert len(locale.given_names) >= 10
    assert len(locale.family_names) >= 10
    words = (*locale.phone_words, *locale.phone_words_after, *locale.other_number_words, *locale.name_cues)
    assert all(word == word.lower() for word in words)
    assert ">>>" in (type(plugin).__doc__ or "")
