"""The run page is one harmless file of bounded size, and it works in a browser."""

from __future__ import annotations

import base64
import hashlib
import html as html_text
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from preceptor.core.registry import PluginIdentity
from preceptor.evals import page
from preceptor.evals.page import iter_run_page, run_page
from preceptor.evals.page_samples import page_samples
from preceptor.evals.page_types import PageMetric, PageSlice, RunPageView
from preceptor.evals.types import Comparison, EvalCase, EvalRun, RunIdentity, SampleResult, Unpaired
from preceptor.grading.types import MetricScore
from preceptor.models.types import Message, Usage
from preceptor.stats.types import Interval

MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOSTILE = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\u202e\x07"
GRADER = PluginIdentity(kind="grader", name="contains", version=1, settings={})


def _run(target: str) -> EvalRun:
    return EvalRun(
        id=f"run_{target}",
        suite=f"support {HOSTILE}",
        target=target,
        identity=RunIdentity(cases="1" * 64, graders="2" * 64, target="3" * 64),
        primary="valid",
        num_cases=4,
        started_at=MOMENT,
        finished_at=MOMENT + timedelta(seconds=75),
    )


def _result(case_id: str, value: float | None, output: str | None = "an answer", latency: float = 1.0) -> SampleResult:
    scores = (MetricScore(metric="valid", value=value, reason=HOSTILE, grader=GRADER),) if output is not None else ()
    return SampleResult(
        case_id=case_id,
        status="ok" if output is not None else "infra_error",
        output=output,
        error="" if output is not None else f"timed out {HOSTILE}",
        scores=scores,
        latency_seconds=latency,
    )


CASES = [
    EvalCase(
        id=f"case-{name}",
        messages=(Message(role="user", content=f"question {name} {HOSTILE}"),),
        slices=(f"intent={name}",),
    )
    for name in "abcd"
]
AFTER = [
    _result("case-a", 1.0, "Refunds take five days.", latency=3.0),
    _result("case-b", 0.0, f"Refunds take ten days. {HOSTILE}", latency=1.0),
    _result("case-c", 1.0, "Zebra crossing.", latency=2.0),
    _result("case-d", None, None, latency=9.0),
]
BEFORE = [
    _result("case-a", 0.0, "Refunds take six days."),
    _result("case-b", 1.0, f"Refunds take five days. {HOSTILE}"),
    _result("case-c", 1.0, "Zebra crossing."),
    _result("case-d", 1.0, "here"),
]
COMPARISON = Comparison(
    n=3,
    baseline_mean=2 / 3,
    candidate_mean=2 / 3,
    difference=0.0,
    interval=None,
    confidence=0.95,
    p_value=None,
    test="none",
    improved=1,
    regressed=1,
    unpaired=Unpaired(candidate_missing_score=("case-d",)),
    reason="three pairs give no interval",
)


def one_run() -> RunPageView:
    """A run of four cases, with hostile text wherever text can stand."""
    return RunPageView(
        run=_run("new"),
        generated_at=MOMENT,
        samples=list(page_samples(CASES, AFTER)),
        num_samples=4,
        status=f"finished {HOSTILE}",
        model=HOSTILE,
        purpose="golden",
        usage=Usage(input_tokens=1_200, output_tokens=None, cost=0.0123),
        coverage={"ok": 3, "infra_error": 1},
        metrics=(
            PageMetric(name="valid", n=3, mean=2 / 3, interval=Interval(0.2, 0.94), num_missing=1),
            PageMetric(name="polite", n=0, mean=None, num_missing=4, reason="every judgement failed"),
        ),
        slices=(
            PageSlice(metric="valid", name="intent=a", n=1, mean=1.0),
            PageSlice(metric="valid", name=f"intent={HOSTILE}", n=1, mean=0.0),
        ),
        notes=(f"the log was cut off {HOSTILE}",),
    )


