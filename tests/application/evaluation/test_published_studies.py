"""Studies of others, brought in by their mappings, and evaluated: the figures that they published.

The commands are asked, on a log of their own; what is expected is computed from the studies' own
files, by an independent library or by hand.
"""

import contextlib
import csv
import io
import json
from collections import Counter
from collections.abc import Collection
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight

from interfaces.cli import main
from tests.application.evaluation.published import nsw_mixtape, unempdur
from tests.databases import Files

FULL, PART, OTHER = (
    f"employment-period-recorded:{kind}" for kind in ("full-time", "part-time", "not-known")
)


class Study:
    """A study in a database of its own, and what is asked of it."""

    def __init__(self, url: str) -> None:
        self._url = url

    def said(self, *arguments: str) -> Any:
        out = io.StringIO()
        with pytest.MonkeyPatch.context() as environment, contextlib.redirect_stdout(out):
            environment.setenv("POLKU_DATABASE_URL", self._url)
            assert main([*arguments, "--json"]) == 0
        return json.loads(out.getvalue())

    def asked(self, *arguments: str) -> Any:
        return self.said("evaluate", *arguments)


def brought(files: Files, folder: Path, mapping: str, content: str) -> Study:
    study = Study(files.copy(folder / "study.db"))
    (folder / "study.csv").write_text(content, "utf-8")
    assert study.said("import", mapping, str(folder / "study.csv"))["refused"] == 0
    return study


