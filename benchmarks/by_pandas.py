"""The mart ``budget_outcome`` by a straightforward pandas script: ``python -m benchmarks.by_pandas INBOX``.

Belongs here: what one would write for these very files in an afternoon, to be measured beside the night. Not here: what
the night does besides: exact amounts, checks, quarantine, history, any file written otherwise than the example's.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from benchmarks.watched import ANSWER, STEP

SEEDS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds"
KEYS = ["board_code", "segment_code", "fiscal_year", "line_code"]
AMOUNTS = ["budget_sek", "outcome_sek", "deviation_sek", "prior_outcome_sek", "change_sek"]
_TRANS = re.compile(r'\s*#TRANS (\d+) \{(?:1 "(\d+)")?[^}]*\} (-?[\d.]+)')
_GRANT = {"8291": "municipal_grant"}
_SEGMENTS = {"ordinarie": "ordinary", "exploatering": "development"}


def read_postings(file: Path) -> pd.DataFrame:
    """Return account, unit_code, amount and date (the voucher's) of every #TRANS."""
    rows: list[tuple[str, str | None, float, str]] = []
    day = ""
    with file.open(encoding="cp437") as lines:
        for line in lines:
            if line.startswith("#VER"):
                day = line.split(maxsplit=4)[3]
            elif found := _TRANS.match(line):
                account, unit, amount = found.groups()
                rows.append((account, unit, float(amount), day))
    postings = pd.DataFrame(rows, columns=["account", "unit_code", "amount", "date"])
    postings["date"] = pd.to_datetime(postings["date"], format="%Y%m%d")
    return postings


def read_budgets(inbox: Path) -> pd.DataFrame:
    """Return account, unit_code, amount and date (first of the year) of every budget line."""
    tables = [pd.read_csv(file, sep=";", decimal=",", dtype=str) for file in inbox.glob("budget_*.csv")]
    tables += [pd.read_excel(file, header=3, dtype=str, engine="calamine") for file in inbox.glob("budget_*.xlsx")]
    budget = pd.concat(tables)
    year = budget["År"].astype(float).astype(int)
    # The revised version where there is one, else the original.
    revised = budget["Version"].eq("Reviderad")
    budget = budget[revised | ~revised.groupby(year).transform("any")]
    return pd.DataFrame(
        {
            "account": budget["Konto"],
            "unit_code": budget["Ansvar"],
            "amount": budget["Belopp"].str.replace(",", ".").astype(float),
            "date": pd.to_datetime(budget["År"].astype(float).astype(int).astype(str)),
        }
    )


def by_line(rows: pd.DataFrame, inbox: Path) -> pd.Series:
    """Return the sum per board, segment, year and base line, income plus."""
    units = pd.read_csv(inbox / "organisation.csv", sep=";", dtype=str)
    units = units.rename(columns={"Ansvar": "unit_code", "Nämnd": "board_code"})
    units["from"] = pd.to_datetime(units["Giltig från"])
    units["to"] = pd.to_datetime(units["Giltig till"]).fillna(pd.Timestamp("2100-01-01"))
    units["segment_code"] = units["Segment"].map(_SEGMENTS)
    prefixes = pd.read_csv(SEEDS / "statement_line_map.csv", dtype=str).set_index("account_prefix")["line_code"]
    lines = {account: _line(account, dict(prefixes)) for account in rows["account"].unique()}
    rows = rows.assign(line_code=rows["account"].map(lines), fiscal_year=rows["date"].dt.year)
    rows = rows.dropna(subset=["line_code"])
    owned = rows.merge(units[["unit_code", "board_code", "segment_code", "from", "to"]], on="unit_code")
    owned = owned[owned["date"].between(owned["from"], owned["to"])]
    return -owned.groupby(KEYS)["amount"].sum()


def _line(account: str, prefixes: dict[str, str]) -> str | None:
    found = (prefixes[account[:length]] for length in range(len(account), 0, -1) if account[:length] in prefixes)
    return _GRANT.get(account) or next(found, None)


def budget_outcome(inbox: Path) -> pd.DataFrame:
    """Return one row per board, segment, year and line of the statement, as the mart has them."""
    print(f"{STEP}läser huvudboken", flush=True)
    postings = pd.concat([read_postings(file) for file in sorted(inbox.glob("*.se"))])
    print(f"{STEP}summerar", flush=True)
    outcome = by_line(postings, inbox).rename("outcome_sek")
    budget = by_line(read_budgets(inbox), inbox).rename("budget_sek")
    groups = {key[:3] for key in (*outcome.index, *budget.index)}
    parts = pd.read_csv(SEEDS / "statement_line_component.csv").groupby("line_code")["component_code"].agg(list)
    years = sorted({year for _, _, year in groups})
    rows = list(_rows(sorted(groups), dict(parts), dict(budget), dict(outcome), years))
    return pd.DataFrame(rows, columns=[*KEYS, *AMOUNTS])


def _rows(
    groups: list[tuple[str, str, int]],
    parts: dict[str, list[str]],
    budget: dict[tuple[str, str, int, str], float],
    outcome: dict[tuple[str, str, int, str], float],
    years: list[int],
) -> Iterator[tuple[object, ...]]:
    for board, segment, year in groups:
        for line, components in parts.items():
            planned, came, before = (
                sum(amounts.get((board, segment, of_year, part), 0.0) for part in components)
                for amounts, of_year in ((budget, year), (outcome, year), (outcome, year - 1))
            )
            prior = before if year - 1 in years else None
            change = None if prior is None else came - prior
            yield board, segment, year, line, planned, came, came - planned, prior, change


if __name__ == "__main__":
    print(ANSWER + budget_outcome(Path(sys.argv[1])).round(2).to_json(orient="values"), flush=True)
