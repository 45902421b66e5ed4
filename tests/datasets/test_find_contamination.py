"""A file is searched as it is read."""

from __future__ import annotations

from itertools import islice

from preceptor.core.rows import BadRow, iter_rows
from preceptor.datasets import find_contamination as searched
from preceptor.datasets.ngram_index import build_index

CASE = "one two three four five six seven eight nine"


def test_rows_come_in_order_while_the_rest_of_the_file_is_unread(tmp_path, monkeypatch):
    """With groups of three rows, the fourth row has been found when at most six were read, of a thousand."""
    num_read = 0

    def counted(path):
        nonlocal num_read
        for row in iter_rows(path):
            num_read += 1
            yield row

    monkeypatch.setattr(searched, "iter_sound_rows", counted)
    monkeypatch.setattr(searched, "BATCH_RECORDS", 3)
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a"}\n{"no": 1}\n' + f'{{"text": "{CASE}"}}\n' * 998, encoding="utf-8")
    search = searched.Search(index=build_index({"a": CASE}, 8, 0.1))
    rows = list(islice(searched.iter_searched_rows(path, search), 4))
    assert num_read <= 6
    assert isinstance(rows[1], BadRow)
    assert [(row.line, [one.case_id for one in row.overlaps]) for row in (rows[0], *rows[2:])] == [
        (1, []),
        (3, ["a"]),
        (4, ["a"]),
    ]
