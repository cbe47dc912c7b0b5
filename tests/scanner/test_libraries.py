"""Adding and removing libraries: what is refused and why, and that nothing else has to wait."""

from __future__ import annotations

import pytest

from scanner.models import Library
from scanner.services import libraries

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(settings, tmp_path):
    """The data directory, with a folder inside and one around."""
    settings.DATA_DIR = tmp_path / "home" / "mediasync"
    (settings.DATA_DIR / "artwork").mkdir(parents=True)
    return settings.DATA_DIR


@pytest.mark.parametrize("folder", ["/", "/proc", "/proc/self/fd", "/sys", "/dev", "/dev/shm"])
def test_folders_of_the_system_are_no_libraries(data, folder):
    with pytest.raises(libraries.NotALibrary, match=r"Name (a|the) folder"):
        libraries.add(folder)

    assert not Library.objects.exists()


@pytest.mark.parametrize(
    ("folder", "why"),
    [("mediasync", "keeps its own data"), ("mediasync/artwork", "keeps its own data"), ("", "holds mediasync's own")],
    ids=["itself", "inside it", "around it"],
)
def test_the_data_directory_is_no_library(data, folder, why):
    with pytest.raises(libraries.NotALibrary, match=why):
        libraries.add(str(data.parent / folder))

    assert not Library.objects.exists()


def test_a_link_does_not_hide_the_data_directory(data, tmp_path):
    (tmp_path / "films").symlink_to(data)

    with pytest.raises(libraries.NotALibrary, match="keeps its own data"):
        libraries.add(str(tmp_path / "films"))


def test_a_folder_beside_the_data_directory_is_fine(data):
    (data.parent / "mediasync films").mkdir()

    assert libraries.add(str(data.parent / "mediasync films"))[1]


def test_the_demo_may_lie_in_the_data_directory(data):
    assert libraries.add(str(data / "artwork"), demo=True)[1]
