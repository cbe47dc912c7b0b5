"""The words in front of the marks: cleaning a title, and saying whether it is plain enough to be believed."""

from __future__ import annotations

import re

from scanner.filenames import marks

_EDGES = " ._-~,\t"
_INITIALS = re.compile(r"(?<![^ ._])[^\W\d_](?:\.[^\W\d_])+(?:\.(?=[ ._]|$)|(?=[ ._]|$))")  # R.I.P.D.
_GLUE = re.compile(r"[\s_]+")
_INNER_DOT = re.compile(r"(?<=[^\W\d_]{2})\.(?=[^\W\d_]{2})")
_DOTS = re.compile(r"[._\s]+")
_AKA = re.compile(r"[ ._]\(?(?:aka|a\.k\.a\.?)[ ._]", re.IGNORECASE)
# Letters of any script, digits and the punctuation of titles; brackets and site names need a closer look.
_PLAIN = re.compile(
    r"(?:\(\d{1,4}\)|\([^\W_]{1,4}\)(?=[^\W_])|[^\W_])"
    r"(?:[\w .,'’!&+:;?%°½·<>–-]|\((?:US|UK|GB|AU|NZ|CA|IE|TV)\)|(?<= (?:or|of) )\([^()]+\))*"
)
_DATE_PREFIX = re.compile(r"[012]\d[01]\d[0-3]\d[ .](?=\S)")  # 210131 Title
_YEAR_END = re.compile(
    r"[ ._-]*(?:\(((?:18|19|20)\d\d)(?:\s?[-–]\s?(?:\d{4})?)?\)|\[((?:19|20)\d\d)\]|[ ._-]((?:19|20)\d\d))[ ._-]*$"
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_GROUP = re.compile(r"^\s*(?:(?:\[[^\[\]]*\]|【[^【】]*】)[\s_.]*)+")
_WRAPPED = re.compile(r"^\[([^\[\]]+)\]?$")  # [The.Show].S01E02
_BRACKETED = re.compile(r"[\[【]([^\[\]【】]{16,})(?:[\]】]|$)")
_NUMBERED_OR_DATED = re.compile(r"[^\W\d_][ ._]+(?:S\d{1,2}(?:E\d+)?|(?:19|20)\d\d)[ ._]", re.IGNORECASE)
_SITE = re.compile(
    r"^[\[{【]?\s*(?:www?[.,][\w-]+(?:\.[a-z]{2,12}){1,2}|[\w-]+\.(?:com|net|org|co\.uk|info|tv|to|cc|me|pl|ru|eu))\s*(?:[\]}】][\s.]*-?|[\s.]-)[\s.]*",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """Return the words of a title with spaces for dots and underscores; initials keep their dots (R.I.P.D.)."""
    text = printable(text).strip(_EDGES)
    if " " in text:
        return _GLUE.sub(" ", _INNER_DOT.sub(" ", text)).strip(_EDGES)
    kept = [(found.start(), found.end()) for found in _INITIALS.finditer(text)] if "." in text else []
    if not kept:
        return _DOTS.sub(" ", text)
    words, at = [], 0
    for start, end in kept:
        words += [_DOTS.sub(" ", text[at:start]), text[start:end]]
        at = end
    return " ".join(" ".join([*words, _DOTS.sub(" ", text[at:])]).split())


def printable(text: str) -> str:
    """Return `text` with a space for everything that is no visible sign: controls, odd spaces, broken bytes."""
    return text if text.isprintable() else "".join(each if each.isprintable() else " " for each in text)


def trimmed(head: str) -> str:
    """Return `head` without separators and open brackets at its ends."""
    return head.strip(_EDGES).rstrip(" ([{-._").strip(_EDGES)


def split_year(head: str) -> tuple[str, int | None]:
    """Take a year off the end of `head`, where words are left in front of it."""
    found = _YEAR_END.search(head)
    if not found or not head[: found.start()].strip(_EDGES):
        return head, None
    return head[: found.start()], int(found[1] or found[2] or found[3])


def is_plain(head: str) -> bool:
    """Return whether `head` is nothing but the words of a title."""
    return _PLAIN.fullmatch(head) is not None and marks.TECHNICAL.search(head, 1) is None


def first_name(head: str) -> str:
    """Return the first of two names that stand on both sides of an "aka"."""
    found = _AKA.search(head)
    return head[: found.start()] if found and head[: found.start()].strip(_EDGES) else head


def plain_title(head: str) -> str | None:
    """Return the title that `head` plainly is, without group and date in front of it; None where it is not plain."""
    head = _WRAPPED.sub(r"\1", without_group(head).strip(_EDGES))
    if dated := _DATE_PREFIX.match(head):
        head = head[dated.end() :]
    head = first_name(latin_of_mixed(head))
    return clean(head) if head and is_plain(head) else None


def is_year(digits: str) -> bool:
    """Return whether digits are a year rather than a number."""
    return len(digits) == 4 and digits[:2] in ("19", "20")


def is_mixed(head: str) -> bool:
    """Return whether Chinese or Japanese stands beside Latin words."""
    return not head.isascii() and _HAN.search(head) is not None and _LATIN.search(head) is not None


def latin_of_mixed(head: str) -> str:
    """Return the Latin name where `head` holds the same title in Chinese or Japanese in front of it."""
    if not _HAN.search(head):
        return head
    parts = [part for part in re.split(r"[/|·_.]| (?=[A-Za-z])", head, maxsplit=1) if part.strip(_EDGES)]
    return parts[-1] if len(parts) > 1 and _LATIN.search(parts[-1]) and not _HAN.search(parts[-1]) else head


def without_edition(head: str) -> str:
    """Return `head` without the edition that some releases put between title and year."""
    found = marks.EDITION_END.search(head)
    return head[: found.start()] if found else head


def without_site(name: str) -> str:
    """Return `name` without the web site in front of it ("www.example.com - Name", "[example.net] Name")."""
    found = _SITE.match(name)
    return name[found.end() :] if found and found.end() < len(name) else name


def release_in_brackets(name: str) -> str:
    """Return the one bracket of `name` that holds a whole release ("[Country][Title][Title.2019.1080p.WEB-GRP]")."""
    if name[:1] not in "[【":
        return name
    for token in _BRACKETED.findall(name):
        mark = marks.TECHNICAL.search(token, 1)
        if mark and _NUMBERED_OR_DATED.search(token, 1, mark.start()):
            return str(token)
    return name


def without_group(name: str) -> str:
    """Return `name` without the release groups in brackets in front of it."""
    found = _GROUP.match(name)
    return name[found.end() :] if found and found.end() < len(name) else name
