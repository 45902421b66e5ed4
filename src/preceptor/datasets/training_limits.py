"""What a fine-tuning service takes of a file as a whole: how many examples and how many bytes."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class TrainingLimits:
    """The fewest and the most examples, and the most bytes; None where the service names no limit."""

    min_rows: int = 1
    max_rows: int | None = None
    max_bytes: int | None = None

    def problems(self, num_rows: int, num_bytes: int) -> tuple[str, ...]:
        """What is broken, one sentence each; empty for a file that the service takes.

        >>> TrainingLimits(min_rows=10).problems(3, 900)
        ('it has 3 examples, at least 10 are asked for; add some',)
        """
        found = []
        if num_rows < self.min_rows:
            found.append(f"it has {num_rows:,} examples, at least {self.min_rows:,} are asked for; add some")
        if self.max_rows is not None and num_rows > self.max_rows:
            found.append(f"it has {num_rows:,} examples, at most {self.max_rows:,} are taken; split it")
        if self.max_bytes is not None and num_bytes > self.max_bytes:
            most = self.max_bytes / MEBIBYTE
            found.append(f"it has {num_bytes / MEBIBYTE:,.1f} MiB, at most {most:,.0f} MiB are taken; split it")
        return tuple(found)
