"""The one pass over many texts finds what each pattern finds in each text alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from preceptor.governance import pattern_scan
from preceptor.governance.pattern_scan import spans_in_windows
from preceptor.governance.personal_data import FirstLayer, first_layer

TEXTS = [
    "",
    "nothing here",
    "write to ada@example.org or call +44 20 7946 0958",
    "ñandú, contraseña: hunter2! y DNI 12345678Z",
    "👍 card 4111 1111 1111 1111 \u202e at 203.0.113.7 \ud800",
    "password: hunter2! " + "x" * 3_000 + " GB29 NWBK 6016 1331 9268 19",
    "born on 10/12/1815, ssn 078-05-1120, phone: 2125550142",
    "-----BEGIN PRIVATE KEY-----\nMIIE",
]
PIECES = [
    "ada@example.org", "4111111111111111", "078-05-1120", "GB29NWBK60161331926819", "203.0.113.7", "12345678Z",
    "tel", "phone: ", "born", "10/12/1815", "612 345 678", "password=", "x1y2z3!", " ", "-", ".", "ñ", "7", "a", "\n",
    "ZIP ", "90210", "+44 20 7946 0958", "order ", "sk-abcdefghijklmnopqrstuvwx", "👍", "0", "//u:p4ss@h.org",
]  # fmt: skip


def whole(text: str) -> list[tuple[str, int, int]]:
    """What the patterns find when each reads all of the text: what the pass must find too."""
    layer = first_layer()
    return sorted((pattern.type, *span) for pattern in layer.scan.patterns for span in pattern.find(text))


def windowed(texts: list[str]) -> list[list[tuple[str, int, int]]]:
    layer = first_layer()
    found: list[list[tuple[str, int, int]]] = [[] for _ in texts]
    for place, candidates in layer.scan.candidates(texts):
        for number, windows in candidates:
            pattern = layer.scan.patterns[number]
            found[place] += [(pattern.type, *span) for span in spans_in_windows(pattern, texts[place], windows)]
    return [sorted(own) for own in found]


def test_one_pass_finds_what_each_pattern_finds_alone():
    assert windowed(TEXTS) == [whole(text) for text in TEXTS]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), max_size=4))
def test_one_pass_finds_the_same_in_texts_of_pieces(texts):
    assert windowed(texts) == [whole(text) for text in texts]


def test_neighbours_make_no_difference():
    """A value is never found across two texts, and company hides none."""
    together = dict(first_layer().find_in(["my phone: ", "2125550142", "ada@", "example.org", "ada@example.org"]))
    assert list(together) == [4]


def test_texts_over_many_chunks_keep_their_places(monkeypatch):
    monkeypatch.setattr(pattern_scan, "MOST_CHARACTERS", 40)
    texts = [f"text {number} by ada{number}@example.org" for number in range(50)]
    assert [place for place, _ in first_layer().find_in(texts)] == list(range(50))


def test_without_hyperscan_every_pattern_reads_every_text(monkeypatch):
    before = [first_layer().find(text) for text in TEXTS]
    monkeypatch.setattr(pattern_scan, "HAS_HYPERSCAN", False)
    assert [first_layer().find(text) for text in TEXTS] == before


def test_offsets_count_characters_not_bytes():
    text = "ñandú 👍 ada@example.org"
    (found,) = first_layer().find(text)
    assert text[found.start : found.end] == "ada@example.org"


def test_no_patterns_find_nothing():
    assert FirstLayer(()).find("ada@example.org") == []


def test_several_threads_may_scan_at_once():
    """Hyperscan's scratch space serves one scan at a time: each thread has its own."""
    layer = FirstLayer(first_layer().scan.patterns)
    texts = [f"text {number} by ada{number}@example.org" for number in range(500)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: [place for place, _ in layer.find_in(texts)], range(32)))
    assert results == [list(range(500))] * 32
