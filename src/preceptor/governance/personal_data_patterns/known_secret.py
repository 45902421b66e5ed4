"""Keys and tokens with a well-known beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Reach, Span

# Each starts where a run of its characters starts and gives none back: read once, never twice.
KNOWN = re.compile(
    r"(?<![\w-])(?:"
    r"sk-[\w-]{20,}+"  # OpenAI, Anthropic and others
    r"|[spr]k_(?:live|test)_\w{16,}+|whsec_\w{20,}+"  # Stripe
    r"|gh[pousr]_\w{30,}+|github_pat_\w{40,}+|glpat-[\w-]{20,}+"  # GitHub, GitLab
    r"|xox[abposr]-[\w-]{10,}+|xapp-[\w-]{20,}+"  # Slack
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}(?!\w)"  # AWS
    r"|AIza[\w-]{35}(?![\w-])|ya29\.[\w-]{20,}+|GOCSPX-[\w-]{20,}+"  # Google
    r"|hf_\w{30,}+|npm_\w{36}(?!\w)|pypi-[\w-]{50,}+"  # Hugging Face, npm, PyPI
    r"|SG\.[\w-]{20,}+\.[\w-]{20,}+"  # SendGrid
    r"|eyJ[\w-]{8,}+\.eyJ[\w-]{8,}+\.[\w-]{8,}+"  # JSON Web Token
    r")"
)
# Azure writes its keys after a name of its own.
AZURE = re.compile(
    r"(?<=AccountKey=)[A-Za-z0-9+/]{86}==|(?<=SharedAccessKey=)[A-Za-z0-9+/]{43}=|(?<=sig=)[\w%]{43,60}%3D"
)


@dataclass(frozen=True, kw_only=True)
class KnownSecret:
    """Keys of OpenAI, Anthropic, Stripe, GitHub, GitLab, Slack, AWS, Google, Azure, Hugging Face and others, and JWTs.

    >>> list(KnownSecret().find("key AKIAIOSFODNN7EXAMPLE"))
    [Span(start=4, end=24)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "SECRET"
    precedence: ClassVar[int] = 20
    is_default: ClassVar[bool] = True
    triggers: ClassVar[tuple[str, ...]] = (
        r"[^\w-](?:sk-[\w-]{20}|[spr]k_(?:live|test)_\w{16}|whsec_\w{20})",
        r"[^\w-](?:gh[pousr]_\w{30}|github_pat_\w{40}|glpat-[\w-]{20})",
        r"[^\w-](?:xox[abposr]-[\w-]{10}|xapp-[\w-]{20}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{35})",
        r"[^\w-](?:ya29\.[\w-]{20}|GOCSPX-[\w-]{20}|hf_\w{30}|npm_\w{36}|pypi-[\w-]{50}|SG\.[\w-]{20})",
        r"[^\w-]eyJ[\w-]{8}",
        "(?:AccountKey=[a-z0-9+/]{86}|SharedAccessKey=[a-z0-9+/]{43}|sig=[a-z0-9%]{43})",
    )
    reach: ClassVar[Reach | None] = None

    def find(self, text: str) -> Iterator[Span]:
        """Each secret, in order."""
        after = 0
        found = [match.span() for expression in (KNOWN, AZURE) for match in expression.finditer(text)]
        for start, end in sorted(found):
            if start >= after:
                after = end
                yield Span(start, end)
