"""The two things a person types in the admin of the library: a folder, and the right title of a match."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from scanner.models import Library, Match, Title
from scanner.offers import offers
from scanner.services import libraries

TMDB_PAGE = re.compile(r"(?:^|themoviedb\.org/)(?P<kind>movie|tv)/(?P<id>[0-9]{1,18})(?![0-9])")
TMDB_NUMBER = re.compile(r"(?P<id>[0-9]{1,18})")
LARGEST_ID = 2**31


class LibraryForm(forms.ModelForm):  # type: ignore[type-arg]
    """A root folder: it has to be there, readable, and apart from the other libraries."""

    class Meta:
        model = Library
        fields = ("path", "name", "kind", "sidecars")
        widgets = {"path": forms.TextInput(attrs={"size": 80})}

    def clean_path(self) -> str:
        """Return the path as it was typed; raises where it cannot be a library."""
        given = str(self.cleaned_data["path"])
        if not given.startswith(("/", "~")):
            raise forms.ValidationError(_("Give the whole path, beginning with /."))
        known = libraries.at(given)
        if known:
            raise forms.ValidationError(_("This is the folder of the library %s already.") % known)
        try:
            libraries.check(given)
        except libraries.NotALibrary as error:
            raise forms.ValidationError(str(error)) from error
        return given


class PickForm(forms.ModelForm):  # type: ignore[type-arg]
    """The right title of a match: one of the candidates, or any TMDB id."""

    candidate = forms.ChoiceField(required=False, choices=[])
    tmdb_id = forms.CharField(required=False, max_length=300)
    kind_of_it = forms.ChoiceField(required=False, choices=Title.Kind.choices)

    objection = ""  # why a typed id cannot be right, where that was found out before

    class Meta:
        model = Match
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(offer.value, offer.name) for offer in offers(self.instance)]
        self.fields["candidate"].choices = offered  # type: ignore[attr-defined]

    def clean_tmdb_id(self) -> tuple[str, int] | None:
        """Return (kind or empty, number) of an id or of the address of a title's page."""
        given = self.cleaned_data["tmdb_id"].strip()
        if not given:
            return None
        found = TMDB_PAGE.search(given) or TMDB_NUMBER.fullmatch(given)
        if not found or not 0 < int(found["id"]) < LARGEST_ID:
            raise forms.ValidationError(
                _("This is neither a number nor the address of a movie or a show at themoviedb.org.")
            )
        kind = {"movie": Title.Kind.MOVIE, "tv": Title.Kind.SHOW}.get(found.groupdict().get("kind") or "", "")
        return str(kind), int(found["id"])

    def clean(self) -> dict[str, Any]:
        """Add `picked`: (kind, TMDB id) or None."""
        data: dict[str, Any] = super().clean() or {}
        chosen, named = data.get("candidate"), data.get("tmdb_id")
        if chosen and named:
            raise forms.ValidationError(_("Pick a candidate or give an id, not both."))
        data["picked"] = None
        if chosen:
            kind, _colon, pk = chosen.partition(":")
            data["picked"] = (kind, int(pk))
        elif named:
            if self.objection:
                raise forms.ValidationError(self.objection)
            kind, number = named
            data["picked"] = (kind or data.get("kind_of_it") or self.instance.kind, number)
        return data
