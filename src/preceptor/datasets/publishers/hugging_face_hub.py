"""A dataset repository on the Hugging Face hub."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError, NotAllowedError, StorageError
from preceptor.datasets.new_folder import files_of
from preceptor.datasets.publisher import Published, StoreAccess, VersionToPublish

# Letters, digits, -, _ and . as the hub takes them in names of owners and repositories.
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")


@dataclass(frozen=True, kw_only=True)
class HuggingFaceHub:
    """The version's folder in one commit of the repository `owner/name`, which is made (private) when missing.

    Needs the package `huggingface_hub` and a token in the version's `access`, where `endpoint` names another hub.
    One commit holds all files, so nobody sees half a version; afterwards the repository is listed and compared.
    Source: huggingface_hub, "Upload files to the Hub" (`create_repo`, `upload_folder`).

    >>> from pathlib import Path
    >>> HuggingFaceHub().publish(VersionToPublish(id="v", path=Path()), "ada/support")
    Traceback (most recent call last):
    preceptor.core.errors.NotAllowedError: the hub wants a token to write 'ada/support'; pass one that may write
    """

    version: ClassVar[int] = 1

    private: bool = True

    def publish(self, version: VersionToPublish, target: str) -> Published:
        """The commit. Raises NotAllowedError without a token, StorageError when the hub refuses or is away."""
        if not _REPOSITORY.fullmatch(target) or ".." in target:
            raise InputError(f"the target {target!r:.120} is no repository; write owner/name")
        access = version.access
        if not access.token:
            raise NotAllowedError(f"the hub wants a token to write {target!r}; pass one that may write")
        try:
            import huggingface_hub as hub  # noqa: PLC0415 - an extra
            from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise InputError("pushing needs huggingface_hub; install preceptor with the extra 'hub'") from error
        files = files_of(version.path)
        try:
            api = hub.HfApi(endpoint=access.endpoint or None, token=access.token)
            api.create_repo(target, repo_type="dataset", private=self.private, exist_ok=True)
            api.upload_folder(
                repo_id=target, folder_path=version.path, repo_type="dataset", commit_message=f"Version {version.id}"
            )
            there = set(api.list_repo_files(target, repo_type="dataset"))
        except (HfHubHTTPError, OSError) as error:
            raise StorageError(f"the hub did not take {target!r}: {_said(error, access)}; run again") from error
        missing = {file.relative_to(version.path).as_posix() for file in files} - there
        if missing:
            raise StorageError(f"the hub lacks {min(missing)!r} of {target!r} after the upload; run again")
        return Published(target, len(files), sum(file.stat().st_size for file in files))


def _said(error: Exception, access: StoreAccess) -> str:
    text = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return text.replace(access.token, "…")
