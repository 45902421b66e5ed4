"""Near duplicates: ours beside datasketch, datatrove's minhash and text-dedup, on one generated corpus in one run.

    python benchmarks/dedupe.py [--quick] [--peer-python /path/to/venv/bin/python]

The corpus is drawn from a seed: chat records of about 1.1 KB; unrelated ones, near duplicates with a few
changed words, families that share a template and records that share a long system prompt. Everyone gets the same
list of texts, runs in a process of its own, and is asked for near duplicates at a Jaccard similarity of 0.8 of
runs of five words. CPU is user and system time of that process and its children, from the list of texts to
the answer; imports, and for ours the compilation of the kernels (once an installation), are done before by a
run over a few other texts.

Recall and precision are against an exact join in plain Python (prefix filter over sets of word runs; no code of
ours): precision is the share of removed records whose kept partner is truly that similar; `recall` the share of
similar pairs of which one was removed, `pair recall` the share that was compared. The peers here do not compare:
they remove whatever meets in a band.

`--index`: what it costs to add 10,000 records to an index, empty and of a million.
The peers need `pip install datasketch datatrove spacy tokenizers text-dedup` in an interpreter of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

THRESHOLD = 0.8
SHINGLE_WORDS = 5
TARGET_RATE = 50_000
TARGET_RECALL = 0.995
TARGET_RATIOS = {"datasketch": 15, "datatrove": 100}
TARGET_INDEX_SECONDS = 2
NUM_WORDS = 20_000
LETTERS = "etaoinshrdlcumwfgypbvkjxqz"

DATASKETCH = """\
import json, pickle, resource, sys, time
from datasketch import MinHash, MinHashLSH

def run(texts):
    lsh, removed = MinHashLSH(threshold=0.8, num_perm=128), {}
    for number, text in enumerate(texts):
        words = text.lower().split()
        sketch = MinHash(num_perm=128)
        sketch.update_batch([" ".join(words[i : i + 5]).encode() for i in range(max(1, len(words) - 4))])
        found = lsh.query(sketch)
        if found:
            removed[number] = min(found)
        else:
            lsh.insert(number, sketch)
    return removed

if __name__ == "__main__":
    texts = pickle.load(open(sys.argv[1], "rb"))
    run(texts[:50])
    cpu, wall = time.process_time(), time.monotonic()
    removed = run(texts)
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    print(json.dumps({"cpu": cpu, "wall": wall, "removed": list(removed.items())}))
"""
DATATROVE = """\
import json, os, pickle, sys, tempfile, time
from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets

def run(texts, folder):
    config = MinhashConfig(n_grams=5)
    left = set(range(len(texts)))
    def read(data, rank=0, world_size=1):
        for number, text in enumerate(texts):
            yield Document(text=text, id=str(number), metadata={})
    def note(data, rank=0, world_size=1):
        for document in data:
            left.discard(int(document.id))
            yield document
    kept = set()
    def keep(data, rank=0, world_size=1):
        for document in data:
            kept.add(int(document.id))
            yield document
    steps = [
        ([read, MinhashDedupSignature(output_folder=f"{folder}/s", config=config)], 1),
        ([MinhashDedupBuckets(f"{folder}/s", f"{folder}/b", config=config)], config.num_buckets),
        ([MinhashDedupCluster(input_folder=f"{folder}/b", output_folder=f"{folder}/r", config=config)], 1),
        ([read, MinhashDedupFilter(input_folder=f"{folder}/r"), keep], 1),
    ]
    for number, (pipeline, tasks) in enumerate(steps):
        LocalPipelineExecutor(pipeline=pipeline, tasks=tasks, workers=1, logging_dir=f"{folder}/log{number}").run()
    return sorted(left - kept)

