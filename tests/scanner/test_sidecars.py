"""metadata.json: a description and a decision that survive the database."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.description import ArtPick, Description
from scanner.sidecars import (
    MatchNote,
    OwnFile,
    Pictures,
    Sidecar,
    may_replace_document,
    read_metadata_json,
    render_metadata_json,
    says_the_same,
)

FILM = Description(
    "movie", "Moss", ids={"tmdb": 107}, art={"poster": ArtPick("/p.jpg", "w780")}, fetched_at="2026-01-01T00:00:00Z"
)
PICK = MatchNote(by="manual", query="moss", year=2019, locked=True)


def document(description=FILM, note=PICK, **more) -> bytes:
    return render_metadata_json(description, note, **more)


def test_a_pick_survives():
    found = read_metadata_json(document())

    assert (found.match_by, found.locked, found.ignored) == ("hand", True, False)
    assert found.description == FILM


def test_an_ignored_match_survives():
    found = read_metadata_json(
        document(Description("movie", "Home video", described_by="names"), MatchNote(ignored=True))
    )

    assert found.ignored


def test_it_has_the_agreed_shape():
    found = json.loads(document(files=[{"name": "Moss.mkv", "size": 1, "mtime_ns": 2}], nfo=OwnFile("movie.nfo", "ab")))

    assert found["schema"] == 1
    assert found["generator"].startswith("mediasync ")
    assert found["match"] == {
        "by": "manual",
        "query": "moss",
        "year": 2019,
        "score": None,
        "locked": True,
        "ignored": False,
    }
    assert found["nfo"] == {"file": "movie.nfo", "sha256": "ab"}
    assert found["files"] == [{"name": "Moss.mkv", "size": 1, "mtime_ns": 2}]
    assert {
        "language",
        "fetched_at",
        "expires_at",
        "etag",
        "content_sha256",
        "title",
        "cast",
        "crew",
        "seasons",
    } <= found.keys()


def test_a_picture_of_ours_is_found_again_with_where_it_came_from():
    found = read_metadata_json(document(pictures=Pictures({"poster": OwnFile("poster.jpg", "cd", 9, "/old.jpg")})))

    assert found.art == {"poster": OwnFile("poster.jpg", "cd", 9, "/old.jpg", "poster")}
    assert found.description.art == {"poster": ArtPick("/p.jpg", "w780")}


def test_formatting_it_breaks_no_seal_but_a_changed_word_does():
    formatted = json.dumps(json.loads(document()), indent=8).encode()
    changed = document().replace(b'"locked": true', b'"locked": false')

    assert may_replace_document(formatted)
    assert not may_replace_document(changed)
    assert not read_metadata_json(changed).locked


REPLACEABLE = {
    "ours": (document(), True),
    "cut by a power loss": (document()[:300], True),
    "zeros of a power loss": (b"\0" * 4096, True),
    "empty": (b"", True),
    "another program's": (b'{"title": "Moss"}', False),
    "another program's, cut": (b'{"title": "Mo', False),
    "no JSON": (b"notes to self", False),
    "a list": (b"[1, 2]", False),
}


@pytest.mark.parametrize(("data", "ours"), REPLACEABLE.values(), ids=REPLACEABLE)
def test_only_our_own_document_may_be_replaced(data, ours):
    assert may_replace_document(data) is ours


@pytest.mark.parametrize("data", [b"", b"{", b'{"title": 1}', b"[" * 100_000, document()[:200], b"\xff\xfe\x00"])
def test_what_cannot_be_read_is_absent(data):
    assert read_metadata_json(data) is None


def test_dates_and_ratings_alone_are_no_difference():
    later = Description.from_json(FILM.to_json() | {"fetched_at": "2027-01-01T00:00:00Z", "rating": {"tmdb": [8.0, 3]}})

    assert says_the_same(document(), document(later))
    assert not says_the_same(document(), document(note=MatchNote(by="manual")))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(json.loads(document()))), json_values))
def test_no_value_makes_the_reader_stumble(changes):
    broken = json.loads(document()) | changes

    read = read_metadata_json(json.dumps(broken).encode())

    assert read is None or isinstance(read, Sidecar)
