"""Train one step with TRL on an exported file and print, as JSON, what the trainer saw."""

from __future__ import annotations

import json
import math
import sys
import tempfile

from tiny_model import tiny_config, tiny_tokenizer
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    LlamaForSequenceClassification,
    PreTrainedTokenizerFast,
    set_seed,
)

from datasets import load_dataset


def trainer(kind: str, path: str, folder: str):  # noqa: ANN201 - a trainer of TRL, whose types are not here
    """The trainer of a kind, made on the file as it lies."""
    tokenizer = tiny_tokenizer()
    rows = load_dataset("json", data_files=path, split="train")
    options = {
        "output_dir": folder, "max_steps": 1, "per_device_train_batch_size": 2, "report_to": [], "use_cpu": True,
        "bf16": False, "disable_tqdm": True, "save_strategy": "no", "logging_steps": 1, "gradient_checkpointing": False,
    }  # fmt: skip
    config = tiny_config(tokenizer)
    if kind == "sft":
        from trl import SFTConfig, SFTTrainer  # noqa: PLC0415 - one kind a process

        model = LlamaForCausalLM(config)
        return SFTTrainer(model, SFTConfig(**options), train_dataset=rows, processing_class=tokenizer), rows
    if kind == "preference":
        from trl import DPOConfig, DPOTrainer  # noqa: PLC0415 - one kind a process

        model = saved(config, tokenizer, folder)
        return DPOTrainer(model, args=DPOConfig(**options), train_dataset=rows, processing_class=tokenizer), rows
    if kind == "orpo":
        from trl.experimental.orpo import ORPOConfig, ORPOTrainer  # noqa: PLC0415 - one kind a process

        model = LlamaForCausalLM(config)
        return ORPOTrainer(model, ORPOConfig(**options), train_dataset=rows, processing_class=tokenizer), rows
    if kind == "kto":
        from trl import KTOConfig, KTOTrainer  # noqa: PLC0415 - one kind a process

        model = saved(config, tokenizer, folder)
        return KTOTrainer(model, args=KTOConfig(**options), train_dataset=rows, processing_class=tokenizer), rows
    if kind == "reward":
        from trl import RewardConfig, RewardTrainer  # noqa: PLC0415 - one kind a process

        config.num_labels = 1
        model = LlamaForSequenceClassification(config)
        return RewardTrainer(model, RewardConfig(**options), train_dataset=rows, processing_class=tokenizer), rows
    from transformers import LlamaForTokenClassification  # noqa: PLC0415 - one kind a process
    from trl.experimental.prm import PRMConfig, PRMTrainer  # noqa: PLC0415 - one kind a process

    config.num_labels = 2
    model = LlamaForTokenClassification(config)
    return PRMTrainer(model, PRMConfig(**options), train_dataset=rows, processing_class=tokenizer), rows


def saved(config: LlamaConfig, tokenizer: PreTrainedTokenizerFast, folder: str) -> str:
    """The folder of a model that is loaded twice: to train, and to compare with."""
    LlamaForCausalLM(config).save_pretrained(f"{folder}/model")
    tokenizer.save_pretrained(f"{folder}/model")
    return f"{folder}/model"


def main() -> int:
    """Print the rows, their columns, the loss of a step, and the first row as text."""
    kind, path = sys.argv[1:]
    set_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        made, rows = trainer(kind, path, folder)
        first = made.train_dataset[0]
        ids = next(
            (first[name] for name in ("input_ids", "prompt_ids", "prompt_input_ids", "chosen_ids") if name in first), []
        )
        done = made.train()
        print(
            json.dumps(
                {
                    "rows": len(rows),
                    "prepared": len(made.train_dataset),
                    "columns": sorted(rows.column_names),
                    "loss_is_finite": math.isfinite(done.training_loss),
                    "first": made.processing_class.decode(ids) if ids else "",
                }
            )
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
