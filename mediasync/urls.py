"""Root URLs."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from mediasync import setup_link
from mediasync.late import late
from mediasync.views import (
    about,
    account,
    backups,
    demo,
    frame,
    health,
    history,
    home,
    logs,
    queue,
    sources,
    system,
    why,
)
from mediasync.views import setup as first_run
from mediasync.views.settings import appearance, folders, limits, metadata, notices, people, programs, sections

urlpatterns = [
    path("", home.front, name="home"),
    path("now/", home.now, name="home-now"),
    path("", include("scanner.urls")),
    path("wire/", frame.wire, name="wire"),
    path("theme/", frame.theme, name="theme"),
    path(
        "login/",
        LoginView.as_view(redirect_authenticated_user=True, extra_context={"unclaimed": setup_link.needed}),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("setup/", account.setup, name="setup"),
    path("setup/<slug:step>/", first_run.step, name="setup-step"),
    path("about/", about.about, name="about"),
    path("settings/", sections.settings, name="settings"),
    path("settings/folders/", folders.folders, name="settings-libraries"),
    path("settings/folders/add/", folders.folder_add, name="settings-library-add"),
    path("settings/folders/<int:pk>/", folders.folder, name="settings-library"),
    path("settings/folders/<int:pk>/remove/", folders.folder_remove, name="settings-library-remove"),
    path("settings/folders/<int:pk>/scan/", folders.folder_scan, name="settings-library-scan"),
    path("settings/metadata/", metadata.metadata, name="settings-metadata"),
    path("settings/metadata/key/remove/", metadata.key_remove, name="settings-key-remove"),
    path("settings/metadata/language/", metadata.language, name="settings-language"),
    path("settings/sources/", limits.limits, name="settings-sources"),
    path("settings/sources/<str:name>/", limits.limit, name="settings-source"),
    path("settings/notices/", notices.notices, name="settings-notices"),
    path("settings/notices/<int:pk>/remove/", notices.notice_remove, name="settings-notice-remove"),
    path("settings/notices/<int:pk>/<slug:verb>/", notices.notice_act, name="settings-notice"),
    path("settings/people/", people.people, name="settings-people"),
    path("settings/people/<int:pk>/", people.person, name="settings-person"),
    path("settings/programs/", programs.programs, name="settings-programs"),
    path("settings/programs/<int:pk>/revoke/", programs.key_revoke, name="settings-key-revoke"),
    path("settings/appearance/", appearance.appearance, name="settings-appearance"),
    path("settings/appearance/password/", appearance.password, name="settings-password"),
    path("queue/", queue.queue, name="queue"),
    path("queue/act/", queue.queue_act, name="queue-act"),
    path("queue/<int:pk>/<str:verb>/", queue.job_act, name="job-act"),
    path("queue/pools/<str:name>/<str:verb>/", queue.pool_act, name="pool-act"),
    path("queue/<int:pk>/", why.job, name="job"),
    path("why/<str:scope>:<str:key>/", why.why, name="why"),
    path("history/", history.history, name="history"),
    path("history/export/", history.export, name="history-export"),
    path("sources/", sources.source_list, name="source-list"),
    path("sources/test/", sources.test_all, name="sources-test"),
    path("sources/<str:name>/", sources.source, name="source"),
    path("sources/<str:name>/<str:verb>/", sources.source_do, name="source-do"),
    path("system/", system.system, name="system"),
    path("system/act/", system.system_act, name="system-act"),
    path("system/logs/", logs.logs, name="logs"),
    path("system/logs/download/", logs.logs_download, name="logs-download"),
    path("system/logs/<str:cursor>/", logs.log_line, name="log-line"),
    path("system/backups/<int:pk>/download/", backups.backup_download, name="backup-download"),
    path("system/backups/now/", backups.backup_now, name="backup-now"),
    path("demo/load/", demo.demo_load, name="demo-load"),
    path("demo/remove/", demo.demo_remove, name="demo-remove"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("favicon.ico", frame.favicon),
    path("admin/", admin.site.urls),
    late("api/v1/", "mediasync.api.urls", namespace="api"),
]

handler400 = "mediasync.views.errors.bad_request"
handler403 = "mediasync.views.errors.forbidden"
handler404 = "mediasync.views.errors.not_found"
handler500 = "mediasync.views.errors.server_error"
