"""Working days of the countries that programmes run in.

Saturdays, Sundays and public holidays are no working days. Finland's Midsummer Eve and Christmas
Eve count as holidays, as they do for public offices there; Italy's patron saints of towns do not.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache

from holidays import country_holidays

from domain.calendar import IsWorkingDay

COUNTRIES = ("FI", "IT")
"""ISO 3166-1 codes of the countries whose working days are known."""

_SATURDAY = 5


@cache  # so that what is reckoned by it can be remembered
def working_days_of(country: str) -> IsWorkingDay:
    """Return what says whether a day is a working day in the country.

    Raises ValueError for a country that is not in `COUNTRIES`.
    """
    if country not in COUNTRIES:
        known = ", ".join(COUNTRIES)
        raise ValueError(f"the working days of {country!r} are not known; there are: {known}")

    def is_working_day(day: date) -> bool:
        return day.weekday() < _SATURDAY and day not in _holidays(country, day.year)

    return is_working_day


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(country_holidays(country, years=year, expand=False))


def read_holidays(years: Iterable[int]) -> None:
    """Read the holidays of some years, so that nobody who asks has to wait for them."""
    for country in COUNTRIES:
        for year in years:
            _holidays(country, year)
