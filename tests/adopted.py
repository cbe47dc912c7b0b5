"""Libraries as other programs leave them: invented titles, each one's layout; returned are its files' bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.factories import put

FILM = "Moss (2019)/Moss (2019).mkv"
EPISODES = tuple(f"The Night Post (2018)/Season 01/The Night Post - S01E0{n}.mkv" for n in (1, 2))
JPEG = b"\xff\xd8\xff\xe0somebody's own picture"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _lay(root: Path, videos: tuple[str, ...], foreign: dict[str, str | bytes]) -> dict[str, bytes]:
    put(root, *videos)
    bodies = {name: body.encode() if isinstance(body, str) else body for name, body in foreign.items()}
    for name, body in bodies.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(body)
    return bodies


def kodi(root: Path) -> dict[str, bytes]:
    """As Kodi 20 exports into single files: NFOs with uniqueid, ratings, watched marks; artwork by Kodi's names."""
    return _lay(root, (FILM, *EPISODES), {
        "Moss (2019)/Moss (2019).nfo": DECLARED + """<movie>
    <title>Moss</title><originaltitle>Moss</originaltitle>
    <ratings><rating name="imdb" max="10"><value>6.1</value><votes>12</votes></rating>
        <rating name="themoviedb" max="10" default="true"><value>7.4</value><votes>310</votes></rating></ratings>
    <userrating>9</userrating><plot>It grows, says its owner.</plot><runtime>83</runtime><mpaa>U</mpaa>
    <playcount>3</playcount><lastplayed>2024-02-01</lastplayed>
    <uniqueid type="imdb">tt90000107</uniqueid><uniqueid type="tmdb" default="true">107</uniqueid>
    <genre>Nature</genre><genre>Drama</genre><premiered>2019-03-08</premiered><year>2019</year>
    <fileinfo><streamdetails><video><codec>h264</codec></video></streamdetails></fileinfo>
    <actor><name>Una Tern</name><role>Herself</role><order>0</order></actor>
</movie>""",
        "Moss (2019)/Moss (2019)-poster.jpg": JPEG,
        "The Night Post (2018)/tvshow.nfo": DECLARED + """<tvshow><title>The Night Post</title>
    <plot>Letters, as its owner tells it.</plot><namedseason number="1">The Winter Mail</namedseason>
    <uniqueid type="tmdb" default="true">201</uniqueid><uniqueid type="tvdb">700201</uniqueid>
    <premiered>2018-09-14</premiered><status>Ended</status></tvshow>""",
        "The Night Post (2018)/poster.jpg": JPEG,
        **{f"{path[:-4]}.nfo": DECLARED + f"""<episodedetails><title>Owner's name {n}</title>
    <showtitle>The Night Post</showtitle><season>1</season><episode>{n}</episode><plot>Plot {n}.</plot>
    <aired>2018-09-{13 + n}</aired><watched>true</watched></episodedetails>"""
           for n, path in enumerate(EPISODES, start=1)},
    })  # fmt: skip


def jellyfin(root: Path) -> dict[str, bytes]:
    """As Jellyfin saves: movie.nfo, ids in elements of their own, lockdata, season.nfo."""
    return _lay(root, (FILM, *EPISODES), {
        "Moss (2019)/movie.nfo": DECLARED + """<movie><plot>It grows, says its owner.</plot><lockdata>true</lockdata>
  <dateadded>2023-05-01 10:00:00</dateadded><title>Moss</title><rating>7.4</rating><year>2019</year>
  <imdbid>tt90000107</imdbid><tmdbid>107</tmdbid><premiered>2019-03-08</premiered><runtime>83</runtime>
  <genre>Nature</genre><art><poster>/media/Moss (2019)/folder.jpg</poster></art></movie>""",
        "Moss (2019)/folder.jpg": JPEG,
        "The Night Post (2018)/tvshow.nfo": DECLARED + """<tvshow><plot>Letters, as its owner tells it.</plot>
  <title>The Night Post</title><year>2018</year><imdb_id>tt80000201</imdb_id><tmdbid>201</tmdbid>
  <tvdbid>700201</tvdbid><season>-1</season><episode>-1</episode></tvshow>""",
        "The Night Post (2018)/Season 01/season.nfo": DECLARED
        + "<season><title>The Winter Mail</title><seasonnumber>1</seasonnumber><plot>Snow.</plot></season>",
        **{f"{path[:-4]}.nfo": DECLARED + f"""<episodedetails><plot>Plot {n}.</plot><title>Owner's name {n}</title>
  <season>1</season><episode>{n}</episode><aired>2018-09-{13 + n}</aired></episodedetails>"""
           for n, path in enumerate(EPISODES, start=1)},
    })  # fmt: skip


