"""Generation against a server that can fail and hang; the killed process is a real one."""

import asyncio
import json
import os
import signal
import sys
from collections import Counter

import pytest
import yaml
from aiohttp import web

from preceptor.core.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from preceptor.models.generate import Pace, Prompt, generate, read_prompts
from preceptor.models.target import ExampleSource, Target

KEY = "sk-test-1234567890abcdef"
PROMPTS = [Prompt(id=f"p{number}", text=f"question {number}", metadata={"user": "u"}) for number in range(6)]


def target_at(url: str, system: str = "be kind") -> Target:
    return Target(
        name="baseline",
        system=system,
        provider={"kind": "openai", "model": "m", "base_url": url, "max_retries": 0, "timeout_seconds": 30},
    )


def rows_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def items_of(path):
    return [row["metadata"]["item"] for row in rows_of(path)]


async def test_each_prompt_becomes_one_row(server, resources, tmp_path):
    server.chats("good day")
    told: list[int] = []
    log = tmp_path / "log.jsonl"
    report = await generate(target_at(server.url), PROMPTS, log, resources, Pace(advance=told.append))
    assert sorted(items_of(log)) == [prompt.id for prompt in PROMPTS]
    first = rows_of(log)[0]
    assert first["request"]["messages"][0] == {"role": "system", "content": "be kind"}
    assert first["response"]["choices"][0]["message"]["content"] == "good day"
    assert first["metadata"]["user"] == "u"
    assert first["metadata"]["target_identity"] == target_at(server.url).identity
    assert (report.num_answered, report.num_skipped, sum(told)) == (6, 0, 6)


async def test_a_second_run_asks_nothing(server, resources, tmp_path):
    server.chats()
    log = tmp_path / "log.jsonl"
    await generate(target_at(server.url), PROMPTS, log, resources)
    before = log.read_bytes()
    report = await generate(target_at(server.url), PROMPTS, log, resources)
    assert log.read_bytes() == before
    assert (report.num_answered, report.num_skipped, len(server.bodies)) == (0, 6, 6)


async def test_no_more_requests_are_under_way_than_allowed(server, resources, tmp_path):
    under_way, most = 0, 0

    async def count(_: web.Request) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        return web.json_response({"choices": [{"message": {"content": "x"}}]})

    server.replies.append(count)
    await generate(target_at(server.url), PROMPTS, tmp_path / "log.jsonl", resources, Pace(concurrency=2))
    assert most == 2


async def test_failures_become_rows_and_only_those_of_the_outside_are_asked_again(server, resources, tmp_path):
    server.says("refused", status=400)
    server.says("down", status=500)
    server.chats()
    log = tmp_path / "log.jsonl"
    first = await generate(target_at(server.url), PROMPTS, log, resources, Pace(concurrency=1))
    assert (first.num_model_failures, first.num_infra_failures, first.num_answered) == (1, 1, 4)
    assert [row["error"]["type"] for row in rows_of(log)[:2]] == ["model_error", "infra_error"]
    second = await generate(target_at(server.url), PROMPTS, log, resources)
    assert (second.num_answered, second.num_skipped) == (1, 5)
    assert items_of(log).count("p1") == 2


async def test_a_refused_key_stops_the_run(server, resources, tmp_path):
    server.chats()
    server.says("no", status=401)
    log = tmp_path / "log.jsonl"
    with pytest.raises(NotAllowedError, match="OPENAI_API_KEY"):
        await generate(target_at(server.url), PROMPTS, log, resources, Pace(concurrency=1))
    assert items_of(log) == ["p0"]


async def test_no_key_is_in_the_log(server, resources, tmp_path):
    server.says(f"you sent {KEY}", status=500)
    log = tmp_path / "log.jsonl"
    await generate(target_at(server.url), PROMPTS, log, resources)
    assert KEY not in log.read_text()
    assert "you sent ***" in log.read_text()


