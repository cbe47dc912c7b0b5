"""The API for programs. Nothing here is imported before its first request: it costs memory that most homes never need."""
