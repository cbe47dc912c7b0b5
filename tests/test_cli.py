"""The command line before a command runs."""

from __future__ import annotations

import sys
import threading

import pytest
from gunicorn.config import Config

from journal import redaction
from mediasync import cli, commands, configuration
from mediasync.supervisor import web


@pytest.mark.parametrize(
    "arguments",
    [["sacn"], ["sacn", "--help"], ["help", "sacn"], ["--sacn"]],
    ids=" ".join,
)
def test_a_command_that_does_not_exist_ends_with_2_and_a_sentence(monkeypatch, capsys, arguments):
    monkeypatch.setattr("sys.argv", ["run", *arguments])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("There is no command “")


@pytest.mark.parametrize("arguments", [["help"], ["scan", "--help"], ["--version"], ["help", "migrate"]], ids=" ".join)
def test_help_and_version_need_no_database(monkeypatch, capsys, arguments):
    monkeypatch.setattr("sys.argv", ["run", *arguments])

    try:
        cli.main()
    except SystemExit as ended:
        assert not ended.code  # noqa: PT017  some end by returning

    assert capsys.readouterr().out


def told(monkeypatch, capsys, *arguments: str) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of a command line."""
    monkeypatch.setattr("sys.argv", ["run", *arguments])
    code = 0
    try:
        cli.main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, *capsys.readouterr()


@pytest.mark.parametrize("asked", ["help", "--help", "-h"])
def test_help_shows_every_command_of_ours_and_none_of_djangos(monkeypatch, capsys, asked):
    _code, out, _err = told(monkeypatch, capsys, asked)

    assert all(f"./run {name}" in out for name in commands.own())
    assert "dumpdata" not in out
    assert "help --all" in out
    assert max(map(len, out.splitlines())) <= 120


@pytest.mark.parametrize("asked", [["help", "--all"], ["help", "all"]], ids=" ".join)
def test_djangos_commands_are_listed_on_request(monkeypatch, capsys, asked):
    assert "dumpdata" in told(monkeypatch, capsys, *asked)[1]


def test_the_help_of_a_command_is_about_its_own_options(monkeypatch, capsys):
    out = told(monkeypatch, capsys, "scan", "--help")[1]

    assert "--mode" in out
    assert "--settings" not in out


@pytest.mark.django_db
def test_a_mistake_is_told_in_a_plain_sentence(monkeypatch, capsys):
    monkeypatch.setattr(cli, "_prepare_database", lambda: None)
    monkeypatch.setattr(commands.connections, "close_all", lambda: None)

    assert told(monkeypatch, capsys, "library", "add", "/nowhere") == (2, "", "/nowhere does not exist.\n")
    assert told(monkeypatch, capsys, "queue", "show", "99") == (1, "", "There is no job 99.\n")


def test_a_bug_reaches_the_terminal_without_secrets(capsys):
    before = sys.excepthook, threading.excepthook
    try:
        redaction.redact_tracebacks()
        thread = threading.Thread(target=_fail)
        thread.start()
        thread.join()
        try:
            _fail()
        except RuntimeError:
            sys.excepthook(*sys.exc_info())
    finally:
        sys.excepthook, threading.excepthook = before

    err = capsys.readouterr().err
    assert err.count("RuntimeError: GET /3/movie?api_key=***") == 2
    assert "0123456789" not in err.replace("_fail", "")


def _fail() -> None:
    raise RuntimeError("GET /3/movie?api_" + "key=0123456789abcdef")


def test_the_web_servers_own_log_is_redacted(capsys):
    logger = web.RedactingLogger(Config())
    logger.setup(_config(accesslog="-", errorlog="-"))
    logger.error("Error handling request /x?api_key=0123456789abcdef")
    logger.access_log.info("GET /webhook?token=0123456789abcdef")
    for log in (logger.error_log, logger.access_log):
        log.handlers.clear()

    out = "".join(capsys.readouterr())
    assert out.count("=***") == 2
    assert "0123456789abcdef" not in out


def _config(**given: object) -> Config:
    config = Config()
    for name, value in given.items():
        config.set(name, value)
    return config


def test_gunicorn_is_told_to_use_that_log():
    assert web.logger_class is web.RedactingLogger


def test_passwords_in_addresses_are_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "k" * 50)
    monkeypatch.setenv("DATABASE_URL", "postgres://ann:s3cret%2Fpass@db/films")

    assert {"s3cret%2Fpass", "s3cret/pass"} <= set(configuration.passwords(configuration.read()))
