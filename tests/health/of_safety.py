"""Troubles of who may come in, and their cures."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from mediasync import setup_link
from mediasync.health.finding import Level


def keys_that_others_can_read(world):
    (world.data / ".env").chmod(0o644)
    yield Level.WARNING
    call_command("doctor", "--fix")


def a_data_directory_that_all_can_change(world):
    world.data.chmod(0o777)
    yield Level.WARNING
    call_command("doctor", "--fix")


def a_weak_key(world):
    world.settings.SECRET_KEY = "a" * 50
    (world.data / ".env").write_text(f"# mine\nSECRET_KEY={'a' * 50}\nPORT=8999")
    yield Level.ERROR
    (world.data / ".env").write_text("# mine\nPORT=8999")  # the line is removed
    world.patch.delenv("SECRET_KEY")
    world.patch.delenv("PORT", raising=False)
    world.restart()
    assert (world.data / ".env").read_text().startswith("# mine\nPORT=8999\nSECRET_KEY=")


def any_name(world):
    world.settings.HOST, world.settings.ALLOWED_HOSTS = "0.0.0.0", ["*"]
    yield Level.WARNING
    world.restart(HOST="0.0.0.0", ALLOWED_HOSTS="media.lan,192.168.1.5")


def no_encryption(world):
    world.settings.HOST = "0.0.0.0"
    yield Level.NOTICE
    world.restart(HOST="0.0.0.0", HTTPS="true", ALLOWED_HOSTS="media.lan")


def nobody_has_an_account(world):
    get_user_model().objects.all().delete()
    yield Level.WARNING
    key = setup_link.make().partition("key=")[2]
    passwords = {"password1": "correct horse battery", "password2": "correct horse battery"}
    Client().post("/setup/", {"username": "anna", "key": key, **passwords})


def nobody_may_change_anything(world):
    get_user_model().objects.update(is_staff=False)
    yield Level.ERROR
    world.patch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery")
    call_command("createsuperuser", "--noinput", username="dora", email="", verbosity=0)


CASES = [
    ("env-file", keys_that_others_can_read),
    ("data-rights", a_data_directory_that_all_can_change),
    ("secret-key", a_weak_key),
    ("hosts", any_name),
    ("https", no_encryption),
    ("accounts", nobody_has_an_account),
    ("accounts", nobody_may_change_anything),
]
