"""Names for fictitious people and places. Any likeness to a real person is by chance."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Names(NamedTuple):
    """Common names of a country, and the language (ISO 639-1) that most speak there."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    language: str


_FINNISH = Names(
    (
        *("Aino", "Anni", "Eeva", "Elina", "Emilia", "Hanna", "Helmi", "Iida", "Johanna", "Kaisa"),
        *("Katri", "Laura", "Leena", "Maija", "Mari", "Noora", "Outi", "Päivi", "Riikka", "Sanna"),
        *("Sari", "Tiina", "Tuuli", "Veera"),
    ),
    (
        *("Aleksi", "Antti", "Arto", "Eero", "Eetu", "Hannu", "Heikki", "Ilkka", "Janne", "Joona"),
        *("Juha", "Kalle", "Lauri", "Markku", "Matti", "Mikko", "Niko", "Olli", "Pekka", "Sami"),
        *("Teemu", "Timo", "Tuomas", "Ville"),
    ),
    (
        *("Aaltonen", "Hakala", "Heikkinen", "Hämäläinen", "Järvinen", "Karjalainen", "Kinnunen"),
        *("Korhonen", "Koskinen", "Laine", "Laitinen", "Lehtonen", "Mattila", "Mäkelä", "Nieminen"),
        *(
            "Niskanen",
            "Ojala",
            "Pitkänen",
            "Rantanen",
            "Räsänen",
            "Salminen",
            "Tuominen",
            "Turunen",
        ),
        *("Virtanen",),
    ),
    "fi",
)
_ITALIAN = Names(
    (
        *("Alessandra", "Anna", "Beatrice", "Chiara", "Cristina", "Elena", "Elisa", "Federica"),
        *(
            "Francesca",
            "Giulia",
            "Ilaria",
            "Laura",
            "Lucia",
            "Marta",
            "Martina",
            "Paola",
            "Roberta",
        ),
        *("Sara", "Silvia", "Valentina"),
    ),
    (
        *("Alberto", "Alessandro", "Andrea", "Antonio", "Davide", "Enrico", "Fabio", "Federico"),
        *(
            "Francesco",
            "Giorgio",
            "Giovanni",
            "Lorenzo",
            "Luca",
            "Marco",
            "Matteo",
            "Mauro",
            "Paolo",
        ),
        *("Roberto", "Simone", "Stefano"),
    ),
    (
        *("Barbieri", "Bianchi", "Bruno", "Caruso", "Conti", "Costa", "De Luca", "Esposito"),
        *("Ferrari", "Fontana", "Gallo", "Greco", "Lombardi", "Mancini", "Marino", "Moretti"),
        *("Ricci", "Rinaldi", "Romano", "Rossi", "Russo", "Serra", "Vitale", "Zanetti"),
    ),
    "it",
)
NAMES: Mapping[str, Names] = MappingProxyType({"FI": _FINNISH, "IT": _ITALIAN})
"""By country (ISO 3166-1 alpha-2)."""

OTHER_LANGUAGES = ("en", "ar", "ru", "so", "es", "sq", "uk")

EMPLOYERS = (
    *("bakery", "sawmill", "hotel", "cleaning-firm", "care-home", "warehouse", "garage", "shop"),
    *("restaurant", "software-house", "building-firm", "nursery", "workshop", "kindergarten"),
)
"""Kinds of employers: with a number behind it, each is a made-up one."""
