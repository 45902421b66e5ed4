"""A judge's verdict on each of a list of claims."""

from __future__ import annotations

from collections.abc import Sequence

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.grading.failures import JudgementError
from preceptor.grading.judge_request import JudgeQuestion, judge_request, read_judgement
from preceptor.grading.output_part import shown
from preceptor.models.provider import ChatModel

_TASK = """You check claims against sources.

{instructions}

A claim is supported only if its sources say so, or it follows from what they say without any other knowledge.
What is true but does not stand there is not supported. Give one verdict for each claim, by its number."""
_FORM = '{"verdicts": [{"claim": <number>, "supported": true | false}, ...]}'
_SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "verdicts": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"claim": {"type": "integer"}, "supported": {"type": "boolean"}},
                "required": ["claim", "supported"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["verdicts"],
    "additionalProperties": False,
}


def verdicts_question(instructions: str, material: str, max_tokens: int) -> JudgeQuestion:
    """The question; the material names each claim by a number from 1."""
    task = _TASK.format(instructions=instructions)
    return JudgeQuestion(task=task, form=_FORM, material=material, schema=_SCHEMA, max_tokens=max_tokens)


async def ask_verdicts(model: ChatModel, question: JudgeQuestion, claims: Sequence[str]) -> list[bool]:
    """True for each claim that the judge finds supported, in their order.

    Raises JudgementError unless the answer holds exactly one verdict for each.
    """
    completion = await model.complete(judge_request(question))
    return read_verdicts(completion.text, len(claims))


def read_verdicts(text: str, num_claims: int) -> list[bool]:
    """The verdicts in the order of the claims.

    >>> read_verdicts('{"verdicts": [{"claim": 2, "supported": false}, {"claim": 1, "supported": true}]}', 2)
    [True, False]
    """
    needed = frozenset({"verdicts"})
    listed = read_judgement(text, needed, needed)["verdicts"]
    if not isinstance(listed, list) or len(listed) != num_claims:
        raise JudgementError(f"the judge must give {num_claims} verdicts, not {shown(listed)}")
    found = dict(_verdict(item) for item in listed)
    if found.keys() != set(range(1, num_claims + 1)):
        raise JudgementError(f"the judge must give each claim from 1 to {num_claims} one verdict, not {shown(listed)}")
    return [found[number] for number in range(1, num_claims + 1)]


def _verdict(item: JsonValue) -> tuple[int, bool]:
    if not isinstance(item, dict) or item.keys() != {"claim", "supported"}:
        raise JudgementError(f"a verdict must hold claim and supported only, not {shown(item)}")
    number, is_supported = item["claim"], item["supported"]
    if isinstance(number, bool) or not isinstance(number, int) or not isinstance(is_supported, bool):
        raise JudgementError(f"a verdict's claim must be a number and supported true or false, not {shown(item)}")
    return number, is_supported