def arrs(root: Path) -> dict[str, bytes]:
    """As Radarr and Sonarr leave them: ids in folder names, or in NFOs of the Kodi kind."""
    film = "Moss (2019) {tmdb-107}/Moss (2019) {imdb-tt90000107} [WEBDL-1080p].mkv"
    return _lay(root, (film, *EPISODES), {
        "The Night Post (2018)/tvshow.nfo": DECLARED + """<tvshow>
  <title>The Night Post</title><plot>Letters, as its owner tells it.</plot>
  <uniqueid type="tvdb" default="true">700201</uniqueid><uniqueid type="imdb">tt80000201</uniqueid>
  <uniqueid type="tmdb">201</uniqueid><episodeguide><url>http://example.invalid/all/en.zip</url></episodeguide>
</tvshow>
https://www.thetvdb.com/?tab=series&amp;id=700201""",
    })  # fmt: skip


def tmm(root: Path) -> dict[str, bytes]:
    """As tinyMediaManager writes: all ids in several forms, its own elements, one NFO for two episodes."""
    both = "The Night Post (2018)/Season 01/The Night Post - S01E01-E02.mkv"
    return _lay(root, (FILM, both), {
        "Moss (2019)/Moss (2019).nfo": DECLARED + """<!--created on 2024-01-01 - tinyMediaManager 4.3-->
<movie><title>Moss</title><originaltitle>Moss</originaltitle><year>2019</year>
  <ratings><rating default="true" max="10" name="themoviedb"><value>7.4</value><votes>310</votes></rating></ratings>
  <set><name>Garden</name><overview/></set><plot>It grows, says its owner.</plot><runtime>83</runtime>
  <id>tt90000107</id><tmdbid>107</tmdbid><ids><entry><key>tmdb</key><value>107</value></entry></ids>
  <uniqueid default="false" type="tmdb">107</uniqueid><uniqueid default="true" type="imdb">tt90000107</uniqueid>
  <genre>Nature</genre><watched>true</watched><playcount>1</playcount><lockdata>true</lockdata>
  <source>BLURAY</source><edition>NONE</edition><original_filename>Moss.mkv</original_filename></movie>""",
        "The Night Post (2018)/tvshow.nfo": DECLARED + """<tvshow><title>The Night Post</title>
  <plot>Letters, as its owner tells it.</plot><id>700201</id>
  <episodeguide>{"tmdb":"201","tvdb":"700201"}</episodeguide></tvshow>""",
        f"{both[:-4]}.nfo": DECLARED + "".join(
            f"<episodedetails><title>Owner's name {n}</title><season>1</season><episode>{n}</episode>"
            f"<plot>Plot {n}.</plot><aired>2018-09-{13 + n}</aired></episodedetails>\n" for n in (1, 2)
        ),
    })  # fmt: skip


def plex(root: Path) -> dict[str, bytes]:
    """As Plex is told: hints in .plexmatch, for names that say nothing."""
    return _lay(root, ("Whatever/whatever.mkv", "Some Show/Season 1/first one.mkv", "Some Show/Season 1/second.mkv"), {
        "Whatever/.plexmatch": "# what it is\ntitle: Moss\nyear: 2019\ntmdbid: 107\n",
        "Some Show/.plexmatch": "Title: The Night Post\nYear: 2018\nguid: tmdb://201\n"
        "ep: S01E01: Season 1/first one.mkv\nep: S01E02: /Season 1/second.mkv\n",
    })  # fmt: skip


def ours(root: Path) -> dict[str, bytes]:
    """As an older program of the same name left them: metadata.json in plain shapes, without our seal."""
    return _lay(root, ("Whatever/a.mkv", "Else/b.mkv", "Show X/Season 01/Show X - S01E01.mkv"), {
        "Whatever/metadata.json": json.dumps({"tmdb_id": 107, "title": "Moss", "year": 2019, "overview": "It grows."}),
        "Else/metadata.json": json.dumps(
            {"id": 108, "title": "1893", "imdb_id": "tt90000108", "release_date": "2016-05-05", "poster_path": "/x.jpg",
             "genres": [{"id": 1, "name": "History"}]}
        ),
        "Show X/metadata.json": json.dumps({"type": "tv", "tmdbId": "201", "name": "The Night Post"}),
    })  # fmt: skip


LAYOUTS: dict[str, Callable[[Path], dict[str, bytes]]] = {
    "kodi": kodi, "jellyfin": jellyfin, "arrs": arrs, "tmm": tmm, "plex": plex, "ours": ours,
}  # fmt: skip
