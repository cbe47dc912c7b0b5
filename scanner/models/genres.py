"""Genres as rows: a title's own list says what it is, these rows find the titles of one."""

from __future__ import annotations

from django.db import models

from scanner.models.titles import Title


class Genre(models.Model):
    """A genre that some title has or had: what the Library page can be filtered by."""

    name = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.name


class TitleGenre(models.Model):
    """A title is of a genre; the same as in its description, in a form that can be searched."""

    genre = models.ForeignKey(Genre, on_delete=models.CASCADE, db_index=False)
    title = models.ForeignKey(Title, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            # Also the Library page: the titles of a genre, and whether it has any.
            models.UniqueConstraint(fields=["genre", "title"], name="genre_of_title_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title_id} is of {self.genre_id}"
