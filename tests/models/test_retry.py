from datetime import UTC, datetime

from preceptor.models.retry import LONGEST_WAIT_SECONDS, parse_retry_after, wait_seconds

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_a_wait_lies_anywhere_between_nothing_and_the_doubled_limit():
    """Full jitter: uniform between 0 and first * 2^attempt."""
    assert wait_seconds(3, None, lambda: 0.0) == 0.0
    assert wait_seconds(3, None, lambda: 1.0) == 0.5 * 2**3


def test_a_wait_never_passes_the_longest():
    assert wait_seconds(1000, None, lambda: 1.0) == LONGEST_WAIT_SECONDS


def test_what_the_server_asks_for_is_never_undercut():
    assert wait_seconds(0, 20.0, lambda: 0.0) == 20.0


def test_retry_after_is_read_as_seconds_or_as_a_date():
    assert parse_retry_after("2", NOON) == 2.0
    assert parse_retry_after("Tue, 24 Nov 2026 12:01:00 GMT", NOON) == 60.0


def test_a_date_that_has_passed_asks_for_no_wait():
    assert parse_retry_after("Tue, 24 Nov 2026 11:00:00 GMT", NOON) == 0.0


def test_an_unusable_retry_after_is_no_wish():
    assert [parse_retry_after(text, NOON) for text in (None, "", "nan", "inf", "later")] == [None] * 5
