"""The admin's page of a match: what a folder is believed to be, and where a person puts that right."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from journal.admin import FactsAdmin
from scanner.admin_forms import PickForm
from scanner.models import Match, Title
from scanner.offers import offers
from scanner.services import matches

SHOWN_FILES = 12
MOVED_ON = gettext_lazy("This match has changed in the meantime. Look again, then decide.")
DECISIONS: dict[str, tuple[Any, Any]] = {
    "lock": (matches.lock, gettext_lazy("Locked: no scan changes it.")),
    "unlock": (matches.unlock, gettext_lazy("Unlocked: scans may change it again.")),
    "ignore": (matches.ignore, gettext_lazy("Ignored: it is not looked up any more.")),
    "look_again": (matches.look_again, gettext_lazy("It is looked up anew, before everything else.")),
}


class MatchAdmin(FactsAdmin):
    """What folders are believed to be; the pick is the one thing that is typed."""

    form = PickForm
    list_display = ("key", "state", "title", "reason", "by", "locked", "library")
    list_filter = ("state", "library", "kind", "by", "locked")
    list_select_related = ("library", "title")
    search_fields = ("key", "name", "title__name")
    readonly_fields = ("ids_found", "files_written")
    exclude = ("ids", "candidates", "sidecars")
    actions = ("lock", "unlock", "ignore")

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The pick stands in the page's own template; the facts are folded away beneath."""
        facts = self.get_readonly_fields(request, obj)
        return [(_("Everything known of this match"), {"classes": ["collapse"], "fields": facts})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The pick's fields are the form's own, no columns."""
        form = super().get_form(request, obj, change=change, **{**kwargs, "fields": ()})
        form.objection = getattr(request, "objection", "")  # type: ignore[attr-defined]
        return form

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """Look a typed id up first: the page itself runs in a transaction, and no request is made inside one."""
        match = self.get_object(request, unquote(object_id)) if request.method == "POST" and object_id else None
        if match and self.has_change_permission(request, match):
            typed = PickForm(request.POST, instance=match)
            if typed.is_valid() and typed.cleaned_data["tmdb_id"]:
                request.objection = matches.objection(match, *typed.cleaned_data["picked"])  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the candidates, the files, and where to search."""
        match = context["original"]
        kind = "movie" if match.kind == Title.Kind.MOVIE else "tv"
        context |= {
            "may_pick": self.has_change_permission(request, match),
            "offers": offers(match),
            "kinds": Title.Kind.choices,
            "files": list(match.files.order_by("path").values_list("path", flat=True)[:SHOWN_FILES]),
            "search": f"https://www.themoviedb.org/search/{kind}?" + urlencode({"query": match.name or match.key}),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Match, form: ModelForm[Match], change: bool) -> None:
        """Hand a pick or another decision to the service; saving without one changes nothing."""
        actor = request.user.get_username()
        fresh = Match.objects.select_related("library").get(pk=obj.pk)
        if picked := form.cleaned_data.get("picked"):
            kind, tmdb_id = picked
            if matches.pick(fresh, kind=kind, tmdb_id=tmdb_id, actor=actor):
                messages.success(request, _("Picked. It is described next, and no scan changes it."))
            else:
                messages.warning(request, MOVED_ON)
        elif decide := DECISIONS.get(request.POST.get("verb", "")):
            verb, said = decide
            if verb(fresh, actor=actor) is False:
                messages.warning(request, MOVED_ON)
            else:
                messages.success(request, said)
        else:
            messages.info(request, _("Nothing was picked, so nothing changed."))

    def response_change(self, request: HttpRequest, obj: Match) -> HttpResponse:
        """Go on to the next one where a list was worked through, else to the title, to watch it being described."""
        title = Title.objects.filter(matches=obj.pk).first()
        if "_changelist_filters" in request.GET or title is None:
            return self.response_post_save_change(request, obj)
        return redirect("scanner:title", title.pk, "title")

    @admin.display(description=gettext_lazy("Ids found in names"))
    def ids_found(self, match: Match) -> str:
        """The ids in words."""
        return ", ".join(f"{source} {value}" for source, value in match.ids.items()) or "–"

    @admin.display(description=gettext_lazy("Files written beside the media"))
    def files_written(self, match: Match) -> str:
        """The names of what we wrote."""
        return ", ".join(sorted(match.sidecars)) or "–"

    @admin.action(description=gettext_lazy("Lock"))
    def lock(self, request: HttpRequest, chosen: QuerySet[Match]) -> None:
        """No scan changes them any more."""
        self._each(request, chosen, matches.lock)

    @admin.action(description=gettext_lazy("Unlock"))
    def unlock(self, request: HttpRequest, chosen: QuerySet[Match]) -> None:
        """Scans may change them again."""
        self._each(request, chosen, matches.unlock)

    @admin.action(description=gettext_lazy("Ignore: not to be matched"))
    def ignore(self, request: HttpRequest, chosen: QuerySet[Match]) -> None:
        """Leave these folders alone."""
        self._each(request, chosen, matches.ignore)

    def _each(self, request: HttpRequest, chosen: QuerySet[Match], verb: Any) -> None:
        for match in chosen:
            verb(match, actor=request.user.get_username())
        messages.success(request, ngettext("%d match changed.", "%d matches changed.", len(chosen)) % len(chosen))
