"""Find plugins: one file in a kind's folder, or an entry point, adds one."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import typing
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar, cast

from preceptor.core.construct import Path, Problems, construct
from preceptor.core.errors import NotFoundError
from preceptor.core.ids import content_hash, plain_object
from preceptor.core.json_values import JsonObject

Plugin = TypeVar("Plugin")


@dataclasses.dataclass(frozen=True, kw_only=True)
class PluginIdentity:
    """Which plugin, which version of it and which settings produced a result."""

    kind: str
    name: str
    version: int
    settings: JsonObject

    @property
    def hash(self) -> str:
        """SHA-256 that changes when any of the four does."""
        return content_hash(self)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Registry(Generic[Plugin]):
    """All plugins of one kind.

    A plugin is a frozen dataclass in a file of the kind's folder. The file's name in snake_case
    is the plugin's name, the class carries the same name in CamelCase, its fields are its
    settings, and its class attribute `version` counts up when the same settings would give
    another result. Other packages add plugins by an entry point in the group
    `preceptor.<kind>` that points to the class.
    """

    kind: str
    folder: str

    def names(self) -> list[str]:
        """Every name that can be asked for, sorted."""
        return sorted({*self._own_names(), *self._entry_points()})

    def get(self, name: str) -> type[Plugin]:
        """The plugin's class; a dash counts as an underscore. NotFoundError lists what there is."""
        name = name.replace("-", "_")
        if name in self._own_names():
            module = importlib.import_module(f"{self.folder}.{name}")
            return cast("type[Plugin]", getattr(module, class_name(name)))
        outside = self._entry_points()
        if name in outside:
            return cast("type[Plugin]", outside[name].load())
        known = ", ".join(self.names())
        raise NotFoundError(f"no {self.kind} named {name!r}; there are: {known}")

    def create(self, name: str, settings: Mapping[str, object] | None = None) -> Plugin:
        """A plugin with its settings; InputError names every wrong setting at once."""
        problems = Problems(f"{self.kind} {name}")
        made = self.construct(name, settings or {}, problems)
        problems.raise_if_any()
        return cast("Plugin", made)

    def construct(self, name: str, settings: Mapping[str, object], problems: Problems, at: Path = ()) -> Plugin | None:
        """As `create`, but mistakes are noted in the document's `problems`."""
        try:
            cls = self.get(name)
        except NotFoundError as error:
            problems.add(at, str(error))
            return None
        return construct(cls, settings, problems, at)

    def identify(self, plugin: Plugin) -> PluginIdentity:
        """Name, version and settings of a plugin, as recorded beside what it produced."""
        settings = plain_object(plugin)
        name = type(plugin).__module__.rpartition(".")[2]
        version = int(getattr(plugin, "version", 1))
        return PluginIdentity(kind=self.kind, name=name, version=version, settings=settings)

    def describe(self) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Name, first line of the docstring and the settings with their types, one plugin after another."""
        for name in self.names():
            cls = self.get(name)
            hints = typing.get_type_hints(cls)
            fields = dataclasses.fields(cls)  # type: ignore[arg-type]  # a plugin is a dataclass
            settings = {field.name: str(hints[field.name]) for field in fields}
            yield name, (cls.__doc__ or "").strip().splitlines()[0], settings

    def _own_names(self) -> list[str]:
        package = importlib.import_module(self.folder)
        return [module.name for module in pkgutil.iter_modules(package.__path__) if module.name[0] != "_"]

    def _entry_points(self) -> Mapping[str, EntryPoint]:
        found = entry_points(group=f"preceptor.{self.kind}")
        return {point.name.replace("-", "_"): point for point in found}


def class_name(name: str) -> str:
    """The class that a plugin file holds.

    >>> class_name("exact_match")
    'ExactMatch'
    """
    return "".join(part.capitalize() for part in name.split("_"))
