"""Finding eval cases in training records: ours, plain Python, Aho-Corasick and datatrove on one generated corpus.

    python benchmarks/contamination.py [--peer-python /path/to/venv/bin/python] [--quick]

Records are chats of 1.1 KB of made-up words, 4 % of them planted: a case whole; its first half; whole in a long
conversation; and chats that only share the instruction that opens every case, which hold no case. CPU is user and
system time of one thread after a first batch (compilation, caches), from texts in memory to flagged records, for
each contender in the same run. The peers need an interpreter of their own with
`pip install datatrove[processing] "xxhash<4" ahocorasick_rs`; each runs on the first `--peer-records` records.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from preceptor.datasets.batch import BATCH_RECORDS, TEXT_SEPARATOR
from preceptor.datasets.ngram_index import build_index
from preceptor.datasets.normal_text import words

TARGET_RECORDS_A_SECOND = 100_000
TARGET_RATIO = 5
SEED = 7
NUM_WORDS = 8
MIN_CONTAINMENT = 0.2
INSTRUCTION = "Read the request of the customer below and answer it with one short sentence in plain words:"
ACCENT_SHARE = 0.002
KINDS = ("whole", "half", "long", "template")

PEER = """\
import json, sys, time

corpus = json.load(open(sys.argv[2]))
cases, texts, num_words = corpus["cases"], corpus["texts"], corpus["num_words"]


def aho_corasick():
    import re
    import ahocorasick_rs

    word = re.compile(r"\\w+")
    runs = {}
    for number, case in enumerate(cases):
        found = word.findall(case.lower())
        for start in range(len(found) - num_words + 1):
            runs.setdefault(" " + " ".join(found[start : start + num_words]) + " ", set()).add(number)
    runs = {run: holders for run, holders in runs.items() if len(holders) <= max(3, len(cases) / 10)}
    sizes = {}
    for holders in runs.values():
        for holder in holders:
            sizes[holder] = sizes.get(holder, 0) + 1
    patterns = list(runs)
    searcher = ahocorasick_rs.AhoCorasick(patterns, implementation=ahocorasick_rs.Implementation.DFA)

    def is_flagged(text):
        joined = " " + " ".join(word.findall(text.lower())) + " "
        shared = {}
        for number, _, _ in searcher.find_matches_as_indexes(joined, overlapping=True):
            for holder in runs[patterns[number]]:
                shared.setdefault(holder, set()).add(number)
        return any(len(found) / sizes[holder] >= corpus["min_containment"] for holder, found in shared.items())

    return is_flagged


def datatrove():
    import tempfile
    import numpy as np
    from datatrove.data import Document
    from datatrove.pipeline.decont import NGramsDecontConfig, NGramsDecontFilter
    from datatrove.utils.text import ngrams, simplify_text

    config = NGramsDecontConfig(n_grams=12)
    folder = tempfile.mkdtemp()
    step = NGramsDecontFilter(folder, config=config)
    hashes = set()
    for case in cases:
        found = step.tokenizer.word_tokenize(simplify_text(case, config.norm_config))
        hashes.update(step.hash_func(" ".join(run)) for run in ngrams(found, config.n_grams))
    np.array(list(hashes), dtype=config.hash_config.np_descr).tofile(folder + "/evals.index.hashes")
    return lambda text: step.filter(Document(text=text, id="x")) is not True


