"""The demo's series: one with specials, one daily, one past the limit of a single request."""

from __future__ import annotations

from datetime import date

from scanner.demo.catalogue import Series

SERIES = (
    Series(
        201, "The Night Post", date(2018, 9, 14),
        "A sorting office handles the letters that were never sent.", "Postage due.", ("Drama", "Mystery"),
        ("Ottilie Crane", "Rafe Sandoval", "Mina Aldous"), keywords=("post office", "letters"), votes=(8.2, 2103),
        certification="12",
        seasons={
            0: ("Dear Father Christmas", "The Second Delivery"),
            1: ("Dead Letters", "Insufficient Address", "By Hand", "Registered", "Poste Restante", "Return to Sender"),
            2: ("First Class", "Fragile", "Do Not Bend", "Cash on Delivery", "The Pillar Box", "Last Collection"),
        },
        translations={"de-DE": {"title": "Die Nachtpost", "overview": "Ein Postamt für nie abgeschickte Briefe.",
                                "tagline": "Nachporto."}},
    ),
    Series(
        202, "Harbour Street 9", date(2009, 1, 6),
        "Nine flats, one staircase, and the tide comes in on the third floor.", "", ("Comedy",),
        ("Nell Bardsley", "Kofi Mensah", "Astrid Lowe"), runtime=24, votes=(7.4, 812),
        seasons={
            1: ("Ground Floor", "The Lift", "Neighbours", "Rent"),
            2: ("Damp", "The Meter Man", "Spring Tide", "Keys"),
            3: ("The New Tenant", "Noise", "Roof", "Low Water"),
        },
    ),
    Series(
        203, "Weather for Beginners", date(2023, 2, 3),
        "A forecaster who has never been right is the only one who saw it coming.", "Chance of everything.",
        ("Drama", "Sci-Fi & Fantasy"), ("Juno Hartley", "Elias Broom"), votes=(7.9, 1440), runtime=51,
        seasons={1: ("Drizzle", "Front", "Pressure", "Gale", "Eye", "Clearing")}, status="Ended", every_days=1,
    ),
    Series(
        204, "Inspector Quince", date(1994, 10, 2),
        "He solves nothing before lunch.", "", ("Crime",), ("Ambrose Teale", "Sylvia Marchbanks"), runtime=98,
        votes=(7.7, 965),
        seasons={
            1: ("A Death in the Larder", "The Silent Gong"),
            2: ("Murder by Minutes", "The Vicar's Bees"),
            3: ("A Body of Work", "Cold Custard"),
            4: ("The Long Weekend", "Pudding"),
        },
    ),
    Series(
        205, "The Lighthouse Keepers", date(2016, 4, 8),
        "Three keepers, two shifts, no ship for a year.", "", ("Drama",), ("Jochen Brandt", "Wiebke Harms"), "DE",
        original=("Die Leuchtturmwärter", "de"), network="Kanal Deich", runtime=45,
        seasons={1: ("Ebbe", "Flut", "Nebel"), 2: ("Licht", "Schatten", "Ende")},
        translations={"de-DE": {"title": "", "overview": "Drei Wärter, zwei Schichten, kein Schiff.", "tagline": ""}},
    ),
    Series(
        206, "Small Hours", date(2004, 1, 1),
        "Every night somebody is awake. Every night it is somebody else.", "", ("Drama",), ("The Night",),
        runtime=12, seasons={n: (f"Hour {n * 2 - 1}", f"Hour {n * 2}") for n in range(1, 23)},
        votes=(7.0, 150),
    ),
    Series(
        207, "Good Morning, Little Wick", date(2026, 1, 5),
        "The news of a village in which there is none.", "", ("News",), ("Dot Appleyard",), runtime=15,
        seasons={1: tuple(f"Edition {n}" for n in range(1, 61))}, every_days=1,
        status="Returning Series", votes=(0.0, 0), pictures=False,
    ),
)  # fmt: skip
