"""A dataset version from raw chat records end to end: time a stage, records per CPU-second, peak memory.

The corpus is generated: chat records of about 1 KB of JSON; of every 100 records 2 are copies, 3 are near
copies, 1 holds an eval case and 5 an e-mail address and a telephone number. The steps are: normal form, schema,
exact and near duplicates, contamination, redaction of personal data, language and the other checks
without embeddings, splits and their leaks, commit. The work is done in a process of its own, so that the peak
is the build's. Then the checks alone run over up to 100,000 of the records, once their code is compiled: decoding,
and each check from the first record to its last finding. Exit code 1 when a limit is not kept: 1.5 GB for the
build, 9,000 records per CPU-second for the checks.

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
from itertools import islice
from pathlib import Path

from preceptor.datasets.batch import BATCH_RECORDS, Batch
from preceptor.datasets.build import BuildInputs, BuildPlace, build
from preceptor.datasets.build_job import BuildTools
from preceptor.datasets.check import CheckContext, checks
from preceptor.datasets.collector_pause import collector_pause
from preceptor.datasets.executor import make_executor
from preceptor.datasets.find_sources import find_sources
from preceptor.datasets.progress import StageProgress
from preceptor.datasets.read_records import iter_record_batches
from preceptor.datasets.recipe import Recipe
from preceptor.datasets.run_checks import conclude_check
from preceptor.datasets.source import SourceContext
from preceptor.datasets.steps.split import Split
from preceptor.datasets.types import DatasetVersion

NUM_RECORDS = 1_160_000
NUM_SENTENCES, NUM_CASES = 60_000, 1_000
COPIES, NEAR_COPIES, CONTAMINATED, WITH_CONTACT, NUM_RECENT = 0.02, 0.03, 0.01, 0.05, 500
MIN_RATE, MAX_GIGABYTES, SUITE_RECORDS = 9_000, 1.5, 100_000
# English, for a language is looked for in them.
LINES = (
    "about account after again allow already always amount another answer appear apply around arrive because",
    "before began behind believe better between bill book both bought bring broken build business button buy call",
    "cancel card care carry change charge check choose city clear close code colour come company compare complete",
    "confirm contact continue copy correct cost could country cover customer daily date decide deliver delivery",
    "describe detail device different direct discount done down draft during early easy email empty enable end",
    "enough enter every example exchange expect explain extra failed family fast feature field file final find",
    "first follow forget form found free friend from full general give goods great group guide half hand happen",
    "have heard help here high hold home hour house however idea important include inform inside install instead",
    "invoice issue item keep kind know large last late later learn least leave less letter light like limit line",
    "list little local long look lost made main make manage many market match matter maybe mean measure meet",
    "member message might minute miss modern money month more morning most move much must name near need never",
    "next night nothing notice number offer office often once only open option order other our over own package",
    "page paid paper part pass past people perhaps person phone place plan please point possible post price print",
    "problem process product promise proper provide public quality question quick quite rather reach read ready",
    "really reason receive record refund regular remain remember remove repair repeat replace reply report",
    "request require rest result return right room safe same save school screen search second section security",
    "see seem select send sent separate service settings several share ship shop short should show side sign",
    "simple since size small some soon sorry sort sound speak special stand start state stay step still stop",
    "store story street strong subject such suggest support sure system table take talk tell than thank their",
    "then there these thing think this those though thought three through time today together told tomorrow took",
    "total toward track travel tried trouble true trust turn type under understand until update upon usual value",
    "very visit voice wait walk want warm watch water week weight well were what when where which while white",
    "whole window wish with within without word work world would write wrong year yesterday young your",
)
WORDS = [word for line in LINES for word in line.split()]
FIXING = (
    "schema", "exact_duplicate", "near_duplicate", "eval_contamination", "personal_data", "language",
)  # fmt: skip
REPORTING = (
    "split_leakage", "preference_sanity", "refusal_share", "balance", "licence", "provenance", "synthetic_artefacts",
    "label_noise",
)  # fmt: skip


def sentences(rng: random.Random, count: int) -> list[str]:
    """Sentences of 13 English words in a random order: no two share a run of five but by chance."""
    return [" ".join(rng.choices(WORDS, k=13)).capitalize() + "." for _ in range(count)]


def write_corpus(path: Path, num_records: int, seed: int = 7) -> dict[str, str]:
    """The corpus as JSONL; the eval cases, some of which stand in it."""
    # A corpus, no secret.
    rng = random.Random(seed)  # noqa: S311 - see above
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
    raise SystemExit(0 if peak_gigabytes() <= MAX_GIGABYTES else 1)


def run_suite(folder: Path, names: list[str]) -> None:
    """Run the checks alone, as a build runs them, and print what each took."""
    cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    found = islice(iter_record_batches([folder / "corpus.jsonl"]), -(-SUITE_RECORDS // BATCH_RECORDS))
    split, context = Split(), CheckContext(eval_texts=cases)
    batches = [Batch(split.apply(batch).table) for batch in found if isinstance(batch, Batch)]
    num_records = sum(map(len, batches))
    for name in names:
        list(conclude_check(checks.create(name), [Batch(batches[0].table)], context).findings)
    with collector_pause():
        started = time.process_time()
        for batch in batches:
            batch.records  # noqa: B018 - decodes them, which is what is measured
        print(f"  {'decode':20} {(time.process_time() - started) / num_records * 1e6:6.1f} µs a record")
        for name in names:
            before = time.process_time()
            num_found = len(list(conclude_check(checks.create(name), batches, context).findings))
            spent = (time.process_time() - before) / num_records * 1e6
            print(f"  {name:20} {spent:6.1f} µs a record, {num_found:,} found")
    rate = num_records / (time.process_time() - started)
    print(f"the {len(names)} checks alone: {rate:,.0f} records per CPU-second ({num_records:,} records)")
    raise SystemExit(0 if rate >= MIN_RATE else 1)


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
    parser.add_argument("--suite-in", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.build_in:
        run_build(arguments.build_in, arguments.steps.split(","))
    if arguments.suite_in:
        run_suite(arguments.suite_in, arguments.steps.split(","))
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="preceptor_build_"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if not (folder / "cases.json").is_file():
            cases = write_corpus(folder / "corpus.jsonl", arguments.records)
            (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
        shutil.rmtree(folder / "datasets", ignore_errors=True)
        parts = [["--build-in", str(folder)], ["--suite-in", str(folder)]]
        commands = [[sys.executable, __file__, *part, "--steps", arguments.steps] for part in parts]
        return max(subprocess.run(command, check=False).returncode for command in commands)
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
