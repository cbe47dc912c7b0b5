"""The API for programs; none of it is imported before its first request: it costs memory that most homes never need."""
