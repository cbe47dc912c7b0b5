"""The two things a person types in the admin of the library: a folder, and the right title of a match."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scanner.models import Library, Match, Title


class LibraryForm(forms.ModelForm):  # type: ignore[type-arg]
    """A root folder: it has to be there, readable, and apart from the other libraries."""

    class Meta:
        model = Library
        fields = ("path", "name", "kind", "sidecars")
        widgets = {"path": forms.TextInput(attrs={"size": 80})}

    def clean_path(self) -> str:
        """Return the path without ways round; raises where it cannot be a library."""
        given = Path(self.cleaned_data["path"]).expanduser()
        if not given.is_absolute():
            raise forms.ValidationError(_("Give the whole path, beginning with /."))
        path = given.resolve()
        try:
            next(iter(path.iterdir()), None)
        except OSError as error:
            raise forms.ValidationError(
                _("%(path)s cannot be read: %(why)s.") % {"path": path, "why": error.strerror}
            ) from error
        for other in Library.objects.exclude(pk=self.instance.pk):
            if path.is_relative_to(other.path) or Path(other.path).is_relative_to(path):
                raise forms.ValidationError(
                    _("%(path)s overlaps with the library %(other)s.") % {"path": path, "other": other}
                )
        return str(path)


class PickForm(forms.ModelForm):  # type: ignore[type-arg]
    """The right title of a match: one of the candidates, or any TMDB id."""

    PICK = ("candidate", "tmdb_id", "kind_of_it")

    candidate = forms.ChoiceField(
        required=False, label=gettext_lazy("Pick a candidate"), widget=forms.RadioSelect, choices=[]
    )
    tmdb_id = forms.IntegerField(
        required=False,
        min_value=1,
        label=gettext_lazy("or a TMDB id"),
        help_text=gettext_lazy("The number in the address of its page at themoviedb.org."),
    )
    kind_of_it = forms.ChoiceField(required=False, label=gettext_lazy("which is a"), choices=Title.Kind.choices)

    class Meta:
        model = Match
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "candidate" in self.fields:
            self.fields["candidate"].choices = [("", _("none of them")), *_choices(self.instance)]  # type: ignore[attr-defined]
            self.fields["kind_of_it"].initial = self.instance.kind

    def clean(self) -> dict[str, Any]:
        """Add `picked`: (kind, TMDB id) or None."""
        data: dict[str, Any] = super().clean() or {}
        chosen, number = data.get("candidate"), data.get("tmdb_id")
        if chosen and number:
            raise forms.ValidationError(_("Pick a candidate or give an id, not both."))
        data["picked"] = None
        if chosen:
            kind, _colon, pk = chosen.partition(":")
            data["picked"] = (kind, int(pk))
        elif number:
            data["picked"] = (data.get("kind_of_it") or self.instance.kind, number)
        return data


def _choices(match: Match) -> list[tuple[str, str]]:
    """Return what was found, best first; what is not as agreed is left out."""
    found = []
    for row in match.candidates if isinstance(match.candidates, list) else []:
        told = row if isinstance(row, dict) else {}
        one = told["candidate"] if isinstance(told.get("candidate"), dict) else told
        if not str(one.get("id", "")).isdigit():
            continue
        kind = one.get("kind") if one.get("kind") in Title.Kind.values else match.kind
        year, score, reason = one.get("year"), told.get("score"), told.get("reason")
        words = [f"{one.get('name', '?')} ({year})" if year else str(one.get("name", "?")), f"TMDB {one['id']}"]
        words += [f"{score:.2f}"] if isinstance(score, int | float) else []
        found.append((f"{kind}:{one['id']}", " · ".join([*words, str(reason)] if reason else words)))
    return found