def two_runs() -> RunPageView:
    """The same run beside its baseline: a improved, b regressed, c is the same, d is lost."""
    samples = list(page_samples(CASES, AFTER, BEFORE))
    return replace(one_run(), samples=samples, baseline=_run("old"), comparisons={"valid": COMPARISON})


@pytest.fixture(params=[one_run, two_runs])
def view(request):
    return request.param()


def test_the_figures_stand_in_the_page_and_what_is_missing_says_so():
    text = run_page(one_run())
    assert "[0.200, 0.940]" in text
    assert "every judgement failed" in text
    assert "took 1 min 15 s" in text
    assert "1,200 in, not known out" in text
    assert text.index("intent=&lt;/script") < text.index("intent=a</th>"), "the lowest slice stands first"


def test_a_comparison_without_an_interval_gives_its_reason():
    assert "three pairs give no interval" in run_page(two_runs())


def test_hostile_text_makes_no_element(view):
    text = run_page(view)
    assert len(re.findall(r"<script[ >]", text)) == 3
    assert "<img" not in text
    assert "\u202e" not in text
    assert "\x07" not in text


def test_the_policy_names_the_one_script_and_the_one_style_and_allows_nothing_else(view):
    text = html_text.unescape(run_page(view))
    policy = re.search(r'Security-Policy" content="([^"]+)"', text)[1]
    script, style = (
        text[text.rindex("<script>") + 8 : text.rindex("</script>")],
        re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1],
    )
    hashes = {
        name: base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        for name, part in (("script", script), ("style", style))
    }
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; script-src 'sha256-{hashes['script']}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_nothing_is_loaded_and_no_style_stands_outside_the_policy(view):
    text = run_page(view)
    assert not re.findall(r"\s(?:src|href|style|on\w+)=[\"'](?!#)", text)
    assert "://" not in text
    assert "innerHTML" not in text


def test_every_sample_is_in_it(view):
    text = run_page(view)
    rows = json.loads(text[text.index('id="data">') + 10 : text.index("</script>", text.index('id="data">'))])
    assert [row["id"] for row in rows] == ["case-a", "case-b", "case-c", "case-d"]


def test_the_same_view_gives_the_same_page(view):
    assert run_page(view) == run_page(view)


def test_a_run_without_samples_has_a_page():
    assert 'id="data">[\n\n]' in run_page(replace(one_run(), samples=(), num_samples=0, metrics=(), slices=()))


def test_many_long_samples_keep_to_the_size_and_the_rest_is_counted(monkeypatch):
    """Twenty samples of 10,000 characters in a page of 10,000: 500 each; with room for ten, ten are left out."""
    monkeypatch.setattr(page, "PAGE_CHARACTERS", 10_000)
    monkeypatch.setattr(page, "MAX_SAMPLES", 10)
    results = [_result(f"case-{number}", 1.0, "x" * 10_000) for number in range(20)]
    text = run_page(replace(one_run(), samples=page_samples([], results), num_samples=20))
    assert text.count("x" * 100) <= 10 * 5
    assert "10 of 20 samples are kept with the run and not on this page." in text


def test_a_large_run_is_written_piece_by_piece():
    read = []

    def results():
        for number in range(1_000):
            read.append(number)
            yield _result(f"case-{number}", 1.0)

    pieces = iter_run_page(replace(one_run(), samples=page_samples([], results()), num_samples=1_000))
    for piece in pieces:
        if "case-0" in piece:
            break
    assert len(read) < 10


