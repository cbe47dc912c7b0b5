"""The demo's films."""

from __future__ import annotations

from datetime import date

from scanner.demo.catalogue import Film

BUTTONS = (9001, "Button Factory Collection")

FILMS = (
    Film(
        101, "The Lighthouse That Kept Office Hours", date(1962, 5, 11),
        "A keeper who lights his lamp from nine to five is sent an inspector who is afraid of the dark.",
        "Ships may call again tomorrow.", ("Comedy", "Drama"), ("Hollis Wren", "Maud Tarrant", "Piers Oatley"),
        runtime=88, certification="U", keywords=("lighthouse", "bureaucracy"), votes=(7.8, 1204), trailer="lamp1962aaa",
        translations={"de-DE": {"title": "Der Leuchtturm mit den Bürozeiten",
                                "overview": "Ein Wärter, der nur von neun bis fünf leuchtet, bekommt Besuch.",
                                "tagline": "Schiffe bitte morgen wieder anfragen."}},
    ),
    Film(
        102, "A Teaspoon of Thunder", date(1987, 9, 4),
        "Two sisters inherit a weather shop and a debt that is payable in storms.",
        "Stir gently.", ("Fantasy", "Family"), ("Priya Vantage", "Lotte Brandauer", "Amos Kettle"), runtime=101,
        keywords=("weather", "sisters"), votes=(7.2, 860),
        translations={"de-DE": {"title": "Ein Teelöffel Donner", "overview": "", "tagline": ""}},
    ),
    Film(
        103, "Seven Ferries to Lund", date(1974, 3, 1),
        "A tax clerk takes the wrong boat home and keeps on taking it.", "",
        ("Drama", "Romance"), ("Sixten Alm", "Greta Holmqvist"), "SE", runtime=112, certification="15",
        original=("Sju färjor till Lund", "sv"), director="Ragna Söderlind",
    ),
    Film(
        104, "The Cartographer's Umbrella", date(2011, 10, 21),
        "The only map of a vanished valley is printed inside an umbrella, and it has begun to rain.",
        "Do not fold.", ("Adventure", "Mystery"), ("Noor Callender", "Jonas Pike", "Odette Mbeki"), runtime=118,
        certification="12A", keywords=("map", "valley", "rain"), votes=(6.9, 2310), trailer="umbr2011bbb",
    ),
    Film(
        105, "Midnight at the Button Factory", date(1998, 1, 30),
        "The night shift finds one button too many in every box, and somebody counting along.",
        "Count again.", ("Thriller",), ("Edda Marlowe", "Cormac Fell"), runtime=94, certification="15",
        collection=BUTTONS, votes=(7.5, 1890),
    ),
    Film(
        106, "Dawn at the Button Factory", date(2003, 2, 14),
        "Five years on the boxes are light, and the counting starts from the other end.",
        "One is missing.", ("Thriller",), ("Edda Marlowe", "Ruth Ansel"), runtime=99, certification="15",
        collection=BUTTONS, votes=(6.4, 1105),
    ),
    Film(
        107, "Moss", date(2019, 6, 7),
        "Nothing happens in a forest for eighty minutes. Then it does.",
        "It grows on you.", ("Documentary",), ("Ulla Tern",), "FI", runtime=83, certification="U", votes=(8.1, 402),
    ),
    Film(
        108, "1893", date(2016, 11, 18),
        "In the year of the great exhibition a glazier bets that he can pane the whole hall before the frost.",
        "A year is a window.", ("History", "Drama"), ("August Lamb", "Clemence Doyle"), runtime=131, votes=(7.0, 655),
    ),
    Film(
        109, "The Last Tram to Brindlemoor", date(1955, 8, 26),
        "Strangers on the last tram agree not to get off until somebody tells the truth.",
        "Hold tight, please.", ("Drama",), ("Vera Ashdown", "Clive Merriman"), runtime=79, certification="U",
        votes=(7.9, 733),
    ),
    Film(
        110, "The Last Tram to Brindlemoor", date(2020, 9, 18),
        "The line is to close, and its one passenger refuses to arrive.",
        "Mind the years.", ("Drama", "Mystery"), ("Isolde Grant", "Femi Adeyemi"), runtime=107, certification="12A",
        votes=(6.6, 990),
    ),
    Film(
        111, "The Stairwell Clock", date(1978, 10, 5),
        "A caretaker sets the clock in the stairwell back five minutes a day, and the tenants grow younger.", "",
        ("Fantasy",), ("Anneliese Korb", "Dieter Wachholz"), "DE", runtime=92,
        original=("Die Uhr im Treppenhaus", "de"), director="Margarete Thal", certification="12",
        translations={"de-DE": {"title": "", "tagline": "Fünf Minuten sind ein Leben.",
                                "overview": "Ein Hausmeister stellt die Uhr im Treppenhaus täglich zurück."}},
    ),
    Film(
        112, "The Postman and the Comet", date(2005, 4, 13),
        "Every seventy-six years somebody has to deliver the reply.",
        "Return to sender.", ("Comedy", "Science Fiction"), ("Bastien Lavoie", "Solène Marchetti"), "FR", runtime=97,
        original=("Le Facteur et la Comète", "fr"), director="Amandine Corbeau", votes=(7.6, 1530),
    ),
    Film(
        113, "Quiet, Please, the Orchids", date(1969, 7, 3),
        "A greenhouse, eleven suspects, and a witness that flowers once in a decade.",
        "They heard everything.", ("Crime", "Comedy"), ("Beatrix Lowell", "Rupert Sands"), runtime=103,
    ),
    Film(
        114, "Paper Boats Against the Wind", date(1992, 5, 22),
        "Children of a landlocked town build a navy.", "All hands on desk.", ("Family", "Adventure"),
        ("Tilly Marsh", "Desmond Achebe"), runtime=90, certification="U",
    ),
    Film(
        115, "Öland: A Winter", date(2014, 12, 26),
        "A birdwatcher and a man who sells binoculars wait for the same bird.", "",
        ("Drama",), ("Stellan Frid", "Ylva Norén"), "SE", runtime=109, original=("Öland – en vinter", "sv"),
    ),
    Film(
        116, "Salt & Sundries", date(2008, 3, 28),
        "A corner shop sells everything except what people come in for.", "Bell out of order.",
        ("Comedy",), ("Gwen Pascoe", "Idris Vaughan"), runtime=95,
    ),
    Film(
        117, "Who Feeds the Weathercock?", date(1983, 2, 11),
        "A village vote on the matter goes badly, then well, then north-north-west.", "",
        ("Comedy",), ("Barnaby Stoke", "Hetty Larkin"), runtime=86,
    ),
    Film(
        118, "Eleven Winters in a Suitcase", date(2022, 1, 14),
        "A retired porter opens the one case that nobody ever claimed.", "Nothing to declare.",
        ("Drama", "Mystery"), ("Magda Sorel", "Teodor Vance", "Lucian Abbot"), runtime=124, certification="12A",
        votes=(7.7, 2750), trailer="case2022ccc",
    ),
    Film(
        119, "The Night Librarian", date(2024, 10, 31),
        "After hours the books are returned by people who were never born.", "Silence is due back.",
        ("Horror", "Fantasy"), ("Perpetua Lane", "Silas Greaves"), runtime=104, certification="15", votes=(7.3, 3120),
    ),
    Film(
        120, "An Incomplete History of Soup", date(2017, 4, 1),
        "", "", ("Documentary",), (), runtime=71, certification="", pictures=False, votes=(0.0, 0),
    ),
    Film(
        121, "Brass Band, No Trumpets", None,
        "Announced, postponed, mislaid; said to be very loud.", "", ("Music",), (), runtime=0, certification="",
        pictures=False, votes=(0.0, 0),
    ),
)  # fmt: skip
