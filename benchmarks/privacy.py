"""Personal data by its form: ours beside Presidio's patterns and plain `re`, one generated corpus, one run.

Chat texts of about 1.1 KB from a fixed seed; one in five holds a planted value, whose place is known, and all hold
dates, prices, versions and order numbers that are none. Records per CPU-second of one process, warm, ours the best of
five runs: compiling patterns is shown apart. `re` runs our own patterns over each whole text, without Hyperscan;
Presidio runs all of its default recognizers but the model, on a blank tokenizer, without the network. Recall is the
share of planted values covered whole by a finding of their type, on the records that all three read. Exit code 1
where a promise is broken.

    python benchmarks/privacy.py [--records 40000] [--peer-records 400] [--quick] [--json]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from preceptor.governance.personal_data import FirstLayer, first_layer

TARGET_RATE = 40_000
TARGET_RATIO = 200
TEXT_CHARACTERS = 1_100
PLANTED = 0.2
RUNS = 5

SENTENCES = (
    "Thanks for getting in touch about your {thing}, I will look into that right away.",
    "I was charged ${price} on 2026-0{digit}-1{digit}, but the {thing} never arrived.",
    "Could you tell me whether order {order} has been sent yet?",
    "We released version {digit}.{digit}.1{digit} last week, and it should fix the problem with the {thing}.",
    "The store opens at 0{digit}:30 and closes at 1{digit}:45 on working days.",
    "Please restart the router, wait {digit} minutes and then try to connect the {thing} again.",
    "According to our records, you have ordered {digit} items for {price} euros in total.",
    "To be honest, I am not sure what the difference between the two plans is; could you explain it in simple words?",
    "If you prefer, a colleague can walk you through the settings step by step.",
    "It says `error::timeout after {order} ms` in the log, see line {digit}{digit}{digit}.",
    "You can return the {thing} within 30 days, as long as it is in its original box.",
    "I have already tried that twice, and the {thing} still shows the same message.",
    "The tracking page was last updated on 0{digit}/1{digit}/2026, nothing has moved since.",
    "Let me know if there is anything else I can do for you today!",
)
THINGS = (
    "parcel",
    "headset",
    "subscription",
    "invoice",
    "coffee machine",
    "bicycle",
    "password reset",
    "token",
    "desk",
)


class Mark(NamedTuple):
    """A planted value and where it stands."""

    type: str
    start: int
    end: int


class Text(NamedTuple):
    """A record's text and what was planted in it."""

    text: str
    marks: tuple[Mark, ...]


class Result(NamedTuple):
    """What one way of looking took and found."""

    name: str
    num_records: int
    cpu_seconds: float
    found: list[list[Mark]]

    @property
    def rate(self) -> float:
        """Records per CPU-second."""
        return self.num_records / self.cpu_seconds


def luhn_digit(digits: str) -> str:
    """The check digit that makes the number right (ISO/IEC 7812-1)."""
    total = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[::-2]) + sum(map(int, digits[-2::-2]))
    return str(-total % 10)


def card(rng: random.Random) -> str:
    """A number of Visa or Mastercard, in one piece or in groups."""
    digits = rng.choice(["4", "51", "55"])
    digits += "".join(rng.choices("0123456789", k=15 - len(digits)))
    digits += luhn_digit(digits)
    return rng.choice(["", " ", "-"]).join(digits[at : at + 4] for at in range(0, 16, 4))


def iban(rng: random.Random) -> str:
    """A German account number with right check digits (ISO 13616)."""
    account = "".join(rng.choices("0123456789", k=18))
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02}{account}"


def nhs(rng: random.Random) -> str:
    """A number of the English health service with a right check digit."""
    while True:
        digits = "".join(rng.choices("123456789", k=9))
        check = (11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11) % 11
        if check < 10:  # noqa: PLR2004 - ten is never issued
            return f"{digits[:3]} {digits[3:6]} {digits[6:]}{check}"


def digits(rng: random.Random, form: str) -> str:
    """The form with a digit for each #."""
    return "".join(str(rng.randrange(10)) if sign == "#" else sign for sign in form)


