"""Read an exported file with Axolotl's own prompt strategies, as its stanza says; print the first row as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml
from axolotl.utils.dict import DictDefault
from tiny_model import tiny_tokenizer


def main() -> int:
    """Print the first row as the strategy that the stanza names sees it: texts, or tokens written out."""
    path = Path(sys.argv[1])
    stanza = DictDefault(yaml.safe_load(path.with_name(f"{path.name}.axolotl.yaml").read_text("utf-8")))
    stanza.chat_template, stanza.sequence_len = "tokenizer_default", 2048
    dataset, tokenizer = stanza.datasets[0], tiny_tokenizer()
    row = json.loads(path.read_text("utf-8").splitlines()[0])
    if stanza.rl:
        from axolotl.prompt_strategies import dpo, kto  # noqa: PLC0415 - one kind a process

        kind = kto if stanza.rl == "kto" else dpo
        strategy = kind.load(dataset.type, stanza, dataset_idx=0)
        transform = strategy[0] if isinstance(strategy, tuple) else strategy
        made = transform(row) if kind is kto else transform(row, tokenizer=tokenizer)
        print(
            json.dumps(
                {name: made[name] for name in ("prompt", "chosen", "rejected", "completion", "label") if name in made}
            )
        )
        return 0
    from axolotl.prompt_strategies import load  # noqa: PLC0415 - one kind a process

    strategy = load(dataset.type, tokenizer, stanza, dataset)
    made = strategy.tokenize_prompt(row)
    learnt = [token for token, label in zip(made["input_ids"], made["labels"], strict=True) if label != -100]  # noqa: PLR2004 - what trainers pass over
    print(json.dumps({"text": tokenizer.decode(made["input_ids"]), "learnt": tokenizer.decode(learnt)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