if __name__ == "__main__":
    texts = pickle.load(open(sys.argv[1], "rb"))
    with tempfile.TemporaryDirectory() as folder:
        run(texts[:50], folder)
    clock = lambda: sum(os.times()[:4])
    cpu, wall = clock(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        removed = run(texts, folder)
    cpu, wall = clock() - cpu, time.monotonic() - wall
    print(json.dumps({"cpu": cpu, "wall": wall, "removed": [[one, None] for one in removed]}))
"""
TEXT_DEDUP = """\
import json, pickle, sys, time
import numpy as np
from text_dedup.minhash import embed_func
from text_dedup.utils import UnionFind, optimal_param, sha1_hash

def run(texts):
    bands, rows = optimal_param(0.8, 128)
    ranges = [(i * rows, (i + 1) * rows) for i in range(bands)]
    modulo = np.uint64((1 << 61) - 1)
    rng = np.random.RandomState(42)
    permutations = tuple(rng.randint(least, modulo, size=(128,), dtype=np.uint64) for least in (1, 0))
    tables = [{} for _ in range(bands)]
    union = UnionFind()
    for number, text in enumerate(texts):
        signature = embed_func(
            content=text, idx=number, num_perm=128, ngram_size=5, min_length=5, hashranges=ranges,
            permutations=permutations, hash_func=lambda data: sha1_hash(data, 64), dtype=np.uint64,
            max_hash=np.uint64((1 << 32) - 1), modulo_prime=modulo,
        )["__signatures__"]
        for table, key in zip(tables, signature):
            if key in table:
                union.union(number, table[key])
            else:
                table[key] = number
    return {number: union.find(number) for number in range(len(texts)) if union.find(number) != number}

if __name__ == "__main__":
    texts = pickle.load(open(sys.argv[1], "rb"))
    run(texts[:50])
    cpu, wall = time.process_time(), time.monotonic()
    removed = run(texts)
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    print(json.dumps({"cpu": cpu, "wall": wall, "removed": [[one, None] for one in removed]}))
"""
PEERS = {"datasketch": DATASKETCH, "datatrove": DATATROVE, "text-dedup": TEXT_DEDUP}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one of them took and removed; the kept partner is None where it names none."""

    name: str
    num_records: int
    cpu: float
    wall: float
    removed: dict[int, int | None]

    @property
    def rate(self) -> float:
        """Records a CPU-second."""
        return self.num_records / self.cpu


def corpus(num_records: int, seed: int) -> list[str]:
    """Chat records of about 1.1 KB: see the head of this file."""
    rng = random.Random(seed)  # noqa: S311 - a corpus, not a secret
    words = ["".join(rng.choices(LETTERS[:20], k=rng.randint(2, 10))) for _ in range(NUM_WORDS)]
    weights = [1 / (rank + 20) for rank in range(NUM_WORDS)]
    prompt = rng.choices(words, weights, k=60)
    templates = [rng.choices(words, weights, k=rng.randint(60, 120)) for _ in range(max(1, num_records // 500))]
    texts: list[list[str]] = []
    for _ in range(num_records):
        fresh = rng.choices(words, weights, k=rng.randint(90, 250))
        kind = rng.random()
        if kind < 0.2 and texts:  # noqa: PLR2004 - shares of each sort
            fresh = list(texts[rng.randrange(len(texts))])
            for _ in range(rng.randint(0, 9)):
                fresh[rng.randrange(len(fresh))] = rng.choice(words)
        elif kind < 0.35:  # noqa: PLR2004 - as above
            fresh = [*rng.choice(templates), *fresh[: rng.randint(10, 90)]]
        elif kind < 0.55:  # noqa: PLR2004 - as above
            fresh = [*prompt, *fresh[:130]]
        texts.append(fresh)
    return [" ".join(text) for text in texts]


def exact_pairs(texts: Sequence[str]) -> dict[tuple[int, int], float]:
    """Every pair of similarity 0.8 or more, by Python's own sets; who is compared, by the prefix filter: exact."""
    ids: dict[str, int] = {}
    sets: list[set[int]] = []
    counts: dict[int, int] = defaultdict(int)
    for text in texts:
        words = text.split()
        runs = {" ".join(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)}
        own = {ids.setdefault(run, len(ids)) for run in runs}
        for run in own:
            counts[run] += 1
        sets.append(own)
    del ids
    holders: dict[int, list[int]] = defaultdict(list)
    found: dict[tuple[int, int], float] = {}
    for number, own in enumerate(sets):
        rare = sorted(own, key=lambda run: (counts[run], run))[: len(own) - -(-len(own) * 4 // 5) + 1]
        meets = {other for run in rare for other in holders[run]}
        for run in rare:
            if counts[run] > 1:
                holders[run].append(number)
        for other in meets:
            shared = len(own & sets[other])
            score = shared / (len(own) + len(sets[other]) - shared)
            if score >= THRESHOLD:
                found[other, number] = score
    return found


def ours(file: str) -> None:
    """Run in a process of its own: print what was found as JSON."""
    texts: list[str] = pickle.loads(Path(file).read_bytes())  # noqa: S301 - written by this program
    # Large enough to reach every kernel, those for crowds included.
    near(corpus(6_000, 1))
    cpu, wall = time.process_time(), time.monotonic()
    removed = near(texts)
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    print(json.dumps({"cpu": cpu, "wall": wall, "removed": removed}))


def near(texts: Sequence[str]) -> list[tuple[int, int]]:
    """The removed and the kept, as the check `near_duplicate` finds them."""
    from preceptor.datasets.near_duplicates import find_near_duplicates  # noqa: PLC0415 - only in the child
    from preceptor.datasets.near_keys import near_keys  # noqa: PLC0415 - as above
    from preceptor.datasets.run_checks import GatheredHere  # noqa: PLC0415 - as above

    batches = list(text_batches(texts))
    gathered = GatheredHere(batches, [near_keys(batch, settings()) for batch in batches])
    found = find_near_duplicates(gathered, settings())
    return list(zip(found.removed.tolist(), found.kept.tolist(), strict=True))


def settings():  # noqa: ANN201 - its module is imported in the child only
    """As everyone is asked; the first of several is kept, as the peers do."""
    from preceptor.datasets.near_keys import NearSettings  # noqa: PLC0415 - only in the child

    return NearSettings(threshold=THRESHOLD, shingle_words=SHINGLE_WORDS, keep="first")


def text_batches(texts: Sequence[str], size: int = 4_096) -> Iterator:
    """Batches of plain texts, with nothing else in the record."""
    import pyarrow as pa  # noqa: PLC0415 - only in the child

    from preceptor.datasets.batch import BATCH_SCHEMA, Batch  # noqa: PLC0415 - as above

    for start in range(0, len(texts), size):
        some = texts[start : start + size]
        columns = [
            pa.array(range(start, start + len(some)), pa.int64()),
            pa.array(range(start, start + len(some)), pa.int64()).cast(pa.string()),
            pa.repeat(pa.scalar(b"", pa.large_binary()), len(some)),
            pa.array(some, pa.large_string()),
            pa.repeat("sft|assistant", len(some)),
        ]
        yield Batch(pa.record_batch(columns, schema=BATCH_SCHEMA))


def index_cost(size: int) -> None:
    """Run in a process of its own: print the CPU seconds of adding 10,000 records to an empty and to a full index."""
    from preceptor.datasets.near_index import open_near_index  # noqa: PLC0415 - only in the child

    with tempfile.TemporaryDirectory() as folder:
        empty, full = (open_near_index(Path(folder) / name, settings()) for name in ("empty", "full"))
        open_near_index(Path(folder) / "warm", settings()).add(text_batches(corpus(300, 9)))
        for start in range(0, size, 250_000):
            full.add(text_batches(drawn(min(250_000, size - start), start + 1)))
        texts = [*drawn(9_000, 0), *drawn(min(250_000, size), 1)[:1_000]]
        seconds = []
        for index in (empty, full):
            cpu = time.process_time()
            added = index.add(text_batches(texts))
            seconds.append(time.process_time() - cpu)
        print(json.dumps({"empty": seconds[0], "full": seconds[1], "held": len(full), "found": len(added.duplicates)}))


def drawn(num_records: int, seed: int) -> list[str]:
    """Unrelated records of the same length, drawn faster."""
    import numpy as np  # noqa: PLC0415 - only in the child

    rng = np.random.default_rng(seed)
    words = ["".join(rng.choice(list(LETTERS), size)) for size in rng.integers(2, 10, 5_000)]
    rows = rng.integers(0, len(words), (num_records, 170))
    return [" ".join([words[place] for place in row]) for row in rows.tolist()]


def run(name: str, command: Sequence[str], num_records: int) -> Outcome | None:
    """The outcome of a child; None, said why, where it could not run."""
    done = subprocess.run([*command], capture_output=True, text=True, check=False)
    if done.returncode:
        print(
            f"{name} did not run: {done.stderr.strip().splitlines()[-1][:200] if done.stderr.strip() else 'no reason'}"
        )
        return None
    said = json.loads(done.stdout.strip().splitlines()[-1])
    return Outcome(
        name=name,
        num_records=num_records,
        cpu=said["cpu"],
        wall=said["wall"],
        removed=dict(said["removed"]),
    )


def recall(outcome: Outcome, pairs: dict[tuple[int, int], float]) -> float:
    """The share of similar pairs that are not both left."""
    return sum(one in outcome.removed or other in outcome.removed for one, other in pairs) / max(1, len(pairs))


def precision(outcome: Outcome, pairs: dict[tuple[int, int], float]) -> float:
    """The share of removed records that are truly similar to a record that was kept (the named one, if any)."""
    partners: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        partners[one].add(other)
        partners[other].add(one)
    right = sum(
        any(other not in outcome.removed for other in partners[one])
        if kept is None
        else kept in partners[one] and kept not in outcome.removed
        for one, kept in outcome.removed.items()
    )
    return right / max(1, len(outcome.removed))


def pair_recall(texts: Sequence[str], pairs: dict[tuple[int, int], float]) -> float:
    """The share of similar pairs with an equal key: all that meet are compared exactly."""
    import numpy as np  # noqa: PLC0415 - after the corpus is made

    from preceptor.datasets.near_keys import near_keys  # noqa: PLC0415 - as above

    bands = settings().banding.bands
    keys = np.concatenate(
        [near_keys(batch, settings()).column("bucket").to_numpy().reshape(-1, bands) for batch in text_batches(texts)]
    )
    left, right = np.array(list(pairs)).T
    return float((keys[left] == keys[right]).any(axis=1).mean())


def table(outcomes: Sequence[Outcome], pairs: dict[tuple[int, int], float]) -> None:
    """One line each, and how often its rate goes into ours."""
    heads = ("records", "CPU s", "wall s", "rec/CPU-s", "ratio", "removed", "recall", "precision")
    print(f"{'':<12}" + "".join(f"{head:>11}" for head in heads))
    for one in outcomes:
        within = {pair: score for pair, score in pairs.items() if max(pair) < one.num_records}
        figures = (
            f"{one.num_records:,}",
            f"{one.cpu:.2f}",
            f"{one.wall:.2f}",
            f"{one.rate:,.0f}",
            f"{outcomes[0].rate / one.rate:.1f}",
            f"{len(one.removed):,}",
            f"{recall(one, within):.4f}",
            f"{precision(one, within):.4f}",
        )
        print(f"{one.name:<12}" + "".join(f"{figure:>11}" for figure in figures))


def claims(outcomes: Sequence[Outcome], pairs: dict[tuple[int, int], float], met_pairs: float) -> dict[str, bool]:
    """Each claim, and whether it was met here."""
    mine = outcomes[0]
    found, right = recall(mine, pairs), precision(mine, pairs)
    met = {
        f"{mine.rate:,.0f} records a CPU-second >= {TARGET_RATE:,}": mine.rate >= TARGET_RATE,
        f"recall {found:.4f} and pair recall {met_pairs:.4f} >= {TARGET_RECALL}": min(found, met_pairs)
        >= TARGET_RECALL,
        f"precision {right:.4f} is 1": right == 1,
    }
    for peer in outcomes[1:]:
        if peer.name in TARGET_RATIOS:
            ratio, target = mine.rate / peer.rate, TARGET_RATIOS[peer.name]
            met[f"{ratio:.0f} times the rate of {peer.name} >= {target}"] = ratio >= target
    return met


def compare(asked: argparse.Namespace, folder: Path) -> dict[str, bool]:
    """Ours and the peers on one corpus."""
    texts = corpus(asked.records, asked.seed)
    size = sum(map(len, texts)) / len(texts)
    print(f"{len(texts):,} records of {size:,.0f} characters; exact join in plain Python …", flush=True)
    pairs = exact_pairs(texts)
    print(f"{len(pairs):,} pairs of similarity {THRESHOLD} or more")
    whole, part = folder / "texts.pickle", folder / "part.pickle"
    whole.write_bytes(pickle.dumps(texts))
    part.write_bytes(pickle.dumps(texts[: asked.peer_records]))
    found = [run("preceptor", [sys.executable, __file__, "--ours", str(whole)], len(texts))]
    for name, source in PEERS.items():
        script = folder / f"peer_{name}.py"
        script.write_text(source)
        found.append(run(name, [asked.peer_python, str(script), str(part)], min(asked.peer_records, len(texts))))
    outcomes = [one for one in found if one]
    table(outcomes, pairs)
    return claims(outcomes, pairs, pair_recall(texts, pairs))


def add_to_index(size: int) -> dict[str, bool]:
    """What adding to an index costs."""
    done = subprocess.run(
        [sys.executable, __file__, "--index-cost", str(size)], capture_output=True, text=True, check=True
    )
    cost = json.loads(done.stdout.strip().splitlines()[-1])
    print(
        f"adding 10,000 records: {cost['empty']:.2f} CPU-s to an empty index, {cost['full']:.2f} to one of "
        f"{cost['held']:,} ({cost['found']:,} were in it)"
    )
    met = cost["full"] < TARGET_INDEX_SECONDS
    return {f"10,000 records join {cost['held']:,} in {cost['full']:.2f} < {TARGET_INDEX_SECONDS} CPU-s": met}


def main() -> int:
    """0 when every claim is met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=60_000)
    parser.add_argument("--peer-records", type=int, default=10_000, help="the first so many are given to the peers")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--peer-python", default=sys.executable, help="an interpreter that has the peers")
    parser.add_argument("--index", type=int, nargs="?", const=1_000_000, help="also add to an index of so many records")
    parser.add_argument("--quick", action="store_true", help="a small corpus, and no more than a minute")
    parser.add_argument("--ours", help=argparse.SUPPRESS)
    parser.add_argument("--index-cost", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ours or asked.index_cost:
        ours(asked.ours) if asked.ours else index_cost(asked.index_cost)
        return 0
    if asked.quick:
        asked.records, asked.peer_records, asked.index = 8_000, 1_000, asked.index and 20_000
    # One thread each: what is measured is work, not how it is spread.
    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    with tempfile.TemporaryDirectory() as name:
        met = compare(asked, Path(name))
    if asked.index:
        met |= add_to_index(asked.index)
    for claim, is_met in met.items():
        print(f"{'met    ' if is_met else 'NOT MET'} {claim}")
    return 0 if all(met.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
