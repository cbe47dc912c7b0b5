"""A household as people run it: `up` with its real processes, at a fake TMDB on loopback."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from benches.household import Household, until, use_database
from jobs import hands
from jobs.models import Job, Pool
from outbound import services
from outbound.models import Source
from scanner.demo.catalogue import Film
from scanner.demo.films import FILMS
from scanner.models import Library
from scanner.services import libraries
from tests.factories import put
from tests.fakes.tmdb import FakeTmdb, fake_tmdb

PASSWORD = "a-long-password"
ARGON2 = Argon2PasswordHasher().encode(PASSWORD, "some-salt-for-anna")
SHOWN = re.compile(r"http://127\.0\.0\.1:\d+(/setup/\?key=\S+)?")


@dataclass
class House:
    """A household that runs: its address, its fake TMDB, and a folder to put films into."""

    household: Household
    fake: FakeTmdb
    root: Path
    url: str = ""
    setup_url: str = ""
    made: list[Library] = field(default_factory=list)

    def start(self, *paths: str, **environment: str) -> None:
        """Do what `./run` does and wait until it says where it is."""
        self.household.set(
            TMDB_BASE_URL=f"{self.fake.address}/3",
            OUTBOUND_ALLOW_HOSTS="127.0.0.1",
            SECRET_KEY=settings.SECRET_KEY,
            REQUEST_TIMEOUT="60",
            TMDB_LIMIT="500/1",
            TMDB_IMAGE_LIMIT="500/1",
            TZ="UTC",
            **environment,
        )
        self.household.start("up", "--port", "0", *paths)
        until(lambda: " open " in self.household.log(), what="it was started")
        found = [match.group() for match in SHOWN.finditer(self.household.log())]
        self.url = found[-1]
        self.setup_url = next((url for url in found if "/setup/" in url), "")

    def shelf(self, name: str, *titles: str, pictures: bool = False) -> Path:
        """Put films that TMDB knows into a folder of this name, which is no library yet."""
        where = self.root / name
        where.mkdir(parents=True, exist_ok=True)
        for number, title in enumerate(titles):
            year = 1960 + number
            ident = 100_000 + 1_000 * len(self.fake.films) + number
            overview = f"Number {number + 1} of the shelf {name}."
            film = Film(ident, title, dt.date(year, 3, 1), overview, pictures=pictures)
            self.fake.films[ident] = film
            put(where, f"{title} ({year})/{title} ({year}).mkv")
        return where

    def library(self, name: str, *titles: str, pictures: bool = False) -> Library:
        """The same, as a library that is forgotten after the test."""
        where = self.shelf(name, *titles, pictures=pictures)
        library = libraries.add(str(where), kind="movies", name=name)[0]
        self.made.append(library)
        return library

    def settle(self) -> None:
        """Wait until nothing is left to do but what waits for its time."""
        until(lambda: not Job.objects.filter(state__in=["ready", "leased"]).exclude(pool="upkeep").exists())

    def tidy(self) -> None:
        """Let the next test find it as this one did."""
        self.fake.heal()
        for source in Source.objects.exclude(circuit="closed"):
            services.reset(source, actor="anna")
        for pool in Pool.objects.filter(paused_at__isnull=False):
            hands.resume(pool.name, actor="anna")
        for library in self.made:
            libraries.remove(library, actor="anna")
        self.made.clear()


def cookie(url: str, *, password: str = ARGON2) -> dict[str, str]:
    """Return the cookie of a session of anna, who is made where she is not there."""
    people = get_user_model().objects
    anna = people.filter(username="anna").first() or people.create_superuser("anna")
    if not anna.has_usable_password():
        anna.password = password
        anna.save(update_fields=["password"])
    client = Client()
    client.force_login(anna)
    return {"name": "mediasync_session", "value": client.cookies["mediasync_session"].value, "url": url}


@contextmanager
def at_home(place: Path, *, started: bool) -> Iterator[House]:
    """Run a household in an empty folder; with `started` it has a key and a library with everything the demo knows."""
    with fake_tmdb() as fake:
        (place / "data").mkdir()
        household = Household(place / "data")
        house = House(household, fake, place / "media")
        try:
            if started:
                out = [film for film in FILMS if film.released]
                put(house.root / "Films", *(f"{film.title} ({film.released.year})/film.mkv" for film in out))
                house.start(str(house.root / "Films"), TMDB_API_KEY=fake.key)
                with use_database(household.url):
                    cookie(house.url)
                    house.settle()
            else:
                house.start()
            yield house
        finally:
            fake.heal()
            household.close()
