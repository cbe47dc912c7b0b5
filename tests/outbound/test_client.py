"""What a caller gets for what a source answers."""

from __future__ import annotations

from tests.fakes import stub as stubs


def test_json_comes_back_decoded_with_its_etag(client, stub):
    stub.on("/movie/1", stubs.data({"title": "Tide"}, ETag='W/"abc"'))

    answer = client.get_json("/movie/1", params={"language": "de"})

    assert (answer.data, answer.etag, answer.not_modified) == ({"title": "Tide"}, 'W/"abc"', False)
    assert stub.paths() == ["/movie/1?language=de"]
