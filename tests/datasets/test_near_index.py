"""The index on disk finds what was added before, and holds an addition whole or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time

import pytest

from preceptor.core.errors import ConflictError, InputError, StorageError
from preceptor.datasets.batch import iter_batches
from preceptor.datasets.near_index import open_near_index
from preceptor.datasets.near_keys import NearSettings

SETTINGS = NearSettings(keep="first")


def words(start, count=40):
    return " ".join(f"word{number}" for number in range(start, start + count))


@pytest.fixture
def index(tmp_path):
    return open_near_index(tmp_path / "index", SETTINGS)


def add(index, records):
    return index.add(iter_batches(records))


def test_a_record_like_an_earlier_one_is_found(index, sft):
    first = [sft("q", words(0)), sft("q", words(100))]
    assert add(index, first) == (2, 2, [])
    # 41 words have 37 runs of five; one more word at the end adds one: 37 of 38.
    added = add(index, [sft("q", words(500)), sft("q", words(100) + " more"), sft("q", words(500))])
    assert (added.num_records, added.num_new, len(index)) == (3, 1, 3)
    near, copy = added.duplicates
    assert (near.ordinal, near.kept, near.was_indexed) == (1, first[1].id, True)
    assert near.score == pytest.approx(37 / 38)
    assert (copy.ordinal, copy.score, copy.was_indexed) == (2, 1.0, False)


def test_adding_again_changes_nothing_and_says_the_same(index, sft):
    one, two = [sft("q", words(0)), sft("q", words(0))], [sft("q", words(1)), sft("q", words(200))]
    answers = [add(index, one), add(index, two)]
    assert [add(index, one), add(index, two)] == answers
    assert len(index) == 2


def test_an_index_keeps_its_settings(index, sft, tmp_path):
    add(index, [sft("q", words(0))])
    assert len(open_near_index(index.folder, SETTINGS)) == 1
    with pytest.raises(ConflictError, match="use these settings"):
        open_near_index(index.folder, NearSettings(threshold=0.7))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="is no index and not empty"):
        open_near_index(tmp_path / "other", SETTINGS)


def test_a_damaged_segment_is_named(index, sft):
    add(index, [sft("q", words(0))])
    next(index.folder.glob("segment_*/hashes.bin")).unlink()
    with pytest.raises(StorageError, match="make the index again"):
        add(index, [sft("q", words(0) + " more")])


def test_nothing_can_be_added(index):
    assert add(index, []) == (0, 0, [])


PROGRAM = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from preceptor.datasets.batch import iter_batches
    from preceptor.datasets.near_index import open_near_index
    from preceptor.datasets.near_keys import NearSettings
    from preceptor.datasets.record import make_record
    from preceptor.models.types import Message

    index = open_near_index(Path(sys.argv[1]), NearSettings(keep="first"))
    for number in range(1_000):
        texts = [" ".join(f"w{number}_{row}_{place}" for place in range(30)) for row in range(200)]
        records = [make_record("sft", (Message(role="assistant", content=text),)) for text in texts]
        index.add(iter_batches(records))
        print(number, flush=True)
    """
)


def test_a_killed_addition_leaves_whole_segments_only(tmp_path):
    """Killed in the midst of additions: what was said to be added is there, and nothing in part."""
    folder = tmp_path / "index"
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE, text=True)
    said = [process.stdout.readline() for _ in range(4)]
    time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    said += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    held = len(open_near_index(folder, SETTINGS))
    assert held % 200 == 0
    assert held >= 200 * len(said)
