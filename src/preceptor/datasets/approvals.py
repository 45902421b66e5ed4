"""Move a version through its stages by people's words: draft, reviewed, approved; withdrawn is the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from preceptor.core.clock import to_text
from preceptor.core.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from preceptor.core.ids import content_id
from preceptor.datasets.registry_types import Stage, StageWord, Standing
from preceptor.datasets.types import Governance
from preceptor.governance.person_key import person_key

MAKER = "maker"
REVIEWER = "reviewer"
APPROVER = "approver"
STEPS: tuple[tuple[Stage, Stage], ...] = (("draft", "reviewed"), ("reviewed", "approved"))
LONGEST_NAME = 200
LONGEST_NOTE = 4_000


def first_word(version_id: str, by: str, at: datetime) -> StageWord:
    """The word with which a version enters the registry: a draft, by its maker."""
    return make_word(StageWord(id="", version_id=version_id, stage="draft", role=MAKER, by=by, at=at))


def make_word(word: StageWord) -> StageWord:
    """The word under the id of its content, its texts checked.

    Raises InputError for a blank or long name, a note that is too long, and a withdrawal that does not say why.
    """
    if not word.by.strip() or not word.by.isprintable() or len(word.by) > LONGEST_NAME:
        raise InputError(f"the actor is {word.by[:LONGEST_NAME]!r}; write a name of 1 to {LONGEST_NAME} characters")
    if len(word.note) > LONGEST_NOTE:
        raise InputError(f"the note has {len(word.note):,} characters; write at most {LONGEST_NOTE:,}")
    if word.stage == "withdrawn" and not word.note.strip():
        raise InputError("the note is blank; a withdrawal says why")
    said = (word.version_id, word.stage, word.role, word.by, to_text(word.at), word.note)
    return StageWord(
        id=content_id("stage", said),
        version_id=word.version_id,
        stage=word.stage,
        role=word.role,
        by=word.by,
        at=word.at,
        note=word.note,
    )


def roles_for(stage: Stage, governance: Governance) -> tuple[str, ...]:
    """The roles that must agree before a version is in a stage; one that is open to all where the recipe names none.

    >>> roles_for("approved", Governance(approved_by=("privacy officer", "product owner")))
    ('privacy officer', 'product owner')
    >>> roles_for("reviewed", Governance())
    ('reviewer',)
    """
    if stage == "reviewed":
        return governance.reviewed_by or (REVIEWER,)
    return (governance.approved_by or (APPROVER,)) if stage == "approved" else ()


def standing(words: Sequence[StageWord], governance: Governance) -> Standing:
    """The stage that the words have reached, and the roles that must still agree to the next one.

    A stage is reached when each of its roles has agreed, each by another person, and one of them at least is not
    the version's maker.
    """
    withdrawn = [word for word in words if word.stage == "withdrawn"]
    if withdrawn:
        return Standing(stage="withdrawn", reason=withdrawn[0].note)
    for before, stage in STEPS:
        missing = _missing(stage, words, governance)
        if missing:
            return Standing(stage=before, missing=missing)
    return Standing(stage="approved")


def check_word(new: StageWord, words: Sequence[StageWord], governance: Governance) -> None:
    """Nothing when the word can be kept after the others.

    Raises ConflictError for a withdrawn version, a stage that is not the next one, or a role that has agreed
    already; NotFoundError for a role that the stage does not ask for; NotAllowedError for an actor whom the
    recipe does not name for it, who spoke in another role (two roles are two people), or for the maker
    where nobody else is asked.
    """
    now = standing(words, governance)
    _require_next(new, now)
    asked = _asked(new.stage, governance)
    if new.role not in asked:
        known = ", ".join(map(repr, asked))
        raise NotFoundError(f"{new.role!r} has no say in {new.stage!r}; the roles are: {known}")
    actors = governance.people.get(new.role, ())
    if actors and new.by not in actors:
        raise NotAllowedError(f"{new.by!r} does not speak for {new.role!r}; it may be: {', '.join(sorted(actors))}")
    if new.stage != "withdrawn":
        _require_other_people(new, words, asked)


def require_exportable(now: Standing, governance: Governance, *, unapproved_ok: bool = False) -> str:
    """What to tell the person who exports a version; empty for an approved one.

    Raises ConflictError for a withdrawn version, whatever is asked, and for one that is not approved where its
    recipe names who approves, unless `unapproved_ok`.
    """
    if now.stage == "withdrawn":
        raise ConflictError(f"the version was withdrawn: {now.reason}; use a later one")
    if now.stage == "approved":
        return ""
    told = f"the version is {now.stage}; not agreed yet: {', '.join(now.missing)}"
    if governance.approved_by and not unapproved_ok:
        raise ConflictError(f"{told}; have it approved, or let it leave unapproved (--unapproved)")
    return told


def _missing(stage: Stage, words: Sequence[StageWord], governance: Governance) -> tuple[str, ...]:
    roles = roles_for(stage, governance)
    people: dict[str, str] = {}
    for word in words:
        person = person_key(word.by)
        if word.stage == stage and word.role in roles and person not in people.values():
            people.setdefault(word.role, person)
    missing = tuple(role for role in roles if role not in people)
    is_maker_alone = not missing and set(people.values()) <= {_maker(words)}
    return roles if is_maker_alone else missing


def _maker(words: Sequence[StageWord]) -> str | None:
    return next((person_key(word.by) for word in words if word.stage == "draft"), None)


def _asked(stage: Stage, governance: Governance) -> tuple[str, ...]:
    if stage != "withdrawn":
        return roles_for(stage, governance)
    everybody = (MAKER, *roles_for("reviewed", governance), *roles_for("approved", governance))
    return tuple(dict.fromkeys(everybody))


def _require_next(new: StageWord, now: Standing) -> None:
    if now.stage == "withdrawn":
        raise ConflictError(f"the version was withdrawn ({now.reason}); that is final, build another one")
    following = dict(STEPS).get(now.stage)
    if new.stage not in {following, "withdrawn"}:
        then = f"next it is {following}" if following else "it can only be withdrawn"
        raise ConflictError(f"the version is {now.stage} and cannot become {new.stage!r} now; {then}")


def _require_other_people(new: StageWord, words: Sequence[StageWord], asked: tuple[str, ...]) -> None:
    person = person_key(new.by)
    for word in words:
        if word.stage != new.stage:
            continue
        if word.role == new.role:
            raise ConflictError(f"{word.by!r} has agreed as {word.role!r} already")
        if person_key(word.by) == person:
            raise NotAllowedError(f"{new.by!r} has agreed as {word.role!r}; {new.role!r} is for another person")
    if len(asked) == 1 and person == _maker(words):
        raise NotAllowedError(f"{new.by!r} made the version and cannot alone call it {new.stage}; ask somebody else")
