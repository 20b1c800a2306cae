"""The forms of words that names are searched by when a hand slipped.

A word has a form for each letter left out of it, and itself: two words that are one slip apart
share one. Forms are only ever added: a word that no client has any more finds nobody.
"""

from collections.abc import Collection
from typing import Any

from application.views.register import deletions
from infrastructure.view_sql import Driver

LONGEST = 40
"""Letters of the longest word that has forms; a longer one is found as it is."""


class WordForms:
    """The table of the forms of all words of a generation of the register."""

    def __init__(self, name: str, driver: Driver) -> None:
        self.name, self._driver = name, driver
        self._known = f"SELECT word FROM {name} WHERE form {driver.among('words')} AND word = form"
        self._add = (
            f"INSERT INTO {name} (form, word) VALUES (?, ?) ON CONFLICT DO NOTHING"
            if driver.is_sqlite
            else f"INSERT INTO {name} (form, word) SELECT * FROM "
            "unnest(%(forms)s::text[], %(words)s::text[]) ON CONFLICT DO NOTHING"
        )

    def create(self, cursor: Any) -> None:
        """Make the table, empty."""
        text = "TEXT NOT NULL" if self._driver.is_sqlite else 'TEXT COLLATE "C" NOT NULL'
        cursor.execute(
            f"CREATE TABLE {self.name} (form {text}, word {text}, PRIMARY KEY (form, word))"
        )

    def drop(self, cursor: Any) -> None:
        """Drop the table if it is there."""
        cursor.execute(f"DROP TABLE IF EXISTS {self.name}")

    def forget(self, cursor: Any, names: str) -> None:
        """Forget the forms of words that are not in the table of names; under the log's lock."""
        cursor.execute(
            f"DELETE FROM {self.name} WHERE NOT EXISTS "
            f"(SELECT 1 FROM {names} AS n WHERE n.word = {self.name}.word)"
        )

    def add(self, cursor: Any, words: Collection[str]) -> None:
        """Add the forms of the words that are not known yet."""
        words = {word for word in words if len(word) <= LONGEST}
        cursor.execute(self._known, {"words": self._driver.texts(words)})
        new = words.difference(word for (word,) in cursor.fetchall())
        pairs = [(form, word) for word in sorted(new) for form in sorted(deletions(word))]
        if not pairs:
            return
        if self._driver.is_sqlite:
            cursor.executemany(self._add, pairs)
        else:
            forms, of = zip(*pairs, strict=True)
            cursor.execute(self._add, {"forms": list(forms), "words": list(of)})
