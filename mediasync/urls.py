"""Root URLs."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from mediasync.late import late
from mediasync.views import account, demo, frame, health, queue

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="scanner:library"), name="home"),
    path("", include("scanner.urls")),
    path("wire/", frame.wire, name="wire"),
    path("theme/", frame.theme, name="theme"),
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("setup/", account.setup, name="setup"),
    path("queue/", queue.queue, name="queue"),
    path("queue/<int:pk>/<str:verb>/", queue.job_act, name="job-act"),
    path("queue/pools/<str:name>/<str:verb>/", queue.pool_act, name="pool-act"),
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