PLANTS: dict[str, Callable[[random.Random], tuple[str, str]]] = {
    "EMAIL": lambda rng: ("You can write to {} about it.", digits(rng, "ada.lovelace##@mail##.example.com")),
    "PHONE": lambda rng: (
        rng.choice(["My phone number is {}, any time.", "Please call {} tomorrow.", "You can reach me at {} today."]),
        digits(rng, rng.choice(["212-555-01##", "(415) 555-01##", "+1 202 555 01##", "+44 20 7946 0###"])),
    ),
    "CARD": lambda rng: ("It was paid with my credit card {} last week.", card(rng)),
    "IBAN": lambda rng: ("Send the refund to my IBAN {} please.", iban(rng)),
    "US_SSN": lambda rng: (
        "My social security number is {}, if you need it.",
        digits(rng, "2#1-4#-6##1").replace("00", "12"),
    ),
    "IP_ADDRESS": lambda rng: ("The request came from IP address {} yesterday.", digits(rng, "203.1#.1##.2#")),
    "CRYPTO_ADDRESS": lambda _: ("Send it to the wallet {} then.", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    "UK_NHS": lambda rng: ("My NHS number is {} by the way.", nhs(rng)),
}
PRESIDIO_TYPES = {
    "EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE", "CREDIT_CARD": "CARD", "IBAN_CODE": "IBAN", "US_SSN": "US_SSN",
    "IP_ADDRESS": "IP_ADDRESS", "CRYPTO": "CRYPTO_ADDRESS", "UK_NHS": "UK_NHS",
}  # fmt: skip


def make_corpus(num: int, seed: int = 4) -> list[Text]:
    """Texts that are the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - a corpus, not a secret
    return [make_text(rng, rng.choice(sorted(PLANTS)) if rng.random() < PLANTED else None) for _ in range(num)]


def make_text(rng: random.Random, planted: str | None) -> Text:
    """One text, with one value of the planted type somewhere in the middle."""
    pieces, length, marks = [], 0, []
    place = rng.randrange(100, TEXT_CHARACTERS - 200)
    while length < TEXT_CHARACTERS:
        sentence = rng.choice(SENTENCES).format(
            thing=rng.choice(THINGS),
            price=digits(rng, "##.##"),
            order=rng.randrange(10_000, 999_999),
            digit=rng.randrange(1, 9),
        )
        if planted and not marks and length >= place:
            frame, value = PLANTS[planted](rng)
            marks.append(Mark(planted, length + frame.index("{}"), length + frame.index("{}") + len(value)))
            sentence = frame.format(value)
        pieces.append(sentence)
        length += len(sentence) + 1
    return Text(" ".join(pieces), tuple(marks))


def run_ours(texts: Sequence[str]) -> Result:
    """The first layer, all default types and locales."""
    layer = first_layer()
    layer.find("warm up: password=x1y2z3!")
    start = time.process_time()
    found = dict(layer.find_in(texts))
    seconds = time.process_time() - start
    marks = [[Mark(one.type, one.start, one.end) for one in found.get(place, [])] for place in range(len(texts))]
    return Result("preceptor", len(texts), seconds, marks)


def run_re(texts: Sequence[str], layer: FirstLayer) -> Result:
    """The same patterns on each whole text, one after another, as Python's `re` alone would run them."""
    patterns = layer.scan.patterns
    start = time.process_time()
    found = [[Mark(pattern.type, *span) for pattern in patterns for span in pattern.find(text)] for text in texts]
    return Result("re", len(texts), time.process_time() - start, found)


def run_presidio(texts: Sequence[str]) -> Result | None:
    """Presidio's default recognizers but the model; None where it is not installed."""
    try:
        import spacy  # noqa: PLC0415 - the peer
        import tldextract  # noqa: PLC0415 - the same
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # noqa: PLC0415 - the same
        from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: PLC0415 - the same
    except ImportError:
        return None
    # It would fetch the list of top-level domains; the package carries one.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    engine = SpacyNlpEngine()
    engine.nlp = {"en": spacy.blank("en")}
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
    registry.remove_recognizer("SpacyRecognizer")
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])
    analyzer.analyze(texts[0], language="en")
    start = time.process_time()
    found = [analyzer.analyze(text, language="en") for text in texts]
    seconds = time.process_time() - start
    marks = [
        [Mark(PRESIDIO_TYPES.get(one.entity_type, one.entity_type), one.start, one.end) for one in some]
        for some in found
    ]
    return Result("presidio patterns", len(texts), seconds, marks)


