"""Titles in the form in which they are compared and sorted."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 300  # characters: two such names fit into a row of PostgreSQL's indexes
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ`´"))
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "þ": "th", "ð": "d"})
_ARTICLE = re.compile(r"(?:the|an?|der|die|das|les?|la|il|los|las|el)\s+(?=\S)")
_WORDS = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Return the words of `text` without case, accents, apostrophes and punctuation; `&` reads "and"."""
    text = text.translate(_APOSTROPHES)
    if not text.isascii():
        text = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    text = text.casefold().replace("&", " and ").translate(_LETTERS)
    return " ".join(_WORDS.findall(text))


def sort_name(title: str) -> str:
    """Return `title` folded and without its leading article, so that "The Hours" stands under h."""
    folded = fold(title)
    return (_ARTICLE.sub("", folded, count=1) if _ARTICLE.match(folded) else folded)[:LONGEST_NAME]


def slug(title: str) -> str:
    """Return `title` as the decoration of an address: "Æon of İstanbul" is aeon-of-istanbul; never empty."""
    words = (word.encode("ascii", "ignore").decode() for word in fold(title).split())
    return "-".join(filter(None, words))[:60].strip("-") or "title"
