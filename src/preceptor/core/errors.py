"""The errors a user can meet; each names what is wrong, the value, and what to do."""

from __future__ import annotations


class PreceptorError(Exception):
    """Base of every error that we raise on purpose; `exit_code` is what the command line returns."""

    exit_code = 2


class InputError(PreceptorError):
    """What was given cannot be used: a file, a value, a setting."""

    exit_code = 2


class NotFoundError(PreceptorError):
    """No such record, file or plugin."""

    exit_code = 3


class ConflictError(PreceptorError):
    """What was asked contradicts what is already there."""

    exit_code = 4


class NotAllowedError(PreceptorError):
    """The actor, or a limit that the user set, forbids it."""

    exit_code = 5


class ProviderError(PreceptorError):
    """Something outside did not do its part: a model provider, a registry."""

    exit_code = 6


class StorageError(ProviderError):
    """The disk or the database refused; what was there before is intact."""
