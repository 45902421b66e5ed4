"""Whether a telephone number is one that a country's numbering plan has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata

from preceptor.core.errors import InputError


def is_valid_number(written: str, regions: Sequence[str]) -> bool:
    """True when one of the regions has such a number; written without country code or leading zero.

    >>> is_valid_number("612 345 678", ("GB", "ES")), is_valid_number("112 345 678", ("ES",))
    (True, False)
    """
    digits = "".join(filter(str.isdecimal, written))
    # The whole check takes far longer than this first look, which turns most candidates away.
    return any(_general_form(region).fullmatch(digits) and _is_valid_in(digits, region) for region in regions)


@cache
def _general_form(region: str) -> re.Pattern[str]:
    metadata = PhoneMetadata.metadata_for_region(region)
    description = metadata.general_desc if metadata else None
    if description is None or description.national_number_pattern is None:
        raise InputError(f"no numbering plan of a region {region!r} is known; name it by its ISO 3166 code")
    return re.compile(description.national_number_pattern)


def _is_valid_in(digits: str, region: str) -> bool:
    country = phonenumbers.country_code_for_region(region)
    number = phonenumbers.PhoneNumber(country_code=country, national_number=int(digits))
    return bool(phonenumbers.is_valid_number_for_region(number, region))
