"""Gathers every message that Polku says into locale/*.po, for `make messages`.

    python -m infrastructure.messages

A message is what the code gives to `said`, `say` and their like (`KEYWORDS`), or a coded value of
`application.vocabulary`. What is new comes without a translation, what is said no more goes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from application.vocabulary import coded_messages
from infrastructure.translations import LANGUAGES, LOCALE, catalogue

KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "said", "say", "_bound")),
    **dict.fromkeys(("ngettext", "counted"), (1, 2)),
    "clause": (2,),
    "pgettext": ((1, "c"), 2),
}
"""Functions that take a message, and which of their arguments it is."""

_HEADER = """# What Polku says; `make messages` brings it up to the code.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

ROOMS = ("domain", "application", "infrastructure", "interfaces")
_ROOT = Path(__file__).parent.parent


def messages() -> Catalog:
    """Return every message of the code and of the vocabulary, without translations."""
    found = Catalog(project="Polku", charset="utf-8", fuzzy=False)
    for place, message in _in_code():
        found.add(message, locations=[(place, 0)])
    for wording in coded_messages():
        found.add(wording.template, context=wording.context)
    return found


def update(language: str, file: Path, said_now: Catalog) -> int:
    """Write a language's file as what is said now asks; return how many messages wait for words."""
    known = catalogue(language)
    known.update(said_now, no_fuzzy_matching=True)
    known.obsolete.clear()
    with file.open("wb") as stream:
        stream.write(_HEADER.format(language=language).encode())
        write_po(stream, known, width=96, omit_header=True, include_lineno=False)
    return len(untranslated(known))


def untranslated(known: Catalog) -> list[str]:
    """Return the messages of a catalogue that have no words in its language, or not every form."""
    return [
        str(message.id)
        for message in known
        if message.id
        and not all(message.string if isinstance(message.string, tuple) else (message.string,))
    ]


def _in_code() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for room in ROOMS:
        for file, _, message, _, _ in extract_from_dir(_ROOT / room, keywords=KEYWORDS):
            if file.endswith(".py") and message:
                yield f"{room}/{file}", message


if __name__ == "__main__":
    every = messages()
    for one in LANGUAGES[1:]:
        waiting = update(one, LOCALE / f"{one}.po", every)
        sys.stdout.write(f"{one}: {waiting} messages to translate\n")
