"""The registry of dataset versions: stages, numbers, withdrawn records, and where versions are published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from preceptor.core.files import write_text
from preceptor.datasets.approvals import check_word, first_word, make_word, require_exportable, standing
from preceptor.datasets.card import render_card
from preceptor.datasets.changelog import changelog_entry
from preceptor.datasets.diff import diff
from preceptor.datasets.publish import publish
from preceptor.datasets.publisher import Published, StoreAccess, publishers
from preceptor.datasets.registered import registered
from preceptor.datasets.registry_types import ChangelogEntry, Registered, Stage, StageWord, Standing, WithdrawnRecord
from preceptor.datasets.semantic_version import choose_number, propose
from preceptor.datasets.store import DatasetVersionStore, StageStore, VersionNumberStore, WithdrawnRecordStore
from preceptor.datasets.types import DatasetVersion
from preceptor.datasets.withdraw import Holders, holders, withdraw_record
from preceptor.governance.store import LinkStore
from preceptor.workspace.core import Change, Core

# Where publishers find what they may not be told on the command line.
KEY, SECRET, TOKEN = "PRECEPTOR_STORE_KEY", "PRECEPTOR_STORE_SECRET", "HF_TOKEN"


class Spoken(NamedTuple):
    """A person's word on a version as kept, and where the version stands now."""

    word: StageWord
    standing: Standing


@dataclass(frozen=True)
class Registry:
    """Stages, numbers and withdrawn records of dataset versions; where they are published."""

    core: Core

    def get(self, name_or_id: str) -> tuple[DatasetVersion, Registered]:
        """A version (by id, or the newest of a name) and what the registry knows of it."""
        with self.core.database.read() as connection:
            version = DatasetVersionStore(connection).get_newest(name_or_id)
            return version, _registered(connection, version)

    def speak(self, name_or_id: str, stage: Stage, role: str, note: str = "") -> Spoken:
        """Put a version into a stage by the word of the actor in a role.

        Raises what `check_word` raises: a stage out of turn, a role or a person that may not say so.
        """
        with self.core.change("datasets.stage") as change:
            version = DatasetVersionStore(change.connection).get_newest(name_or_id)
            stages, governance = StageStore(change.connection), version.manifest.governance
            words = stages.list_for(version.id)
            word = make_word(
                StageWord(
                    id="",
                    version_id=version.id,
                    stage=stage,
                    role=role,
                    by=self.core.settings.actor,
                    at=self.core.clock(),
                    note=note,
                )
            )
            check_word(word, words, governance)
            stages.add(word)
            now = standing([*words, word], governance)
            change.subject = version.id
            change.details = {"stage": stage, "role": role, "note": note, "now": now.stage}
        return Spoken(word, now)

    def changelog(self, name: str) -> list[ChangelogEntry]:
        """The entries of a dataset, the newest first."""
        with self.core.database.read() as connection:
            DatasetVersionStore(connection).get_newest(name)
            return VersionNumberStore(connection).list_for(name)

    def withdraw_record(self, record_id: str, reason: str) -> Holders:
        """Keep that a record may not be used any more; every version that holds it, and what was made from those.

        Later builds leave it out. Withdrawing it again keeps the first reason.
        """
        with self.core.change("datasets.withdraw_record") as change:
            wanted = withdraw_record(record_id, reason, self.core.settings.actor, self.core.clock())
            kept = WithdrawnRecordStore(change.connection).add(wanted)
            found = _holders(change.connection, record_id)
            change.subject = record_id
            change.details = {"reason": kept.reason, "held_by": [one.version_id for one in found.found]}
        return found

    def holders(self, record_id: str) -> Holders:
        """Every version that holds a record, whether it was withdrawn or not."""
        with self.core.database.read() as connection:
            return _holders(connection, record_id)

    def withdrawn(self) -> list[WithdrawnRecord]:
        """Every withdrawn record, in the order of their withdrawal."""
        with self.core.database.read() as connection:
            return list(WithdrawnRecordStore(connection).iter_all())

    def require_exportable(self, name_or_id: str, *, unapproved_ok: bool = False) -> str:
        """What a person who takes a version out should be told; ConflictError where it may not leave."""
        version, known = self.get(name_or_id)
        said = require_exportable(known.standing, version.manifest.governance, unapproved_ok=unapproved_ok)
        if known.num_withdrawn:
            said = f"{said}; {known.num_withdrawn} of its records were withdrawn after it was made".removeprefix("; ")
        return said

    def card(self, name_or_id: str, out: Path) -> None:
        """Write the card of a version with its number, stage and changelog as they are now."""
        version, known = self.get(name_or_id)
        write_text(out, render_card(version.manifest, known))

    def publish(
        self, name_or_id: str, publisher: str, target: str, endpoint: str = "", *, unapproved_ok: bool = False
    ) -> Published:
        """Bring a version to a place (a folder, a hub, a store) by the publisher of that name.

        Keys are read from the environment: PRECEPTOR_STORE_KEY and PRECEPTOR_STORE_SECRET, or HF_TOKEN.
        """
        self.require_exportable(name_or_id, unapproved_ok=unapproved_ok)
        made = publishers.create(publisher)
        version, _ = self.get(name_or_id)
        access = StoreAccess(
            endpoint=endpoint, key=self._secret(KEY), secret=self._secret(SECRET), token=self._secret(TOKEN)
        )
        done = publish(version, made, target, access, media=self._media)
        with self.core.change("datasets.publish") as change:
            change.subject = version.id
            change.details = {"publisher": publisher, "target": target, "files": done.num_files}
        return done

    def _secret(self, variable: str) -> str:
        kept = self.core.resources.secret(variable)
        return "" if kept is None else kept.reveal()

    def _media(self, sha256: str) -> bytes:
        return self.core.blobs.get(sha256)


def register(change: Change, version: DatasetVersion, core: Core, number: str | None = None) -> ChangelogEntry:
    """Enter a new version as a draft under the next number (or a higher one that a person wants); once.

    A version that is registered already stays as it is.
    """
    numbers, stages = VersionNumberStore(change.connection), StageStore(change.connection)
    kept = numbers.find(version.id)
    if kept is not None:
        return kept
    actor, now = core.settings.actor, core.clock()
    earlier = numbers.list_for(version.name)
    before = DatasetVersionStore(change.connection).find(earlier[0].version_id) if earlier else None
    changes = diff(before, version) if before is not None else None
    proposal = choose_number(propose(earlier[0].number if earlier else None, changes), number)
    stages.add(first_word(version.id, actor, now))
    return numbers.add(changelog_entry(version, proposal, changes, actor, now))


def _registered(connection: Connection, version: DatasetVersion) -> Registered:
    withdrawn = WithdrawnRecordStore(connection).withdrawn_ids()
    return registered(version, StageStore(connection), VersionNumberStore(connection), withdrawn)


def _holders(connection: Connection, record_id: str) -> Holders:
    return holders(
        [record_id],
        DatasetVersionStore(connection).list_versions(),
        StageStore(connection),
        VersionNumberStore(connection),
        LinkStore(connection),
    )
