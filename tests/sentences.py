"""The sentences that the program stores or raises in English: collected where they are written, for the catalogues.

Rule: a text in these parts that holds words and is marked for no translation is a sentence that somebody stores, and
a reader of another language sees its translation (`pages/stored.py`). A value in it is called by the last name of its
expression: f"{len(found)} files are back" is "{found} files are back".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACES = (
    "jobs",
    "outbound",
    "scanner",
    "mediasync/backups",
    "mediasync/health/acts.py",
    "mediasync/health/looking.py",
    "mediasync/keys.py",
    "mediasync/notify",
    "mediasync/views",
)
# What speaks to programs, to the terminal or to developers, and tables of names.
NOT_THESE = (
    "migrations",
    "management",
    "demo",
    "filenames",
    "admin.py",
    "apps.py",
    "languages.py",
    "discs.py",
    "models",
    "models.py",
    "shapes.py",
)
# Names of formats and the like, which the rule cannot tell from sentences.
NO_SENTENCES = {
    "./run backup", "Bearer {key}", "Director of Photography", "Layer 3", "Português (Brasil)", "divx 3", "downloaded",
    "dvb subtitle", "is full", "iso 9660 / dvd video", "lock timeout", "mediasync 0.1", "mlp fba", "mpeg audio",
    "mpeg video", "no address", "realvideo 4", "sorenson spark", "teletext subtitle", "timed text",
}  # fmt: skip
MARKED = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "npgettext"}
UNSEEN = {"debug", "info", "warning", "error", "exception", "critical", "log"}
INNER = {"ValueError", "LookupError", "KeyError", "TypeError", "RuntimeError", "execute", "RawSQL", "compile"}
GIVEN_AS = {"reason", "problem", "cure"}  # what is given under these names is a sentence, even of one word
WORDS = re.compile(r"[a-z}”)’':;,.] [{“(a-z0-9]")
SQL = re.compile(r"\b(SELECT|UPDATE|DELETE|INSERT|FROM|WHERE|CASE|PRAGMA|AND|NOT|LIMIT|COPY|SET)\b")
# Words that sentences are put together from, and what an operating system says.
PARTS = (
    "new", "changed", "moved", "missing", "back", "unchanged", "settling", "locked", "unlocked", "ignored", "refresh",
    "lock", "unlock", "ignore", "write", "quick", "dirs", "full", "resumed", "by TMDB", "name", "tag", "nfo",
    "search", "titles", "files", "pictures", "rows", "It failed {failures} times in a row.",
    "quick scan of all libraries", "refresh of stale titles", "library upkeep", "health checks", "notices",
    "daily backup", "prune", "reseed", "by {actor}", "locked by {actor}", "unlocked by {actor}",
    "Files beside the media cannot be written: {error} ({path})", "{files} to “{title}”", "{host} {wall}. {CURE}",
    "poster", "backdrop", "clearlogo", "banner", "landscape", "movie", "show", "No such file or directory",
    "Permission denied", "Operation not permitted", "No space left on device", "Read-only file system",
    "Input/output error", "Stale file handle", "Not a directory", "Is a directory",
    "Transport endpoint is not connected", "Host is down", "No such device", "Device or resource busy",
    "File name too long", "Too many open files", "Disk quota exceeded", "Connection refused",
    "{host} answered {status}", "Network is unreachable", "No route to host", "Directory not empty",
    "Connection reset by peer",
)  # fmt: skip


def sentences() -> set[str]:
    """Return the texts of all stored sentences, with {names} where values are."""
    found = set(PARTS)
    for place in PLACES:
        path = ROOT / place
        for source in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if not set(source.relative_to(ROOT).parts) & set(NOT_THESE):
                found |= set(_in(ast.parse(source.read_text(encoding="utf-8"))))
    return found - NO_SENTENCES


def _in(node: ast.AST, *, given: bool = False) -> Iterator[str]:
    """Yield the sentences below a node; `given` is whether it is given under the name of a sentence."""
    if _passes_over(node):
        return
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        text = _text(node)
        if _is_sentence(text, given=given):
            yield text
        for part in ast.walk(node) if isinstance(node, ast.JoinedStr) else ():
            if isinstance(part, ast.FormattedValue):
                yield from _in(part.value)
        return
    for name, child in _children(node):
        yield from _in(child, given=name in GIVEN_AS or (given and isinstance(node, ast.IfExp) and name != "test"))


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what lies directly below a node, with the name under which it is given or assigned."""
    if isinstance(node, ast.keyword):
        yield node.arg or "", node.value
        return
    called = ast.unparse(node.targets[0]).rpartition(".")[2] if isinstance(node, ast.Assign) else ""
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns"} and not isinstance(node, ast.Lambda):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield called or field, child


def _passes_over(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)  # a docstring
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func).rpartition(".")[2]
    return called in MARKED | UNSEEN | INNER


def _is_sentence(text: str, *, given: bool) -> bool:
    own = re.sub(r"\{\w+\}", "{}", text)
    if (
        re.search(r"[\n<>\\]|[a-z]_[a-z]|\{\{|filename=|charset=|max-age|%s, %s", own)
        or SQL.search(own)
        or sum(map(str.isalpha, own.replace("{}", ""))) < 4
    ):
        return False
    return given or bool(WORDS.search(own))


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    names: dict[str, int] = {}
    parts = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        elif isinstance(part, ast.FormattedValue):
            name = _name(part.value)
            names[name] = names.get(name, 0) + 1
            parts.append(f"{{{name}{names[name] if names[name] > 1 else ''}}}")
    return "".join(parts)


def _name(node: ast.expr) -> str:
    """Return the last name in an expression: a value is called by what it is, rarely by what is done to it."""
    found = [
        one.id if isinstance(one, ast.Name) else one.attr
        for one in ast.walk(node)
        if isinstance(one, ast.Name | ast.Attribute)
    ]
    if isinstance(node, ast.Attribute):
        return node.attr if not node.attr.startswith("__") else "kind"
    if isinstance(node, ast.BoolOp):
        return _name(node.values[0])
    if isinstance(node, ast.Call) and node.args:
        return _name(node.args[0])
    if isinstance(node, ast.Subscript | ast.BinOp):
        return _name(node.value if isinstance(node, ast.Subscript) else node.left)
    return found[0] if found else "value"
