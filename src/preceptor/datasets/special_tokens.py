"""The marks by which chat templates tell turns apart: in a text they let the text pose as another turn."""

from __future__ import annotations

from collections.abc import Iterable

SPECIAL_TOKENS = (
    # ChatML: Qwen, SmolLM, Yi and many others.
    "<|im_start|>", "<|im_end|>", "<|im_sep|>", "<|endoftext|>",
    # Llama 2 and Mistral.
    "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "</s>", "[TOOL_CALLS]", "[AVAILABLE_TOOLS]", "[TOOL_RESULTS]",
    # Llama 3 and 4.
    "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>", "<|eot|>",
    "<|header_start|>", "<|header_end|>", "<|python_tag|>",
    # Gemma.
    "<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>",
    # Phi, Zephyr, GLM.
    "<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "[gMASK]",
    # Command R.
    "<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", "<|CHATBOT_TOKEN|>", "<|USER_TOKEN|>", "<|SYSTEM_TOKEN|>",
    # DeepSeek.
    "<\uff5cbegin\u2581of\u2581sentence\uff5c>", "<\uff5cend\u2581of\u2581sentence\uff5c>",
    "<\uff5cUser\uff5c>", "<\uff5cAssistant\uff5c>",
    # gpt-oss.
    "<|start|>", "<|channel|>", "<|message|>", "<|return|>", "<|call|>",
)  # fmt: skip


def literal_pattern(texts: Iterable[str]) -> str:
    r"""An RE2 pattern that finds any of the texts as they stand.

    >>> literal_pattern(["</s>", "[INST]"])
    '\\<\\/s\\>|\\[INST\\]'
    """
    return "|".join(
        "".join(f"\\{sign}" if sign.isascii() and not sign.isalnum() and sign != "_" else sign for sign in text)
        for text in texts
    )
