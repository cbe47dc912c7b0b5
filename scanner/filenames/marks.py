"""The vocabulary of releases: quality, source, edition and language marks that end a title."""

from __future__ import annotations

import re

_EDGE, _END = r"(?<![^\W_])", r"(?![^\W_])"

# Marks that are no words of any language: where one stands, the title has ended.
_TECHNICAL = (
    r"\d{3,4}[pi](?:\d\d)?|\d{3,4}x\d{3,4}|uhd|ultrahd|hdr10|hi10p?|(?:8|10|12)[ ._-]?bits?",
    r"sdtv|hdtv(?:rip)?|pdtv|dsr(?:ip)?|tv[ ._-]?rip|blu[ ._-]?ray|b[dr](?:rip|mux|remux)|web[ ._-]?(?:dl|rip|hd)",
    r"webdlrip|dvd[ ._-]?(?:rip|r|scr|9|mux)|hdcam|hdlight|hdrip|hdc|telesync|telecine",
    r"[xh][ ._]?26[45]|hevc|xvid|divx|ac3d?|e-?ac3|truehd|vostfr|proper|repack|remux",
)
# Marks that are also words or initials: a title may hold them, so they only count behind it.
_QUALITY = (
    r"[48]k|hdr|3d|hd|bd(?:25|50|66|100)?|b[dr][ ._-]rip|uhdrip|web(?:uhd)?|dvd5?|vhs(?:[ ._-]?rip)?|cam(?:rip)?",
    r"hd[ ._-]?ts|dvdscr|screener|r5|ppv|vodrip|satrip|dtv|avc|av1|vc-?1|mpeg-?[24]|vp9",
    r"aac|dts|ddp?|flac|opus|atmos|mp3|dd[p+]?[257][ ._][01]|aac2[ ._]0",
)
_HANDLING = (
    r"rerip|real|read[ ._]?nfo|nfo[ ._]?fix|dirfix|prooffix|internal|limited|complete|stv|dubbed|subbed|multi|xxx",
    r"dual(?:[ ._-]audio)?|pal|ntsc|ws|fs|hsbs|sbs|hou|half[ ._-](?:sbs|ou)|subforced|subfrench|hc|docu|festival|om",
    r"workprint|retail|colou?rized|oar|obfuscated|scrambled|dl|ml|vff|vfq|vf2?|amzn|nf|dsnp|hulu|hmax|atvp|pcok",
)
_EDITION = (
    r"extended(?:[ ._-](?:cut|edition|version))?|uncut|unrated|uncensored|remastered|restored|despecialized|redux",
    r"criterion(?:[ ._](?:collection|edition))?|director'?s?[ ._-](?:cut|edition)|imax(?:[ ._]edition)?",
    r"theatrical(?:[ ._-](?:cut|edition|version))?|(?:final|rogue|alternat(?:e|ive))[ ._-]cut|open[ ._-]matte",
    r"(?:special|ultimate|collector'?s|anniversary)[ ._-](?:edition|cut)|black[ ._-]and[ ._-]white[ ._-]edition",
)
_LANGUAGE = (
    r"german|french|truefrench|italian|ita|spanish|castellano|latino|english|eng|russian|rus|dutch|flemish|danish",
    r"swedish|norwegian|finnish|nordic|polish|pl|czech|hungarian|portuguese|brazilian|turkish|japanese|jap|korean|kor",
    r"chinese|hindi|telugu|tamil|ukr(?:ainian)?|hebrew|greek|arabic|vo|vose?",
)


def _any(*vocabularies: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join("|".join(each) for each in vocabularies)
    return re.compile(rf"{_EDGE}(?:{words}){_END}", re.IGNORECASE)


TECHNICAL = _any(_TECHNICAL)
RELEASE = _any(_TECHNICAL, _QUALITY, _HANDLING, _EDITION)
ANY = _any(_TECHNICAL, _QUALITY, _HANDLING, _EDITION, _LANGUAGE)
# Marks of a broadcast: what comes from the air is an episode, not a film.
BROADCAST = re.compile(rf"{_EDGE}(?:hdtv|pdtv|dsr(?:ip)?|sdtv|tv[ ._-]?rip)(?![a-wyz])", re.IGNORECASE)
EDITION_END = re.compile(rf"[ ._\[(]+(?:{'|'.join(_EDITION)}|limited|internal|om|3d)[\])]?[ ._]*$", re.IGNORECASE)

_EDITION_TAG = re.compile(r"\{edition-([^{}]{1,60})\}", re.IGNORECASE)
_EDITION_WORD = _any(_EDITION)
_LABEL = re.compile(r"\)\s+-\s+([^\[\](){}]{1,60})$")  # Title (1999) - Label
_RESOLUTION = re.compile(rf"{_EDGE}(?:(\d{{3,4}})[pi]|([48]k)|(uhd|ultrahd)|(3d)){_END}", re.IGNORECASE)
_LINES = {"2160": "4K", "4320": "8K"}
# Most names tell no version; this sees it in a fraction of the time.
_HINT = re.compile(
    r"\d[pikd]|uhd|cut|edition|un[rc]|rem|rest|ext|imax|crit|theat|redux|matte|desp|\) - ", re.IGNORECASE
)


def version(text: str) -> str | None:
    """Return what tells this version of a film from others ("Director's Cut 4K") in what follows its title."""
    if not _HINT.search(text):
        return None
    named, resolution = _edition(text), _resolution(text)
    if named and resolution and resolution.lower() not in named.lower():
        return f"{named} {resolution}"
    return named or resolution


def _edition(text: str) -> str | None:
    if tag := _EDITION_TAG.search(text) or _LABEL.search(text):
        return tag[1].strip()
    if word := _EDITION_WORD.search(text):
        return " ".join(re.split(r"[ ._-]+", word[0])).title().replace("'S", "'s").replace("Imax", "IMAX")
    return None


def _resolution(text: str) -> str | None:
    found = _RESOLUTION.search(text)
    if found is None:
        return None
    lines, k, uhd, stereo = found.groups()
    if lines:
        return _LINES.get(lines, f"{lines}p")
    return k.upper() if k else ("4K" if uhd else stereo.upper())