def recall(corpus: Iterable[Text], result: Result) -> dict[str, tuple[int, int]]:
    """By type: how many planted values a finding of the type covers whole, and how many there are."""
    hits, total = Counter[str](), Counter[str]()
    for text, found in zip(corpus, result.found, strict=False):
        for mark in text.marks:
            total[mark.type] += 1
            hits[mark.type] += any(
                one.type == mark.type and one.start <= mark.start and one.end >= mark.end for one in found
            )
    return {type_: (hits[type_], total[type_]) for type_ in sorted(total)}


def measure(num_records: int, num_peer: int) -> dict[str, object]:
    """The whole comparison, as JSON."""
    start = time.process_time()
    layer = first_layer()
    layer.find("compiled")
    compiling = time.process_time() - start
    corpus = make_corpus(num_records)
    texts = [text.text for text in corpus]
    best = min((run_ours(texts) for _ in range(RUNS)), key=lambda result: result.cpu_seconds)
    peers = [run_re(texts[:num_peer], layer), run_presidio(texts[:num_peer])]
    results = [best, *(peer for peer in peers if peer is not None)]
    on_peer = corpus[:num_peer]
    return {
        "num_records": num_records,
        "mean_characters": sum(map(len, texts)) / len(texts),
        "compile_seconds": compiling,
        "rates": {result.name: result.rate for result in results},
        "peer_records": num_peer,
        "ratios": {result.name: best.rate / result.rate for result in results[1:]},
        "recall": {result.name: recall(on_peer, result) for result in results},
        "recall_on_all": recall(corpus, best),
        "found_beside_the_planted": sum(map(len, best.found)) - sum(hits for hits, _ in recall(corpus, best).values()),
    }


def broken_promises(figures: dict[str, object]) -> list[str]:
    """What was promised and does not hold, in words."""
    rates, ratios, recalls = figures["rates"], figures["ratios"], figures["recall"]
    broken = []
    if rates["preceptor"] < TARGET_RATE:
        broken.append(f"{rates['preceptor']:,.0f} records per CPU-second, {TARGET_RATE:,} were promised")
    for peer, ratio in ratios.items():
        if peer != "re" and ratio < TARGET_RATIO:
            broken.append(f"{ratio:.0f} times {peer}, {TARGET_RATIO} were promised")
    for peer in ratios:
        broken += [
            f"recall of {type_} is {hits} of {total}, below {peer}'s {recalls[peer][type_][0]}"
            for type_, (hits, total) in recalls["preceptor"].items()
            if hits < recalls[peer][type_][0]
        ]
    return broken


def show(figures: dict[str, object]) -> None:
    """The figures as a table."""
    print(f"{figures['num_records']:,} texts of {figures['mean_characters']:.0f} characters,", end=" ")
    print(f"peers read the first {figures['peer_records']:,}")
    print(f"patterns compiled in {figures['compile_seconds']:.2f} CPU-s")
    for name, rate in figures["rates"].items():
        ratio = f"ours is {figures['ratios'][name]:,.0f} times as fast" if name in figures["ratios"] else ""
        print(f"{name:20}{rate:>12,.0f} records/CPU-s  {ratio}")
    print(f"\nrecall on the same {figures['peer_records']:,} texts")
    names = list(figures["recall"])
    print(f"{'':18}" + "".join(f"{name:>20}" for name in names) + f"{'ours, all texts':>20}")
    for type_, (hits, total) in figures["recall_on_all"].items():
        cells = [figures["recall"][name].get(type_, (0, 0)) for name in names]
        print(f"{type_:18}" + "".join(f"{f'{one[0]}/{one[1]}':>20}" for one in cells) + f"{f'{hits}/{total}':>20}")
    print(f"\nfindings beside the planted values, all texts: {figures['found_beside_the_planted']}")


def main() -> int:
    """Measure, print, and say by the exit code whether the promises hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=40_000)
    parser.add_argument("--peer-records", type=int, default=400)
    parser.add_argument("--quick", action="store_true", help="4,000 records, 60 for the peers")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measure(*((4_000, 60) if arguments.quick else (arguments.records, arguments.peer_records)))
    if arguments.json:
        print(json.dumps(figures))
    else:
        show(figures)
    broken = broken_promises(figures)
    for line in broken:
        print(f"broken: {line}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
