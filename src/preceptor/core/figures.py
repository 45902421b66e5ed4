"""Numbers as people read them in reports; what was not measured says so."""

from __future__ import annotations

from datetime import UTC, datetime

NOT_MEASURED = "not measured"
MINUS = "\N{MINUS SIGN}"
SMALLEST_P = 0.001
LARGE = 1000
SMALLEST_PLAIN = 0.0001
SHORT_HASH = 16


def figure(value: float | None) -> str:
    """A value with three decimals; from 1000 on with none.

    >>> figure(0.5), figure(-0.0204), figure(12345.6), figure(None)
    ('0.500', '−0.020', '12,346', 'not measured')
    """
    if value is None:
        return NOT_MEASURED
    text = f"{abs(value):,.0f}" if abs(value) >= LARGE else f"{abs(value):.3f}"
    return (MINUS if value < 0 and float(text.replace(",", "")) else "") + text


def small_figure(value: float | None) -> str:
    """A value with three digits that count, for what may be very small: seconds, dollars.

    >>> small_figure(0.000123), small_figure(-1.5), small_figure(12345.6), small_figure(0.0)
    ('0.000123', '−1.5', '12,346', '0')
    """
    if value is None:
        return NOT_MEASURED
    text = f"{abs(value):,.0f}" if abs(value) >= LARGE else _plain_digits(abs(value))
    return f"{MINUS}{text}" if value < 0 and text != "0" else text


def signed(value: float | None) -> str:
    """A difference with its sign.

    >>> signed(0.0831), signed(-0.2), signed(0.0)
    ('+0.083', '−0.200', '0.000')
    """
    text = figure(value)
    return f"+{text}" if value is not None and value > 0 and text != figure(0.0) else text


def interval_text(interval: tuple[float, float] | None) -> str:
    """Both ends of an interval.

    >>> interval_text((-0.01, 0.2)), interval_text(None)
    ('[−0.010, 0.200]', 'no interval')
    """
    return "no interval" if interval is None else f"[{figure(interval[0])}, {figure(interval[1])}]"


def count(value: int | None) -> str:
    """A number of things.

    >>> count(12345), count(None)
    ('12,345', 'not known')
    """
    return "not known" if value is None else f"{value:,}"


def percent(share: float) -> str:
    """A share of one as a percentage with one decimal.

    >>> percent(0.2346)
    '23.5%'
    """
    return f"{share:.1%}"


def round_percent(share: float) -> str:
    """A round share (a confidence level, a place on an axis) in percent, with no more digits than it has.

    >>> round_percent(0.95), round_percent(0.975)
    ('95%', '97.5%')
    """
    return f"{100 * share:g}%"


def percent_interval(interval: tuple[float, float]) -> str:
    """The interval of a share in percent.

    >>> percent_interval((0.1, 0.25))
    '[10.0%, 25.0%]'
    """
    return f"[{percent(interval[0])}, {percent(interval[1])}]"


def p_value(value: float | None) -> str:
    """A p-value as it is reported.

    >>> p_value(0.0004), p_value(0.0312), p_value(None)
    ('< 0.001', '0.031', 'no test')
    """
    if value is None:
        return "no test"
    return f"< {SMALLEST_P}" if value < SMALLEST_P else f"{value:.3f}"


def moment(value: datetime | None) -> str:
    """A moment in UTC, to the minute.

    >>> moment(datetime(2026, 11, 24, 12, 5, 9, tzinfo=UTC))
    '24 November 2026, 12:05 UTC'
    """
    return "not recorded" if value is None else f"{value.astimezone(UTC):%-d %B %Y, %H:%M} UTC"


def words(name: str) -> str:
    """A name from code as a reader sees it.

    >>> words("non_inferiority")
    'non inferiority'
    """
    return name.replace("_", " ")


def short_hash(text: str) -> str:
    """The first digits of a hash, enough to compare by eye.

    >>> short_hash("0123456789abcdef0123")
    '0123456789abcdef…'
    """
    return text if len(text) <= SHORT_HASH else f"{text[:SHORT_HASH]}…"


def _plain_digits(value: float) -> str:
    return f"{value:.3g}" if value == 0 or value >= SMALLEST_PLAIN else f"{value:.9f}".rstrip("0").rstrip(".")