async def test_a_log_of_another_target_is_not_mixed(server, resources, tmp_path):
    server.chats()
    log = tmp_path / "log.jsonl"
    await generate(target_at(server.url), PROMPTS, log, resources)
    with pytest.raises(ConflictError, match="another target"):
        await generate(target_at(server.url, system="be rude"), PROMPTS, log, resources)


async def test_a_changed_prompt_under_an_old_id_is_a_conflict(server, resources, tmp_path):
    server.chats()
    log = tmp_path / "log.jsonl"
    await generate(target_at(server.url), PROMPTS, log, resources)
    with pytest.raises(ConflictError, match="another text under the id 'p0'"):
        await generate(target_at(server.url), [Prompt(id="p0", text="changed")], log, resources)


async def test_examples_that_nobody_took_from_the_dataset_are_named(resources, tmp_path):
    target = Target(name="t", system="", provider={}, examples_from=ExampleSource(dataset="support"))
    with pytest.raises(InputError, match="needs the workspace"):
        await generate(target, PROMPTS, tmp_path / "log.jsonl", resources)


async def test_a_killed_run_goes_on_without_repeating_or_losing_any(server, tmp_path):
    """SIGKILL while one request hangs and the log ends in half a row."""
    hangs, release = asyncio.Event(), asyncio.Event()

    async def hang_after_three(_: web.Request) -> web.StreamResponse:
        if len(server.bodies) > 3:
            hangs.set()
            await release.wait()
        return web.json_response({"choices": [{"message": {"content": "x"}}]})

    server.replies.append(hang_after_three)
    log = tmp_path / "log.jsonl"
    (tmp_path / "target.yaml").write_text(
        yaml.safe_dump({"name": "t", "system": "s", "provider": target_at(server.url).provider})
    )
    (tmp_path / "prompts.jsonl").write_text(
        "".join(json.dumps({"id": prompt.id, "prompt": prompt.text}) + "\n" for prompt in PROMPTS)
    )
    command = [
        *(sys.executable, "-c", "from preceptor.cli.main import main; main()", "models", "generate"),
        *(str(tmp_path / "prompts.jsonl"), "--target", str(tmp_path / "target.yaml"), "--out", str(log)),
        *("--concurrency", "1", "--json"),
    ]
    environment = {**os.environ, "OPENAI_API_KEY": KEY}
    killed = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    await asyncio.wait_for(hangs.wait(), 60)
    os.kill(killed.pid, signal.SIGKILL)
    await killed.communicate()
    assert len(rows_of(log)) == 3
    with log.open("a") as stream:
        stream.write('{"request": {"mess')
    release.set()

    again = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    printed, _ = await again.communicate()
    report = json.loads(printed)
    assert (again.returncode, report["num_answered"], report["num_skipped"]) == (0, 3, 3)
    assert Counter(items_of(log)) == Counter(prompt.id for prompt in PROMPTS)


def test_prompts_keep_what_else_is_known_as_metadata(tmp_path):
    path = tmp_path / "prompts.jsonl"
    path.write_text('{"id": "a", "prompt": "hi", "user": "u1", "intent": "billing"}\n')
    assert read_prompts(path) == [Prompt(id="a", text="hi", metadata={"user": "u1", "intent": "billing"})]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no prompts"),
        ('{"id": "a", "prompt": ""}', r":1: prompt is ''"),
        ('{"id": 3, "prompt": "x"}', r":1: id is 3"),
        ('{"id": "a", "prompt": "x"}\n{"id": "a", "prompt": "y"}', r":2: the id 'a' stands twice \(first in line 1\)"),
        ('{"id": "a", "prompt": "x"}\nnope', ":2: not JSON"),
    ],
)
def test_prompts_that_cannot_be_used_are_named_by_line(tmp_path, text, message):
    path = tmp_path / "prompts.jsonl"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_prompts(path)


def test_a_missing_prompts_file_is_not_found(tmp_path):
    with pytest.raises(NotFoundError):
        read_prompts(tmp_path / "none.jsonl")
