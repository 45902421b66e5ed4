"""Read an exported file with LLaMA-Factory's own loader and print, as JSON, the rows that its trainers get."""

from __future__ import annotations

import json
import sys
import types
from importlib.machinery import ModuleSpec
from pathlib import Path

# Imported for sound, which a text dataset has none of, and built for another torch than the one for processors.
STAND_IN = types.ModuleType("torchaudio")
STAND_IN.__spec__ = ModuleSpec("torchaudio", None)
sys.modules["torchaudio"] = STAND_IN


def main() -> int:
    """Print the aligned rows of each named dataset in the folder."""
    from llamafactory.data.converter import align_dataset  # noqa: PLC0415 - after the stand-in
    from llamafactory.data.loader import _load_single_dataset  # noqa: PLC0415 - as above
    from llamafactory.data.parser import get_dataset_list  # noqa: PLC0415 - as above
    from llamafactory.hparams import DataArguments, ModelArguments  # noqa: PLC0415 - as above
    from transformers import Seq2SeqTrainingArguments  # noqa: PLC0415 - as above

    folder, *names = sys.argv[1:]
    data = DataArguments(dataset=",".join(names), dataset_dir=folder, overwrite_cache=True)
    model = ModelArguments(model_name_or_path="none")
    training = Seq2SeqTrainingArguments(output_dir=str(Path(folder) / "out"), report_to=[])
    found = []
    for attributes in get_dataset_list(names, folder):
        rows = _load_single_dataset(attributes, model, data, training)
        if "_prompt" not in rows.column_names:
            rows = align_dataset(rows, attributes, data, training)
        found.append([dict(row) for row in rows])
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
