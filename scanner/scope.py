"""The part of a library that a look is about: some folders by themselves, some with all below them (pure)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Scope:
    """`shallow`: folders whose own files count; `deep`: folders that count with all below them ("" is the root).

    `known`: folders below the shallow ones that are left alone; None leaves all alone. A folder that is
    not among them is taken in with all below it.
    """

    shallow: set[str] = field(default_factory=set)
    deep: set[str] = field(default_factory=set)
    known: Container[str] | None = None

    def covers(self, path: str) -> bool:
        """Return whether a file is in this part."""
        folder = path.rpartition("/")[0]
        return folder in self.shallow or path in self.deep or self.is_deep(folder)

    def is_deep(self, folder: str) -> bool:
        """Return whether a folder is one of the deep ones or lies below one."""
        return bool(self.deep) and any(each in self.deep for each in _upwards(folder))

    def enters(self, folder: str) -> bool:
        """Return whether a walk goes on into a folder that it met; one that nobody knew becomes part of this."""
        if self.is_deep(folder):
            return True
        if self.known is None or folder in self.known:
            return False
        self.deep.add(folder)
        return True

    def begin(self) -> list[str]:
        """Return the folders with which a walk of this part begins: none lies in another's depth."""
        deep = [folder for folder in sorted(self.deep) if not (folder and self._inside(folder))]
        return [*(folder for folder in sorted(self.shallow) if not self.is_deep(folder)), *deep]

    def _inside(self, folder: str) -> bool:
        return any(each in self.deep for each in _upwards(folder.rpartition("/")[0]))


def outermost(folders: Iterable[str]) -> set[str]:
    """Return those of the folders that lie in no other of them."""
    among = set(folders)
    return {folder for folder in among if not folder or not any(each in among for each in _above(folder))}


def _upwards(folder: str) -> Iterator[str]:
    """Yield a folder and all above it, the root last."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _above(folder: str) -> Iterator[str]:
    return _upwards(folder.rpartition("/")[0])