HARNESS = """
const found = {}, $ = (query) => document.querySelector(query), all = (query) => [...document.querySelectorAll(query)];
const ids = () => all(".opener").map((button) => button.textContent);
const pick = (name, value) => { const box = $(`select[name=${name}]`); box.value = value; box.dispatchEvent(new Event("change")); };
found.first = ids();
found.sorted_at_first = $("[aria-sort]").dataset.column;
$("th[data-column=latency] button").click(); found.by_latency = ids();
$("th[data-column=latency] button").click(); found.by_latency_down = ids(); found.aria = $("[aria-sort]").getAttribute("aria-sort");
pick("status", "infra_error"); found.with_errors = ids();
$("button[type=reset]").click(); found.after_clear = ids().length;
pick("slice", "intent=c"); found.in_slice = ids(); pick("slice", "");
pick("result", "fail"); found.failing = ids(); pick("result", "");
if ($("select[name=change]")) for (const name of ["worse", "better", "changed", "same", "not comparable"]) { pick("change", name); found[name] = ids().sort(); }
if ($("select[name=change]")) pick("change", "");
document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true })); found.focused = document.activeElement.id;
const opener = all(".opener").find((button) => button.textContent === "case-b"); opener.click();
found.expanded = opener.getAttribute("aria-expanded");
found.detail = $("tr.detail").textContent;
found.deleted = all("tr.detail del").map((part) => part.textContent); found.inserted = all("tr.detail ins").map((part) => part.textContent);
opener.click(); found.closed = all("tr.detail").length;
$("#search").value = "ZEBRA"; $("#search").dispatchEvent(new Event("input"));
setTimeout(() => {
  found.searched = ids(); found.shown = $("#shown").textContent; found.title = document.title; found.images = document.images.length;
  document.body.replaceChildren(Object.assign(document.createElement("pre"), { id: "found", textContent: JSON.stringify(found) }));
}, 300);
"""


def _in_browser(text: str, folder) -> str:
    browser = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("no Chromium here to open the page in")
    file = folder / "page.html"
    file.write_text(text, encoding="utf-8")
    command = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    command += ["--virtual-time-budget=3000", "--dump-dom", file.as_uri()]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip(f"the browser did not start: {done.stderr.decode(errors='replace')[-200:]}")
    return done.stdout.decode()


def _tried(view: RunPageView, folder) -> dict:
    """What a reader sees when sorting, filtering, searching and opening; the harness is a second script."""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", run_page(view))
    dom = _in_browser(text.replace("</body>", f"<script>{HARNESS}</script></body>"), folder)
    return json.loads(html_text.unescape(re.search(r'<pre id="found">(.*?)</pre>', dom, re.DOTALL)[1]))


def test_the_page_runs_under_its_own_policy(tmp_path):
    dom = _in_browser(run_page(two_runs()), tmp_path)
    assert "4 samples" in dom
    assert "owned</title>" not in dom
    assert dom.count('class="opener"') == 4


def test_a_reader_sorts_filters_searches_and_opens_samples_of_a_run(tmp_path):
    found = _tried(one_run(), tmp_path)
    assert found["first"] == ["case-b", "case-a", "case-c", "case-d"], "the lowest score first, no score last"
    assert found["sorted_at_first"] == "metric:valid"
    assert found["by_latency"] == ["case-b", "case-c", "case-a", "case-d"]
    assert found["by_latency_down"] == ["case-d", "case-a", "case-c", "case-b"]
    assert found["aria"] == "descending"
    assert found["with_errors"] == ["case-d"]
    assert found["after_clear"] == 4
    assert found["in_slice"] == ["case-c"]
    assert found["failing"] == ["case-b"]
    assert found["focused"] == "search"
    assert (found["expanded"], found["closed"]) == ("true", 0)
    assert "document.title='owned'" in found["detail"]
    assert "\\u202e" in found["detail"]
    assert found["searched"] == ["case-c"]
    assert found["shown"] == "1 of 4 samples"
    assert found["images"] == 0
    assert "owned" not in found["title"].replace("document.title='owned'", "")


def test_a_reader_compares_two_runs(tmp_path):
    found = _tried(two_runs(), tmp_path)
    assert found["first"] == ["case-b", "case-c", "case-a", "case-d"], "regressions first"
    assert (found["worse"], found["better"], found["same"]) == (["case-b"], ["case-a"], ["case-c"])
    assert found["not comparable"] == ["case-d"]
    assert found["changed"] == ["case-a", "case-b", "case-d"]
    assert (found["deleted"], found["inserted"]) == (["five"], ["ten"])
