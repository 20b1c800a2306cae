"""What Polku stands on or was given cannot be used, in a sentence for whoever can mend it."""

from __future__ import annotations


class Unusable(Exception):
    """What Polku stands on cannot be used: a setting, the database. The message says what to do."""


class BadSetting(Unusable):
    """A setting has a value that Polku cannot use. The message names the variable."""


class UnusableInput(Exception):
    """A file or value that was given cannot be used. The message names it."""


class NoDatabase(Unusable):
    """There is no database yet, or one without tables."""
