"""What statements are judged as, claim by claim, on a small table of figures; the models' own SQL, without dbt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raw_statements import Row, claim
from small_figures import FIGURES, F, L, T, figure

_TYPES = {"value": pa.decimal128(22, 4), "claimed_value": pa.decimal128(18, 4), "is_suppressed": pa.bool_()}
_TYPES |= {"is_signed": pa.bool_()} | dict.fromkeys(
    ("year", "value_year", "decimals", "claim_no", "base_year", "claimed_rank", "claimed_decimals", "row_no"),
    pa.int32(),
)
_CLAIM = (
    *("statement_id", "claim_no", "board_code", "year", "statement_text", "relation", "claimed_value"),
    *("claimed_decimals", "is_signed", "claimed_unit", "base_year", "claimed_rank", "figure_ids", "against_ids"),
    *("share_of_id", "not_held"),
)
Check = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def check(manifest: Any, dbt_compile: Callable[..., dict[str, str]]) -> Check:
    """Return what the models make of claims and figures, by statement."""
    queries = dbt_compile("fct_claim", "statement_check")

    def run(claims: Iterable[Row], figures: Iterable[Row] = FIGURES) -> dict[str, dict[str, Any]]:
        with duckdb.connect() as connection:
            connection.execute("attach ':memory:' as warehouse; use warehouse; set threads = 1")
            connection.execute("create schema staging; create schema core; create schema marts")
            _load(connection, "staging.stg_statement__claims", _CLAIM, claims)
            _load(connection, "marts.figure", tuple(FIGURES[0]), figures)
            for name, schema in (("fct_claim", "core"), ("statement_check", "marts")):
                connection.execute(f"create table {schema}.{name} as {queries[name]}")
            found = connection.execute("select * from marts.statement_check")
            names = [column[0] for column in found.description or []]
            return {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}

    return run


def _load(connection: duckdb.DuckDBPyConnection, name: str, columns: Iterable[str], rows: Iterable[Row]) -> None:
    schema = pa.schema([(column, _TYPES.get(column, pa.string())) for column in columns])
    connection.register("rows", pa.Table.from_pylist([{c: row.get(c) for c in schema.names} for row in rows], schema))
    connection.execute(f"create table {name} as select * from rows")
    connection.unregister("rows")


def equals(figure: str, value: str, unit: str, **more: Any) -> Row:
    return claim("S", "equals", value, unit, figure_ids=f"{T}/{figure}", **more)


def against(
    relation: str, figure: str, other: str, value: str | None = None, unit: str | None = None, **more: Any
) -> Row:
    return claim("S", relation, value, unit, figure_ids=f"{T}/{figure}", against_ids=f"{T}/{other}", **more)


CASES: dict[str, tuple[Row, str, str]] = {
    "as printed": (equals("revenue/outcome", "91,7", "mnkr"), "agrees", "revenue 2023: outcome är 91,7 mnkr."),
    "a size has no sign": (equals("personnel/outcome", "102,3", "mnkr"), "agrees", "är -102,3 mnkr."),
    "a sign is meant": (equals("personnel/outcome", "+102,3", "mnkr"), "disagrees", "Siffrorna säger annat"),
    "one decimal off": (equals("revenue/outcome", "91,8", "mnkr"), "disagrees", "är 91,7 mnkr"),
    "in tkr": (equals("result/outcome", "178", "tkr"), "agrees", ""),
    "truncated": (equals("result/outcome", "177", "tkr"), "disagrees", ""),
    "right digits, wrong unit": (equals("revenue/deviation", "-0,1", "tkr"), "unit_slip", "i mnkr, inte i tkr"),
    "mnkr for tkr": (equals("result/outcome", "178", "mnkr"), "unit_slip", "i tkr, inte i mnkr"),
    "the deviation as outcome": (
        equals("other/outcome", "2,8", "mnkr"),
        "wrong_figure",
        f"en annan siffras: other 2023: deviation är -2,8 mnkr ({T}/other/deviation)",
    ),
    "the deviation of another line": (equals("other/deviation", "-3,3", "mnkr"), "wrong_figure", "services/deviation"),
    "last year's": (equals("revenue/outcome", "77,0", "mnkr"), "wrong_year", "revenue 2022: outcome är 77,0 mnkr"),
    "a unit that does not fit": (equals("revenue/outcome", "5,0", "%"), "not_computable", "Enheten % passar inte"),
    "per cent for mnkr": (equals("revenue/outcome", "91,7", "%"), "unit_slip", "i mnkr, inte i %"),
    "a cost has increased": (
        against("increased", "personnel/outcome", "personnel/prior_outcome", "13,4", "mnkr", base_year=2022),
        "agrees",
        "skillnaden är 13,4 mnkr",
    ),
    "a cost has not decreased": (
        against("decreased", "personnel/outcome", "personnel/prior_outcome"),
        "disagrees",
        "personnel 2023: outcome är -102,3 mnkr; personnel 2023: prior_outcome är -88,9 mnkr",
    ),
    "the wrong base year": (
        against("increased", "personnel/outcome", "personnel/prior_outcome", "13,4", "mnkr", base_year=2024),
        "wrong_year",
        "Jämförelsen är med 2022, inte 2024; mot 2022 stämmer den.",
    ),
    "less than": (against("less", "personnel/outcome", "personnel/budget", "7,4", "mnkr"), "agrees", ""),
    "greater than a value": (
        claim("S", "greater", "91", "mnkr", figure_ids=f"{T}/revenue/outcome;{T}/grant/outcome"),
        "agrees",
        "",
    ),
    "not greater than a value": (
        claim("S", "greater", "100", "mnkr", figure_ids=f"{T}/revenue/outcome;{T}/grant/outcome"),
        "disagrees",
        "",
    ),
    "a share": (
        equals("result/outcome", "0,16", "%", share_of_id=f"{T}/grant/outcome"),
        "agrees",
        "result 2023: outcome, som andel av grant 2023: outcome, är 0,16 %.",
    ),
    "the same as": (against("equals", "revenue/outcome", "revenue/outcome"), "agrees", ""),
    "not the same as": (against("equals", "revenue/outcome", "grant/outcome"), "disagrees", ""),
    "a sum": (
        claim("S", "sum", "19,6", "mnkr", figure_ids=f"{T}/revenue/outcome;{T}/personnel/outcome;{T}/grant/outcome"),
        "disagrees",
        "Summan är 98,4 mnkr",
    ),
    "a count of a column": (claim("S", "count", "3", "antal", figure_ids=f"{F}/*/relative_error"), "agrees", ""),
    "a count of nothing": (claim("S", "count", "0", "antal", figure_ids=f"{F}/*/accuracy"), "agrees", "är 0."),
    "how many reach": (
        claim(
            "S",
            "count",
            "1",
            "antal",
            figure_ids=f"{T}/revenue/outcome;{T}/personnel/outcome",
            against_ids=f"{T}/revenue/budget;{T}/personnel/budget",
        ),
        "agrees",
        "",
    ),
    "one of the two largest": (
        claim(
            "S", "largest", figure_ids=f"{F}/rent/relative_error", against_ids=f"{F}/*/relative_error", claimed_rank=2
        ),
        "agrees",
        "har plats 2 av 3",
    ),
    "not the largest": (
        claim("S", "largest", figure_ids=f"{F}/rent/relative_error", against_ids=f"{F}/*/relative_error"),
        "disagrees",
        "har plats 2 av 3",
    ),
    "the largest of those that are shown": (
        claim("S", "largest", figure_ids=f"{L}/IT/sick_leave", against_ids=f"{L}/*/sick_leave"),
        "not_computable",
        "1 av 3 jämförda siffror visas inte",
    ),
    "larger is shown, whatever is not": (
        claim("S", "largest", figure_ids=f"{L}/HR/sick_leave", against_ids=f"{L}/*/sick_leave"),
        "disagrees",
        "har plats 2 av 3",
    ),
    "withheld": (
        claim("S", "equals", "1,0", "%", figure_ids=f"{L}/small/sick_leave"),
        "not_computable",
        "small 2023: sick_leave visas inte: gruppen är för liten",
    ),
    "an unknown figure": (
        equals("lunch/outcome", "1", "kr"),
        "not_computable",
        f"Siffran {T}/lunch/outcome finns inte",
    ),
    "not held": (claim("S", None, not_held="Genomsnittet finns inte."), "not_computable", "Genomsnittet finns inte."),
    "kronor and per cent": (
        claim("S", "greater", figure_ids=f"{T}/result/outcome", against_ids=f"{L}/IT/sick_leave"),
        "not_computable",
        "olika enheter",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_claim_is_judged_by_figures_alone(check: Check, name: str) -> None:
    row, verdict, says = CASES[name]
    found = check([row])["S"]
    assert found["verdict"] == verdict, found["explanation"]
    assert says in found["explanation"]


def test_every_verdict_is_seen(check: Check) -> None:
    seen = {verdict for _, verdict, _ in CASES.values()}
    contradicting = _best_forecasts()
    seen |= {row["verdict"] for row in check(contradicting).values()}
    assert seen == {
        *("agrees", "disagrees", "unit_slip", "wrong_figure", "wrong_year", "contradiction", "not_computable")
    }


def _best_forecasts(of: tuple[str, ...] = ("personnel", "services")) -> list[Row]:
    lines = ("personnel", "services", "rent")
    return [
        claim(
            line,
            "smallest",
            figure_ids=f"{F}/{line}/relative_error",
            against_ids=";".join(f"{F}/{other}/relative_error" for other in lines if other != line),
        )
        for line in of
    ]


def test_two_statements_that_exclude_each_other_are_told_which_the_figures_support(check: Check) -> None:
    found = check(_best_forecasts())
    assert {row["verdict"] for row in found.values()} == {"contradiction"}
    assert "Påståendet och services utesluter varandra. Siffrorna stöder det här:" in found["personnel"]["explanation"]
    assert "Siffrorna stöder inte det här: services" in found["services"]["explanation"]
    alone = check(_best_forecasts(("services",)))
    assert alone["services"]["verdict"] == "disagrees"


def test_up_and_down_exclude_each_other(check: Check) -> None:
    up = against("increased", "revenue/outcome", "revenue/prior_outcome") | {"statement_id": "U"}
    down = against("decreased", "revenue/outcome", "revenue/prior_outcome") | {"statement_id": "D"}
    assert {row["verdict"] for row in check([up, down]).values()} == {"contradiction"}
    assert {name: row["verdict"] for name, row in check([up, up | {"statement_id": "V"}]).items()} == {
        "U": "agrees",
        "V": "agrees",
    }


def test_a_statement_is_as_its_worst_claim(check: Check) -> None:
    right, wrong = equals("revenue/outcome", "91,7", "mnkr"), equals("revenue/outcome", "93,1", "mnkr")
    needs = claim("S", None, not_held="Det saknas.")
    numbered = [{**row, "claim_no": number} for number, row in enumerate((right, needs, wrong), start=1)]
    found = check(numbered)["S"]
    assert (found["verdict"], found["claims"]) == ("disagrees", 3)
    assert found["explanation"].startswith("Led 3 av 3: Siffrorna säger annat")
    assert check(numbered[:2])["S"]["explanation"] == "Led 2 av 2: Det saknas."
    assert check([right, right | {"claim_no": 2}])["S"]["explanation"].startswith("Alla 2 led stämmer. ")


def test_an_unknown_figure_is_named_in_a_column(check: Check) -> None:
    assert check([CASES["an unknown figure"][0]])["S"]["unknown_figures"] == f"{T}/lunch/outcome"
    assert check([CASES["as printed"][0]])["S"]["unknown_figures"] is None


FACTORS = {"kr": 1, "tkr": 1_000, "mnkr": 1_000_000}


def _printed(value: Decimal, unit: str, decimals: int, *, sign: bool) -> str:
    rounded = (value / FACTORS[unit]).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded:+f}" if sign else f"{abs(rounded):f}"


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_the_amounts_what_is_printed_right_agrees_and_a_slip_of_unit_is_seen(check: Check, data: Any) -> None:
    amounts = data.draw(st.lists(st.integers(-(10**11), 10**11), min_size=4, max_size=12))
    figures, claims, expected = [], [], {}
    for number, ore in enumerate(amounts):
        value = Decimal(ore).scaleb(-2)
        # Each in a table of its own: nothing else's number can be meant.
        figures.append(figure(f"budget_outcome/{number}/2023/line", "outcome", str(value), "kr"))
        unit, decimals = data.draw(st.sampled_from([("kr", 2), ("tkr", 0), ("tkr", 1), ("mnkr", 1), ("mnkr", 3)]))
        text = _printed(value, unit, decimals, sign=data.draw(st.booleans()))
        slip = data.draw(st.sampled_from([each for each in FACTORS if each != unit]))
        printed = claim(f"{number} right", "equals", text, unit, figure_ids=figures[-1]["figure_id"])
        claims += [printed, printed | {"statement_id": f"{number} slip", "claimed_unit": slip}]
        step = Decimal(1).scaleb(-decimals)
        claims.append(printed | {"statement_id": f"{number} off", "claimed_value": Decimal(text) + step * _away(text)})
        expected[f"{number} right"] = "agrees"
        if Decimal(text):
            expected[f"{number} slip"] = "unit_slip"
    found = check(claims, figures)
    assert {name: found[name]["verdict"] for name in expected} == expected
    assert "agrees" not in {row["verdict"] for name, row in found.items() if name.endswith("off")}


def _away(text: str) -> int:
    return -1 if text.startswith("-") else 1
