"""The demo: an invented catalogue, drawn pictures and a loopback service that answers like TMDB."""
