"""What a recipe says of the use of its data, and of who answers for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from preceptor.datasets.types import DatasetNotes, Governance

PERSONAL_DATA_HEADING = "Personal data"
RESPONSIBLE_HEADING = "Responsible"
RETENTION_HEADING = "Retention"


@dataclass(frozen=True, kw_only=True)
class RecipeGovernance:
    """What the data is for, and who must agree.

    `allowed_licences` are SPDX identifiers, `personal_data` says in words what is in the data and why it may
    be, `retention` how long a version is kept, `owner` who answers questions. Approvals are by role: see `Governance`.
    """

    intended_use: str = ""
    allowed_licences: tuple[str, ...] = ()
    personal_data: str = ""
    retention: str = ""
    owner: str = ""
    reviewed_by: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)


def manifest_governance(said: RecipeGovernance) -> Governance:
    """What the registry goes by."""
    return Governance(
        intended_use=said.intended_use,
        allowed_licences=said.allowed_licences,
        reviewed_by=said.reviewed_by,
        approved_by=said.approved_by,
        people=said.people,
    )


def with_statements(notes: DatasetNotes, said: RecipeGovernance) -> dict[str, str]:
    """The card's text by heading: what a person wrote there, else the recipe's statements."""
    statements = {
        PERSONAL_DATA_HEADING: said.personal_data,
        RESPONSIBLE_HEADING: said.owner,
        RETENTION_HEADING: said.retention,
    }
    return {heading: text for heading, text in statements.items() if text} | notes.text
