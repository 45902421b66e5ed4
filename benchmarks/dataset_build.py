"""A dataset version from raw chat records end to end: time a stage, records per CPU-second, peak memory.

The corpus is generated: chat records of about 1 KB of JSON; of every 100 records 2 are copies, 3 are near
copies, 1 holds an eval case and 5 an e-mail address and a telephone number. The steps are: normal form, schema,
exact and near duplicates, contamination, redaction of personal data, language and the other checks
without embeddings, splits and their leaks, commit. The work is done in a process of its own, so that the peak
is the build's. Exit code 1 when a limit is not kept: 9,000 records per CPU-second (from 100,000 records on,
where starting up no longer counts) and 1.5 GB.

    python benchmarks/dataset_build.py                      # 1,160,000 records
    python benchmarks/dataset_build.py --records 5000000    # memory stays flat
    python benchmarks/dataset_build.py --records 100000 --steps schema,exact_duplicate
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from preceptor.datasets.build import BuildInputs, BuildPlace, build
from preceptor.datasets.build_job import BuildTools
from preceptor.datasets.check import CheckContext
from preceptor.datasets.executor import make_executor
from preceptor.datasets.find_sources import find_sources
from preceptor.datasets.progress import StageProgress
from preceptor.datasets.recipe import Recipe
from preceptor.datasets.source import SourceContext
from preceptor.datasets.types import DatasetVersion

NUM_RECORDS = 1_160_000
NUM_SENTENCES, NUM_WORDS, NUM_CASES = 60_000, 8_000, 1_000
COPIES, NEAR_COPIES, CONTAMINATED, WITH_CONTACT, NUM_RECENT = 0.02, 0.03, 0.01, 0.05, 500
MIN_RATE, MAX_GIGABYTES, MIN_RECORDS = 9_000, 1.5, 100_000
FIXING = (
    "schema", "exact_duplicate", "near_duplicate", "eval_contamination", "personal_data", "language",
)  # fmt: skip
REPORTING = (
    "split_leakage", "preference_sanity", "refusal_share", "balance", "licence", "provenance", "synthetic_artefacts",
    "label_noise",
)  # fmt: skip


def sentences(rng: random.Random, count: int) -> list[str]:
    """Sentences of English function words between made-up ones, which no two sentences share in runs."""
    stems = ["".join(rng.choices("bcdfghklmnprstvw", k=2)) for _ in range(200)]
    made = [
        f"{rng.choice(stems)}{rng.choice('aeiou')}{rng.choice(stems)}{rng.choice('aeiou')}n" for _ in range(NUM_WORDS)
    ]
    glue = ["the", "of", "and", "to", "in", "that", "is", "with", "for", "on", "not", "can", "this", "when", "please"]
    return [
        " ".join(rng.choice(glue) if place % 2 else rng.choice(made) for place in range(14)).capitalize() + "."
        for _ in range(count)
    ]


def write_corpus(path: Path, num_records: int, seed: int = 7) -> dict[str, str]:
    """The corpus as JSONL; the eval cases, some of which stand in it."""
    rng = random.Random(seed)  # noqa: S311 - a corpus, no secret
    pool = sentences(rng, NUM_SENTENCES)
    cases = {f"case-{number}": case for number, case in enumerate(sentences(rng, NUM_CASES))}
    recent: list[list[str]] = []
    with path.open("w", encoding="utf-8") as stream:
        for number in range(num_records):
            parts = [pool[int(rng.random() * NUM_SENTENCES)] for _ in range(9)]
            chance = rng.random()
            if recent and chance < COPIES + NEAR_COPIES:
                parts = list(rng.choice(recent))
                if chance >= COPIES:
                    parts[8] = f"Note {number}."
            elif chance < COPIES + NEAR_COPIES + CONTAMINATED:
                parts[4] = cases[f"case-{rng.randrange(NUM_CASES)}"]
            elif chance > 1 - WITH_CONTACT:
                parts[7] = f"Write to user{number}@example.org or call +1 415 555 {number % 10_000:04d}."
            turns = [
                {"role": "user", "content": " ".join(parts[:3])},
                {"role": "assistant", "content": " ".join(parts[3:])},
            ]
            row = {"messages": turns, "group": f"user-{rng.randrange(num_records // 4 + 1)}", "language": "en"}
            stream.write(
                json.dumps({**row, "licence": "CC-BY-4.0", "consent": "contract", "source": "help desk"}) + "\n"
            )
            recent.append(parts)
            if len(recent) > 2 * NUM_RECENT:
                del recent[:NUM_RECENT]
    return cases


def make_recipe(names: list[str]) -> Recipe:
    """The recipe with the steps named."""
    steps = [{"kind": "normalise"}]
    steps += [{"kind": name, "fix": True, "blocks": False} for name in FIXING if name in names]
    steps += [{"kind": name, "blocks": False} for name in REPORTING if name in names]
    return Recipe(name="bench", sources=({"kind": "files", "paths": ["corpus.jsonl"]},), steps=tuple(steps))


def run_build(folder: Path, names: list[str]) -> None:
    """Build the version, and print a line a stage, then what it took."""
    cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    started, before = time.perf_counter(), {"wall": time.perf_counter()}

    def tell(done: StageProgress) -> None:
        if done.is_finished:
            wall = time.perf_counter() - before["wall"]
            before["wall"] = time.perf_counter()
            rate = f"{done.num_done / done.seconds:,.0f}" if done.seconds else "-"
            took = f"{done.num_done:>9,} {done.seconds:>8.1f} CPU-s {wall:>8.1f} s {rate:>10} /CPU-s"
            print(f"{done.stage[:60]:60} {took} {peak_gigabytes():>5.2f} GB", flush=True)

    recipe = make_recipe(names)
    tools = BuildTools(executor=make_executor(), progress=tell, stopwatch=time.process_time)
    place = BuildPlace(folder=folder / "datasets", tools=tools, clock=lambda: datetime(2026, 11, 24, tzinfo=UTC))
    sources = find_sources(recipe, SourceContext(folder=folder), place.folder)
    built = build(recipe, BuildInputs(sources=sources, context=CheckContext(eval_texts=cases)), place)
    if not isinstance(built.outcome, DatasetVersion):
        raise SystemExit(built.outcome.reason)
    manifest = built.outcome.manifest
    for result in manifest.checks:
        print(
            f"  {result.check:20} {result.num_checked:>9,} checked {result.num_findings or 0:>9,} found {result.reason}"
        )
    cpu, num_rows = time.process_time(), manifest.sources[0].num_rows
    print(
        f"{built.outcome.id}: {manifest.num_records:,} of {num_rows:,} records, {time.perf_counter() - started:.1f} s, "
        f"{cpu:.1f} CPU-s: {num_rows / cpu:,.0f} records per CPU-second, {peak_gigabytes():.2f} GB"
    )
    is_kept = peak_gigabytes() <= MAX_GIGABYTES and (num_rows < MIN_RECORDS or num_rows / cpu >= MIN_RATE)
    raise SystemExit(0 if is_kept else 1)


def peak_gigabytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> int:
    """Make the corpus, build in a process of its own; 1 when a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=NUM_RECORDS)
    parser.add_argument("--steps", default=",".join([*FIXING, *REPORTING]))
    parser.add_argument("--folder", type=Path, help="Keep the corpus here, and use the one that is there.")
    parser.add_argument("--build-in", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.build_in:
        run_build(arguments.build_in, arguments.steps.split(","))
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="preceptor_build_"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if not (folder / "cases.json").is_file():
            cases = write_corpus(folder / "corpus.jsonl", arguments.records)
            (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
        shutil.rmtree(folder / "datasets", ignore_errors=True)
        command = [sys.executable, __file__, "--build-in", str(folder), "--steps", arguments.steps]
        return subprocess.run(command, check=False).returncode
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