is_flagged = {"aho_corasick": aho_corasick, "datatrove": datatrove}[sys.argv[1]]()
is_flagged(texts[0])
start = time.process_time()
flagged = [place for place, text in enumerate(texts) if is_flagged(text)]
print(json.dumps({"seconds": time.process_time() - start, "flagged": flagged}))
"""


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """Cases, records' texts, and for each planted record its kind."""

    cases: Sequence[str]
    texts: Sequence[str]
    planted: dict[int, str]

    def holding(self, kind: str, num_records: int) -> set[int]:
        """The records of a kind among the first ones."""
        return {place for place, one in self.planted.items() if one == kind and place < num_records}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a contender flagged in how many CPU-seconds, of the first `num_records`."""

    name: str
    num_records: int
    seconds: float
    flagged: set[int]

    @property
    def rate(self) -> float:
        """Records a CPU-second."""
        return self.num_records / self.seconds


def make_corpus(num_records: int, num_cases: int) -> Corpus:
    """The same corpus for the same numbers."""
    rng = np.random.default_rng(SEED)
    vocabulary = _vocabulary(rng, 8_000)
    weights = 1 / np.arange(10, len(vocabulary) + 10)
    weights /= weights.sum()

    # Drawn many at a time: one draw costs as much as ten thousand. None is handed out twice.
    drawn = (at for _ in count() for at in rng.choice(len(vocabulary), size=100_000, p=weights).tolist())

    def say(length: int) -> str:
        said = [vocabulary[at] for at in islice(drawn, length)]
        return " ".join(word if number % 11 else f"{word.capitalize()}," for number, word in enumerate(said)) + "."

    def record(kind: str | None) -> str:
        case = cases[int(rng.integers(num_cases))].removeprefix(INSTRUCTION)
        held = {
            None: "",
            "whole": case,
            "half": " ".join(case.split()[: len(case.split()) // 2]),
            "long": TEXT_SEPARATOR.join([*(say(120) for _ in range(6)), f"{say(40)} {case} {say(40)}", say(120)]),
            "template": INSTRUCTION,
        }[kind]
        return TEXT_SEPARATOR.join([f"{say(30)} {held} {say(30)}", say(60)])

    cases = [f"{INSTRUCTION} {say(int(rng.integers(24, 60)))}" for _ in range(num_cases)]
    planted = {place: KINDS[place // 25 % len(KINDS)] for place in range(0, num_records, 25)}
    return Corpus(cases=cases, texts=[record(planted.get(place)) for place in range(num_records)], planted=planted)


def _vocabulary(rng: np.random.Generator, size: int) -> list[str]:
    """Made-up words of two to four syllables; a few have an accent."""
    syllables = [first + second for first in "bcdfglmnprstv" for second in ("a", "e", "i", "o", "u", "an", "er", "is")]
    found: dict[str, None] = {}
    while len(found) < size:
        word = "".join(syllables[at] for at in rng.integers(len(syllables), size=int(rng.integers(2, 5))))
        has_accent = rng.random() < ACCENT_SHARE
        found[word.replace("e", "é", 1) if has_accent else word] = None
    return list(found)


def ours(corpus: Corpus) -> Measured:
    """The index of the check `eval_contamination`, batch by batch."""
    index = build_index({str(place): case for place, case in enumerate(corpus.cases)}, NUM_WORDS, 0.1)
    texts = pa.array(corpus.texts, pa.large_string())
    starts = range(0, len(texts), BATCH_RECORDS)
    for _ in index.overlaps(texts.slice(0, BATCH_RECORDS), MIN_CONTAINMENT):
        pass
    start = time.process_time()
    flagged = {
        first + row for first in starts for row, _ in index.overlaps(texts.slice(first, BATCH_RECORDS), MIN_CONTAINMENT)
    }
    return Measured(name="preceptor", num_records=len(texts), seconds=time.process_time() - start, flagged=flagged)


def python_dict(corpus: Corpus) -> Callable[[str], bool]:
    """The same rule with dictionaries of joined words."""
    holders: dict[str, set[int]] = defaultdict(set)
    for place, case in enumerate(corpus.cases):
        for run in _runs(words(case), NUM_WORDS):
            holders[run].add(place)
    kept = {run: found for run, found in holders.items() if len(found) <= max(3, 0.1 * len(corpus.cases))}
    sizes: dict[int, int] = defaultdict(int)
    for found in kept.values():
        for place in found:
            sizes[place] += 1

    def is_flagged(text: str) -> bool:
        shared: dict[int, set[str]] = defaultdict(set)
        for part in text.split("\x00"):
            for run in _runs(words(part), NUM_WORDS):
                for place in kept.get(run, ()):
                    shared[place].add(run)
        return any(len(runs) / sizes[place] >= MIN_CONTAINMENT for place, runs in shared.items())

    return is_flagged


def ngram_set(corpus: Corpus) -> Callable[[str], bool]:
    """As in the n-gram baseline of llm-decontaminator and of GPT-3's report: any of the cases' 13-grams."""
    known = {run for case in corpus.cases for run in _runs(words(case), 13)}
    return lambda text: any(run in known for run in _runs(words(text), 13))


def _runs(found: Sequence[str], num_words: int) -> Iterable[str]:
    return (" ".join(found[start : start + num_words]) for start in range(len(found) - num_words + 1))


def plain(name: str, is_flagged: Callable[[str], bool], texts: Sequence[str]) -> Measured:
    """A contender that takes one text at a time."""
    is_flagged(texts[0])
    start = time.process_time()
    flagged = {place for place, text in enumerate(texts) if is_flagged(text)}
    return Measured(name=name, num_records=len(texts), seconds=time.process_time() - start, flagged=flagged)


def peer(name: str, python: str, corpus: Corpus, num_records: int) -> Measured | None:
    """A contender in an interpreter of its own; None, said why, where it is not installed."""
    texts = list(corpus.texts[:num_records])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.json"
        told = {"cases": list(corpus.cases), "texts": texts, "num_words": NUM_WORDS, "min_containment": MIN_CONTAINMENT}
        path.write_text(json.dumps(told), encoding="utf-8")
        done = subprocess.run(
            [python, "-c", PEER, name, str(path)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
    if done.returncode:
        print(f"{name} did not run in {python}: {done.stderr.strip().splitlines()[-1]}; see the top of this file")
        return None
    found = json.loads(done.stdout.splitlines()[-1])
    return Measured(name=name, num_records=len(texts), seconds=found["seconds"], flagged=set(found["flagged"]))


def table(rows: Sequence[Measured], corpus: Corpus) -> None:
    """One line a contender: speed, how much slower than ours, recall by kind, false flags."""
    best = rows[0].rate
    print(
        f"{'':<18}{'records':>9}{'CPU s':>8}{'rec/CPU-s':>11}{'ratio':>7}{'whole':>8}{'half':>8}{'long':>8}{'false':>7}"
    )
    for row in rows:
        recalls = "".join(f"{recall(row, corpus, kind):8.3f}" for kind in ("whole", "half", "long"))
        print(
            f"{row.name:<18}{row.num_records:>9}{row.seconds:8.2f}{row.rate:11,.0f}{best / row.rate:7.1f}"
            f"{recalls}{len(false_flags(row, corpus)):>7}"
        )


def recall(row: Measured, corpus: Corpus, kind: str) -> float:
    """The share of the planted records of this kind that were flagged."""
    held = corpus.holding(kind, row.num_records)
    return len(held & row.flagged) / max(1, len(held))


def false_flags(row: Measured, corpus: Corpus) -> set[int]:
    """Flagged records that hold no case."""
    return row.flagged - {place for place, kind in corpus.planted.items() if kind != "template"}


def claims(rows: Sequence[Measured], corpus: Corpus) -> dict[str, bool]:
    """Each claim, and whether it was met here."""
    mine = rows[0]
    met = {
        f"{mine.rate:,.0f} records a CPU-second >= {TARGET_RECORDS_A_SECOND:,}": mine.rate >= TARGET_RECORDS_A_SECOND
    }
    for kind in ("whole", "half", "long"):
        met[f"every case planted {kind} was found"] = recall(mine, corpus, kind) == 1
    met["no record without a case was flagged"] = not false_flags(mine, corpus)
    same = next(row for row in rows if row.name == "python dict")
    met["flags the same records as plain dictionaries"] = same.flagged == {
        place for place in mine.flagged if place < same.num_records
    }
    fastest = max(rows[1:], key=lambda row: row.rate)
    ratio = mine.rate / fastest.rate
    met[f"{ratio:.1f} times the fastest other ({fastest.name}) >= {TARGET_RATIO}"] = ratio >= TARGET_RATIO
    return met


def main() -> int:
    """0 when every claim is met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=60_000)
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--peer-records", type=int, default=6_000)
    parser.add_argument("--peer-python", default=sys.executable, help="an interpreter that has the peers")
    parser.add_argument("--quick", action="store_true", help="a tenth of the records")
    asked = parser.parse_args()
    shrink = 10 if asked.quick else 1
    corpus = make_corpus(asked.records // shrink, asked.cases)
    num_peer = min(asked.peer_records // (shrink // 5 or 1), len(corpus.texts))
    some = corpus.texts[:num_peer]
    size = sum(len(text.encode()) for text in corpus.texts) / len(corpus.texts)
    held = f"{len(corpus.cases):,} cases, {len(corpus.planted):,} records planted"
    print(f"{len(corpus.texts):,} records of {size:,.0f} bytes, {held}")
    rows = [
        ours(corpus),
        plain("python dict", python_dict(corpus), some),
        plain("13-gram set", ngram_set(corpus), some),
        *filter(None, (peer(name, asked.peer_python, corpus, num_peer) for name in ("aho_corasick", "datatrove"))),
    ]
    table(rows, corpus)
    met = claims(rows, corpus)
    for claim, is_met in met.items():
        print(f"{'met    ' if is_met else 'NOT MET'} {claim}")
    return 0 if all(met.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
