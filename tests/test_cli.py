"""The command line before a command runs."""

from __future__ import annotations

import pytest

from mediasync import cli


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
