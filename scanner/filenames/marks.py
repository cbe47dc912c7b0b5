"""The vocabulary of releases: quality, source, edition and language marks that end a title."""

from __future__ import annotations

import re

_EDGE = r"(?<![^\W_])"
_END = r"(?![^\W_])"

SEPARATORS = " ._-"

_QUALITY = (
    r"\d{3,4}[pi](?:\d\d)?|\d{3,4}x\d{3,4}|[48]k|uhd|ultrahd|hdr(?:10)?|hi10p?|(?:8|10|12)[ ._-]?bits?|3d|sdtv|hd"
    r"|blu[ ._-]?ray|b[dr](?:[ ._-]?rip|mux|remux)|uhdrip|bd(?:25|50|66|100)?|web[ ._-]?(?:dl|rip|hd|uhd)?|webdlrip"
    r"|hdtv(?:rip)?|pdtv|dsr(?:ip)?|tv[ ._-]?rip|dvd(?:[ ._-]?(?:rip|r|scr|[59]|mux))?|vhs(?:[ ._-]?rip)?|hdcam|cam(?:rip)?"
    r"|hd[ ._-]?ts|hdc|telesync|telecine|hdlight|hdrip|dvdscr|screener|r5|ppv|vodrip|satrip|dtv"
    r"|[xh][ ._]?26[45]|hevc|avc|xvid|divx|av1|vc-?1|mpeg-?[24]|vp9"
    r"|aac|ac3d?|e-?ac3|dts|ddp?|truehd|flac|opus|atmos|mp3|dd[p+]?[257][ ._][01]|aac2[ ._]0"
)
# Marks that are no words of any language: where one stands, the title has ended.
_TECHNICAL = (
    r"\d{3,4}[pi](?:\d\d)?|\d{3,4}x\d{3,4}|uhd|ultrahd|hdr10|hi10p?|(?:8|10|12)[ ._-]?bits?|sdtv|hdtv(?:rip)?|pdtv|dsr(?:ip)?"
    r"|blu[ ._-]?ray|b[dr](?:rip|mux|remux)|web[ ._-]?(?:dl|rip|hd)|webdlrip|dvd[ ._-]?(?:rip|r|scr|9|mux)|hdcam|hdlight|hdrip"
    r"|tv[ ._-]?rip|telesync|telecine|[xh][ ._]?26[45]|hevc|xvid|divx|ac3d?|e-?ac3|truehd|hdc|vostfr|proper|repack|remux"
)
_HANDLING = (
    r"proper|repack|rerip|real|remux|read[ ._]?nfo|nfo[ ._]?fix|dirfix|prooffix|internal|limited|complete|stv|dubbed|subbed"
    r"|multi|xxx|dual(?:[ ._-]audio)?|pal|ntsc|ws|fs|hsbs|sbs|hou|half[ ._-](?:sbs|ou)|vostfr|subforced|subfrench|hc|docu"
    r"|festival|om|workprint|retail|colou?rized|oar|obfuscated|scrambled|dl|ml|vff|vfq|vf2?|amzn|nf|dsnp|hulu|hmax|atvp|pcok"
)
_EDITION = (
    r"extended(?:[ ._-](?:cut|edition|version))?|uncut|unrated|uncensored|remastered|restored|criterion(?:[ ._]collection)?"
    r"|director'?s?[ ._-](?:cut|edition)|theatrical(?:[ ._-](?:cut|edition|version))?|final[ ._-]cut|imax(?:[ ._]edition)?"
    r"|special[ ._-]edition|ultimate[ ._-](?:cut|edition)|collector'?s[ ._-]edition|alternat(?:e|ive)[ ._-]cut|open[ ._-]matte"
    r"|anniversary[ ._-]edition|despecialized|redux|rogue[ ._-]cut|black[ ._-]and[ ._-]white[ ._-]edition"
)
_LANGUAGE = (
    r"german|french|truefrench|italian|ita|spanish|castellano|latino|english|eng|russian|rus|dutch|flemish|danish|swedish"
    r"|norwegian|finnish|nordic|polish|pl|czech|hungarian|portuguese|brazilian|turkish|japanese|jap|korean|kor|chinese|hindi"
    r"|telugu|tamil|ukr(?:ainian)?|hebrew|greek|arabic|vo|vose?"
)

QUALITY = re.compile(rf"{_EDGE}(?:{_QUALITY}){_END}", re.IGNORECASE)
TECHNICAL = re.compile(rf"{_EDGE}(?:{_TECHNICAL}){_END}", re.IGNORECASE)
RELEASE = re.compile(rf"{_EDGE}(?:{_QUALITY}|{_HANDLING}|{_EDITION}){_END}", re.IGNORECASE)
ANY = re.compile(rf"{_EDGE}(?:{_QUALITY}|{_HANDLING}|{_EDITION}|{_LANGUAGE}){_END}", re.IGNORECASE)
# Marks of a broadcast: what comes from the air is an episode, not a film.
BROADCAST = re.compile(rf"{_EDGE}(?:hdtv|pdtv|dsr(?:ip)?|sdtv|tv[ ._-]?rip|dsrip)(?![a-wyz])", re.IGNORECASE)

EDITION_END = re.compile(rf"[ ._\[(]+(?:{_EDITION}|limited|internal|om|criterion[ ._]edition)[\])]?[ ._]*$", re.IGNORECASE)
_EDITION_TAG = re.compile(r"\{edition-([^{}]{1,60})\}", re.IGNORECASE)
_EDITION_WORD = re.compile(rf"{_EDGE}(?:{_EDITION}){_END}", re.IGNORECASE)
_RESOLUTION = re.compile(rf"{_EDGE}(?:(\d{{3,4}})[pi]|([48]k)|(uhd|ultrahd)|(3d)){_END}", re.IGNORECASE)
_LINES = {"2160": "4K", "4320": "8K"}
_LABEL = re.compile(r"\)\s+-\s+([^\[\](){}]{1,60})$")


def version(text: str) -> str | None:
    """Return what tells this version of a film from others: "Director's Cut 4K"; `text` follows the title."""
    named = _edition(text)
    resolution = _resolution(text)
    if named and resolution and resolution.lower() not in named.lower():
        return f"{named} {resolution}"
    return named or resolution


def _edition(text: str) -> str | None:
    if tag := _EDITION_TAG.search(text):
        return tag[1].strip()
    if label := _LABEL.search(text):
        return label[1].strip()
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
