"""A report as a script would make it: pandas over the table of events, in one process.

    python -m tests.performance.plain_report URL PROGRAMME

Three indicators of Duunipolku by organisation and gender, of all that was ever recorded: what was
corrected or retracted still counts, there is no other day or instant, and small groups are shown.
"""

import json
import sys

import pandas as pd
from sqlalchemy import create_engine, text

EVENTS = text(
    "SELECT stream, name, occurred_on, body FROM events WHERE name IN "
    "('client-registered', 'referral-made', 'referral-accepted', 'journey-closed')"
)
FOLLOW_UP = ("employment", "self-employment", "education-or-training", "other-measure")


def journeys(url: str, programme: str) -> pd.DataFrame:
    """Return a row for each journey of the programme whose referral was accepted."""
    engine = create_engine(url)
    with engine.connect() as connection:
        events = pd.read_sql(EVENTS, connection)
    engine.dispose()

    def told(name: str) -> pd.DataFrame:
        mine = events[events["name"] == name]
        bodies = pd.DataFrame([json.loads(body) for body in mine["body"]], index=mine["stream"])
        return bodies.assign(on=pd.to_datetime(mine["occurred_on"]).to_numpy())

    clients, referred, closed = (
        told(name) for name in ("client-registered", "referral-made", "journey-closed")
    )
    accepted = told("referral-accepted")["on"].rename("accepted_on")
    clients.index = clients.index.str.removeprefix("client:")
    found = referred[referred["programme"] == programme].join(accepted, how="inner")
    found = found.join(clients[["gender", "birth_year"]], on="client")
    return found.join(closed.reindex(columns=["destination"]))


def report(url: str, programme: str) -> dict[str, float]:
    """Return each figure by its name and group."""
    rows = journeys(url, programme)
    rows["young"] = rows["accepted_on"].dt.year - rows["birth_year"] < 30
    ended = rows[rows["destination"].notna() & (rows["destination"] != "unknown")]
    ended = ended.assign(followed=ended["destination"].isin(FOLLOW_UP))
    figures = {"clients": float(rows["client"].nunique())}
    for by in ("to_organisation", "gender"):
        for name, found in (
            ("clients", rows.groupby(by)["client"].nunique()),
            ("under-30", rows.groupby(by)["young"].mean()),
            ("follow-up-path", ended.groupby(by)["followed"].mean()),
        ):
            figures |= {f"{name} {group}": float(value) for group, value in found.items()}
    return figures


if __name__ == "__main__":
    print(json.dumps(report(*sys.argv[1:]), indent=1))