@pytest.fixture(scope="module")
def spells_brought(sqlite_files: Files, tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("unempdur")
    return brought(sqlite_files, folder, "unempdur", unempdur())


@pytest.fixture(scope="module")
def experiment(sqlite_files: Files, tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("experiment")
    return brought(sqlite_files, folder, "training-experiment", nsw_mixtape())


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def ending(row: dict[str, str]) -> int:
    """1: full-time work, 2: part-time, 3: work of one kind or the other, 0: not seen to its end."""
    return next((n for n in (1, 2, 3) if row[f"censor{n}"] == "1"), 0)


def test_the_spells_of_unemployment(spells_brought: Study) -> None:
    study = spells_brought
    spells = [(int(row["spell"]), ending(row)) for row in rows(unempdur())]
    asked = ("survival", "--programme", "unempdur", "--from", "referral-accepted")
    options = ("--closing-ends", "--threshold", "0")

    # Any way out against Kaplan-Meier of lifelines, and by hand for the first three intervals.
    ends = ("--until", FULL, "--competing", PART, "--competing", OTHER)
    (found,) = study.asked(*asked, *ends, *options)["groups"]
    assert found["stays"] == len(spells) == 3343
    assert found["ended"] == {FULL: 1073, PART: 339, OTHER: 574}
    assert found["censored"] == 1255 + 102
    theirs = KaplanMeierFitter().fit([x for x, _ in spells], [bool(end) for _, end in spells])
    shares, limits = theirs.survival_function_["KM_estimate"], theirs.confidence_interval_
    assert len(found["curve"]) == 28
    for row in found["curve"]:
        interval = row["days"] / 14
        assert row["share"] == pytest.approx(shares.loc[interval])
        assert [row["low"], row["high"]] == pytest.approx(list(limits.loc[interval]))
    assert found["median"]["days"] == theirs.median_survival_time_ * 14
    counts = Counter(spells)
    at_risk, free = 3343, Fraction(1)
    by_hand = Counter({1: Fraction(0), 2: Fraction(0), 3: Fraction(0)})
    for interval in (1, 2, 3):
        left = sum(counts[interval, end] for end in (1, 2, 3))
        for end in (1, 2, 3):
            by_hand[end] += free * Fraction(counts[interval, end], at_risk)
        free *= 1 - Fraction(left, at_risk)
        at_risk -= left + counts[interval, 0]
    assert found["curve"][2]["share"] == pytest.approx(float(free))
    for number, end in enumerate((FULL, PART, OTHER), 1):
        third = found["incidence"][end][2]
        assert third["days"] == 42
        assert third["share"] == pytest.approx(float(by_hand[number]))

    # Competing risks, all ties taken together, as statsmodels has them.
    days, ended = (np.array(x) for x in zip(*spells, strict=True))
    exact = CumIncidenceRight(days, ended)
    for end, shares in zip((FULL, PART, OTHER), exact.cinc, strict=True):
        at = dict(zip(exact.times, shares, strict=True))
        assert all(x["share"] == pytest.approx(at[x["days"] / 14]) for x in found["incidence"][end])

    # lifelines moves ties apart by chance, and then says up to three points too much.
    fitter = AalenJohansenFitter(calculate_variance=False, seed=1)
    with pytest.warns(Warning, match="Tied"):
        fitter.fit(days, ended, event_of_interest=1)
    last = found["incidence"][FULL][-1]["share"]
    assert last == pytest.approx(fitter.cumulative_density_.iloc[-1].iloc[0], abs=0.04)


def test_the_full_time_jobs_alone(spells_brought: Study) -> None:
    """As a rate of its own: whoever found other work is censored then."""
    asked = ("survival", "--programme", "unempdur", "--from", "referral-accepted", "--until", FULL)
    (found,) = spells_brought.asked(*asked, "--closing-ends", "--threshold", "0")["groups"]
    spells = [(int(row["spell"]), ending(row) == 1) for row in rows(unempdur())]
    theirs = KaplanMeierFitter().fit(*zip(*spells, strict=True))
    for row in found["curve"]:
        share = theirs.survival_function_["KM_estimate"].loc[row["days"] / 14]
        assert row["share"] == pytest.approx(share)


def test_the_training_experiment(experiment: Study) -> None:
    """1,794 dollars: R. Dehejia and S. Wahba, J. Am. Stat. Assoc. 94 (1999), 1053-1062."""
    study = experiment
    people = rows(nsw_mixtape())
    earned = {
        treat: [float(row["re78"]) for row in people if row["treat"] == treat] for treat in "10"
    }
    asked = ("compare", "--programme", "training-experiment", "--treated", "service-started")
    found = study.asked(*asked, "--outcome", "answer:earnings-1978")
    assert [side["known"] for side in found["sides"]] == [185, 260]
    assert [round(side["estimate"]["value"]) for side in found["sides"]] == [6349, 4555]
    assert round(found["difference"]["value"]) == 1794
    theirs = stats.ttest_ind(earned["1"], earned["0"], equal_var=False).confidence_interval()
    limits = [found["difference"][name] for name in ("low", "high")]
    assert limits == pytest.approx([theirs.low, theirs.high])
    assert limits[0] > 0
    assert any("drawn by lot" in caution for caution in found["cautions"])

    # Before the training nothing differed, as nothing should where a lot was drawn.
    before = study.asked(*asked, "--outcome", "answer:earnings-1975")["difference"]
    assert before["low"] < 0 < before["high"]
    change = study.asked(*asked, "--outcome", "change:earnings-1975..earnings-1978")
    assert change["difference"]["value"] == pytest.approx(
        found["difference"]["value"] - before["value"]
    )

    # Evened out by age and education, it stays what it is.
    alike = ("--standardise", "age", "--standardise", "education", "--standardise", "unemployment")
    plain = study.asked(*asked, "--outcome", "answer:earnings-1978", *alike[:4], "--threshold", "0")
    standard = plain["standardised"]
    weights = {tuple(s["categories"]): s["weight"] for s in standard["strata"] if s["weight"]}
    assert sum(weights.values()) == pytest.approx(1)
    assert standard["difference"]["value"] == pytest.approx(by_hand(people), rel=1e-6)
    assert any(s["left_out"] for s in standard["strata"])
    assert 1000 < standard["difference"]["value"] < 2500
    assert standard["difference"]["low"] < 1794 < standard["difference"]["high"]
    withheld = study.asked(*asked, "--outcome", "answer:earnings-1978", *alike[:4])["standardised"]
    small = [s for s in withheld["strata"] if s["left_out"] == "withheld: too few"]
    assert small
    # Those of strata withheld are one stratum; how many were left out must not be told, either.
    assert withheld["compared"] is None
    together = {tuple(s["categories"]) for s in small}
    by_shown = by_hand(people, together)
    assert withheld["difference"]["value"] == pytest.approx(by_shown, rel=1e-6)
    assert by_shown == pytest.approx(standard["difference"]["value"], rel=0.1)
    assert all(s["counts"] is None and s["weight"] is None for s in small)

    # Nobody's length of unemployment is in the file: then nothing can be evened out by it.
    unknown = study.asked(*asked, "--outcome", "answer:earnings-1978", *alike)["standardised"]
    assert unknown["difference"] is None
    assert {s["left_out"] for s in unknown["strata"]} <= {"not known", "withheld: too few"}


AGES = ("under 18", "18 to 29", "30 to 54", "55 and over")
LEVELS = ("ISCED 0-2", "ISCED 3-4", "ISCED 5-8")


def by_hand(
    people: list[dict[str, str]], together: Collection[tuple[str, ...]] = frozenset()
) -> float:
    """The difference of earnings, standardised by age and education, in a few lines.

    The strata `together` are one.
    """
    strata: dict[tuple[str, ...], dict[str, list[float]]] = {}
    for row in people:
        age, school = int(row["age"]), int(row["educ"])
        key = AGES[sum(age >= x for x in (18, 30, 55))], LEVELS[sum(school >= x for x in (12, 16))]
        strata.setdefault(() if key in together else key, {"1": [], "0": []})[row["treat"]].append(
            float(row["re78"])
        )
    both = [two for two in strata.values() if min(len(two["1"]), len(two["0"])) > 1]
    every = sum(len(values) for two in both for values in two.values())
    return sum(
        (sum(two["1"]) / len(two["1"]) - sum(two["0"]) / len(two["0"]))
        * (len(two["1"]) + len(two["0"]))
        / every
        for two in both
    )
