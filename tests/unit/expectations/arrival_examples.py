"""One good delivery of each source, and for every rule a change that breaks it.

Belongs here: examples as data. Not here: what is asserted about them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from expectations.arrival import ArrivalContext, ArrivalVerdict, check_arrival
from sources.budget.schema import SCHEMAS as BUDGET
from sources.followup.goals.schema import SCHEMAS as GOAL
from sources.followup.registers.schema import SCHEMAS as FOLLOWUP
from sources.forecast.schema import SCHEMAS as FORECAST
from sources.hr.schema import SCHEMAS as STAFF
from sources.indicators.schema import SCHEMAS as INDICATOR
from sources.investment_budget.schema import SCHEMAS as INVESTMENT_BUDGET
from sources.ledger.schema import SCHEMAS as LEDGER
from sources.organisation.schema import SCHEMAS as ORGANISATION
from sources.project.schema import SCHEMAS as PROJECT
from sources.reading import Problem
from sources.statements.schema import SCHEMAS as STATEMENTS
from sources.surveys.schema import SCHEMAS as SURVEYS

SCHEMAS: dict[str, pa.Schema] = {
    **LEDGER,
    **BUDGET,
    **ORGANISATION,
    **PROJECT,
    **INVESTMENT_BUDGET,
    **FORECAST,
    **GOAL,
    **FOLLOWUP,
    **INDICATOR,
    **STAFF,
    **STATEMENTS,
    **SURVEYS,
}
SECRET = "Löneutmätning Kalle Karlsson"
FILES = {
    "ledger": "KS_2023.se",
    "budget": "budget_2023.csv",
    "organisation": "organisation.csv",
    "project": "projektregister.csv",
    "investment_budget": "investeringsbudget_2023.csv",
    "forecast": "prognos_2023_08.csv",
    "goal": "malregister.xlsx",
    "followup": "internkontroll_2023.xlsx",
    "indicator": "kolada_2024-01-15.json",
    "hr": "personalsystem_2023.csv",
    "survey": "puls_2023_1.csv",
    "statement": "pastaenden_2023.xlsx",
}
LINE_CODES = ("revenue", "personnel", "rent", "services", "other", "municipal_grant", "financial_net")
COSTS = frozenset({"personnel", "rent", "services", "other"})
COMPONENTS = {"costs": COSTS, "net_cost": COSTS | {"revenue"}, "result": frozenset(LINE_CODES)}
Row = dict[str, Any]


def unit(row_no: int, code: str, **changes: Any) -> Row:
    row = {"row_no": row_no, "unit_code": code, "unit_name": f"Enhet {code}", "parent_code": None, "board_code": "KS"}
    return row | {"segment_code": "ordinary", "valid_from": date(2020, 1, 1), "valid_to": None} | changes


UNITS = [
    unit(2, "10"),
    unit(3, "11", parent_code="10"),
    unit(4, "12", parent_code="10", valid_to=date(2022, 12, 31), board_code="SBN"),
    unit(5, "12", parent_code="10", valid_from=date(2023, 1, 1), predecessor_codes="13,11"),
    unit(6, "13", valid_from=date(2022, 1, 1), valid_to=date(2022, 12, 31)),
]


def node(row_no: int, code: str, parent: str | None, level: str = "project", **changes: Any) -> Row:
    row = {"row_no": row_no, "node_code": code, "node_name": SECRET, "parent_code": parent, "level": level}
    return row | {"board_code": "KS", "sort_no": row_no, "valid_from": date(2020, 1, 1), "valid_to": None} | changes


NODES = [
    node(2, "K1", None, "category"),
    node(3, "U1", "K1", "subcategory"),
    node(4, "P1", "U1"),
    node(5, "P2", "K1", valid_to=date(2022, 12, 31)),
    node(6, "P2", "U1", valid_from=date(2023, 1, 1)),
    node(7, "P3", "K1", valid_to=date(2022, 6, 30)),
]


def posting(row_no: int, voucher: int, account: str, amount: str, unit_code: str | None = "11", **changes: Any) -> Row:
    row = {"row_no": row_no, "kind": "TRANS", "counts": True, "fiscal_year": 2023, "voucher_row_no": voucher * 10}
    row |= {"voucher_series": "A", "voucher_no": str(210 + voucher), "voucher_date": date(2023, voucher, 15)}
    row |= {"voucher_text": SECRET, "text": SECRET, "period": 202300 + voucher, "transaction_date": date(2023, 1, 15)}
    return row | {"account": account, "unit_code": unit_code, "amount_sek": Decimal(amount)} | changes


def balance(row_no: int, kind: str, account: str, amount: str, **changes: Any) -> Row:
    row = {"row_no": row_no, "kind": kind, "year_no": 0, "fiscal_year": 2023, "account": account}
    return row | {"amount_sek": Decimal(amount)} | changes


def line(row_no: int, account: str, amount: str, **changes: Any) -> Row:
    row = {"row_no": row_no, "fiscal_year": 2023, "period": None, "unit_code": "11", "account": account}
    return row | {"amount_sek": Decimal(amount), "version": "original"} | changes


def investment(row_no: int, project: str, amount: str, **changes: Any) -> Row:
    row = {"row_no": row_no, "fiscal_year": 2023, "board_code": "KS", "project_code": project}
    return row | {"amount_sek": Decimal(amount), "version": "original"} | changes


def prognosis(row_no: int, line_code: str, amount: str, **changes: Any) -> Row:
    row = {"row_no": row_no, "fiscal_year": 2023, "forecast_month": 8, "occasion_name": "Delårsbokslut"}
    row |= {"reported_on": date(2023, 9, 20), "board_code": "KS", "segment_code": "ordinary"}
    return row | {"line_code": line_code, "amount_sek": Decimal(amount)} | changes


def question(row_no: int, code: str, **changes: Any) -> Row:
    row = {"row_no": row_no, "survey_code": "puls", "survey_name": SECRET, "year": 2023, "round_no": None}
    row |= {"question_code": code, "question_text": SECRET, "statistic": "share", "unit": "percent"}
    return row | {"scale_min": 1, "scale_max": 5, "favourable_from": 4, "decimals": 0, "min_answers": 5} | changes


def answer(row_no: int, respondent: int, code: str, value: int | None, **changes: Any) -> Row:
    row = {"row_no": row_no, "survey_code": "puls", "year": 2023, "round_no": 1, "respondent_no": respondent}
    row |= {"group_code": "11", "question_code": code, "answer_value": value and Decimal(value)}
    return row | {"measured_on": None, "is_no_opinion": False, "weight": Decimal(1)} | changes


def table_of(name: str, rows: list[Row]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCHEMAS[name])


@dataclass
class Example:
    """A delivery under construction."""

    source: str
    rows: dict[str, list[Row]]
    context: ArrivalContext
    problems: list[Problem] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)

    def tables(self) -> dict[str, pa.Table]:
        tables = {name: table_of(name, rows) for name, rows in self.rows.items()}
        for name, column in self.dropped:
            tables[name] = tables[name].drop_columns([column])
        return tables

    def check(self) -> ArrivalVerdict:
        return check_arrival(self.source, "load-1", FILES[self.source], self.tables(), self.problems, self.context)

    def knows(self, **changes: Any) -> None:
        self.context = replace(self.context, **changes)


def context(**changes: Any) -> ArrivalContext:
    known: dict[str, Any] = {
        "own_organisation_number": "212000-1553",
        "organisation_number": "2120001553",
        "board_codes": frozenset({"KS", "SBN"}),
        "units": table_of("organisation__units", UNITS),
        "known_accounts": frozenset({"8291"}),
        "fiscal_years": (2023,),
        "superseded_rows": 4,
        "max_quarantined_share": 0.9,
        "line_accounts": frozenset({"8291"}),
        "projects": table_of("project__nodes", NODES),
        "line_codes": frozenset({*LINE_CODES, *COMPONENTS}),
        "line_components": COMPONENTS,
        "other_rounds": frozenset({"2023 04 2023-05-22", "2022 08 2023-09-20"}),
    }
    return ArrivalContext(**(known | changes))


def ledger(*only: str) -> Example:
    """Return three vouchers that reconcile with the balances and results beside them; ``only`` these tables."""
    dimension = {"row_no": 8, "fiscal_year": 2023, "dimension_no": 1, "dimension_name": "Ansvar", "meaning": "unit"}
    accounts = {"1930": "T", "3010": "I", "4600": "K", "5010": "K", "8999": "K"}
    rows = {
        "ledger__postings": [
            posting(11, 1, "5010", "100.25"),
            posting(12, 1, "1930", "-100.25", None),
            posting(21, 2, "4600", "50.00", "12"),
            posting(22, 2, "1930", "-50.00", None),
            posting(31, 3, "3010", "-12.50"),
            posting(32, 3, "1930", "12.50", None),
        ],
        "ledger__accounts": [
            {"row_no": 2 + n, "fiscal_year": 2023, "account": a, "account_name": f"Konto {a}", "account_type": kind}
            for n, (a, kind) in enumerate(accounts.items())
        ],
        "ledger__dimension_values": [dimension | {"value_code": "11", "value_name": "Enhet 11"}],
        "ledger__balances": [
            balance(40, "IB", "1930", "1000.00"),
            balance(41, "UB", "1930", "862.25"),
            balance(42, "RES", "5010", "100.25"),
            balance(43, "RES", "4600", "50.00"),
            balance(44, "RES", "3010", "-12.50"),
        ],
        "ledger__period_amounts": [
            balance(50, "PSALDO", "5010", "100.25", period=202301, has_objects=False, unit_code="11")
        ],
        "ledger__forecasts": [
            {
                "row_no": 11,
                "fiscal_year": 2023,
                "forecast_month": 8,
                "reported_on": date(2023, 9, 20),
                "account": "5010",
            }
            | {"unit_code": "11", "amount_sek": Decimal("1200.00")}
        ],
    }
    known = context(known_accounts=frozenset({"8291", *accounts}))
    return Example("ledger", {name: rows[name] for name in only or rows}, known)


def header(voucher: int, debit: str | None = None, **changes: Any) -> Row:
    row = {"row_no": 1 + voucher, "fiscal_year": 2023, "voucher_series": "A", "voucher_no": str(210 + voucher)}
    row |= {"rows_expected": 2, "voucher_date": date(2023, voucher, 15)}
    return row | {"debit_sek": debit and Decimal(debit)} | changes


def counted() -> Example:
    """Return the ledger of a year whose voucher headers have been delivered."""
    example = ledger()
    example.knows(voucher_headers=table_of("ledger__voucher_headers", [header(1, "100.25"), header(2), header(3)]))
    return example


def headers() -> Example:
    """Return the voucher headers of the ledger, in a file of their own."""
    rows = {"ledger__voucher_headers": [header(voucher) for voucher in (1, 2, 3)]}
    return Example("ledger", rows, context(organisation_number=None, superseded_rows=3))


def budget() -> Example:
    lines = [line(2, "3010", "-10.00"), line(3, "5010", "10.00", period=202301), line(4, "8291", "-1.00")]
    return Example("budget", {"budget__lines": lines}, context(superseded_rows=3))


def organisation() -> Example:
    rows = {"organisation__units": copy.deepcopy(UNITS)}
    return Example("organisation", rows, context(organisation_number=None, fiscal_years=(), superseded_rows=None))


def project() -> Example:
    rows = {"project__nodes": copy.deepcopy(NODES)}
    return Example("project", rows, context(organisation_number=None, fiscal_years=(), superseded_rows=None))


def investment_budget() -> Example:
    rows = [investment(2, "P1", "100.00"), investment(3, "P1", "5.00", version="carried_over")]
    rows += [investment(4, "P2", "7.00"), investment(5, "K1", "1.00", version="revised")]
    return Example("investment_budget", {"investment_budget__lines": rows}, context(superseded_rows=4))


def forecast() -> Example:
    """Return two segments of a round; the first states its totals, the second leaves them to the warehouse."""
    rows = [prognosis(2, "revenue", "91.00"), prognosis(3, "personnel", "-60.50"), prognosis(4, "other", "-9.50")]
    rows += [prognosis(5, "costs", "-70.00"), prognosis(6, "net_cost", "21.00"), prognosis(7, "result", "21.00")]
    rows += [prognosis(8, "revenue", "3.00", segment_code="development")]
    return Example("forecast", {"forecast__lines": rows}, context(superseded_rows=None))


def survey() -> Example:
    """Return the answers of three respondents to two questions that came in a file of their own."""
    rows = [answer(2001, 1, "f1", 5), answer(2002, 1, "f2", 1), answer(3001, 2, "f1", None, group_code=None)]
    rows += [answer(3002, 2, "f2", 3, group_code=None), answer(4001, 3, "f1", None, is_no_opinion=True)]
    asked = table_of("survey__questions", [question(2, "f1"), question(3, "f2", round_no=1), question(4, "f3")])
    known = context(organisation_number=None, superseded_rows=5, survey_questions=asked)
    return Example("survey", {"survey__answers": rows}, known)


def survey_questions() -> Example:
    """Return the questions of a survey in a file of their own."""
    rows = [question(2, "f1"), question(3, "f1", round_no=2), question(4, "f2", statistic="mean", favourable_from=None)]
    return Example("survey", {"survey__questions": rows}, context(organisation_number=None, superseded_rows=None))


def statement() -> Example:
    """Return a statement of two claims, and one that needs what no mart holds."""
    row: Row = {"board_code": "KS", "year": 2023, "statement_id": "P1", "statement_text": SECRET, "is_signed": True}
    row |= {"relation": "equals", "claimed_unit": "mnkr", "claimed_decimals": 1, "claimed_value": Decimal("-0.1")}
    row |= {"figure_ids": "budget_outcome/KS/ordinary/2023/revenue/deviation"}
    rows = [row | {"row_no": 2, "claim_no": 1}, row | {"row_no": 3, "claim_no": 2}]
    rows += [row | {"row_no": 4, "statement_id": "P2", "claim_no": 1, "figure_ids": None, "not_held": SECRET}]
    return Example("statement", {"statement__claims": rows}, context(organisation_number=None, superseded_rows=None))


GOOD: dict[str, Callable[[], Example]] = {
    "ledger": ledger,
    "counted": counted,
    "headers": headers,
    "budget": budget,
    "organisation": organisation,
    "project": project,
    "investment_budget": investment_budget,
    "forecast": forecast,
    "survey": survey,
    "survey_questions": survey_questions,
    "statement": statement,
}

P = "ledger__postings"
A = "ledger__accounts"
D = "ledger__dimension_values"
B = "ledger__balances"
M = "ledger__period_amounts"
C = "ledger__forecasts"
H = "ledger__voucher_headers"
L = "budget__lines"
U = "organisation__units"
N = "project__nodes"
V = "investment_budget__lines"
F = "forecast__lines"
S = "survey__answers"
CLAIMS = "statement__claims"
Q = "survey__questions"


def sets(table: str, **changes: Any) -> Callable[[Example], None]:
    """Return a change of the first row of a table."""
    return lambda example: example.rows[table][0].update(changes)


def repeats(table: str) -> Callable[[Example], None]:
    """Return a change that gives the first row once more, on a line of its own."""
    return lambda example: example.rows[table].append(example.rows[table][0] | {"row_no": 90})


def unreadable(table: str, column: str) -> Callable[[Example], None]:
    def change(example: Example) -> None:
        row = example.rows[table][0]
        row[column] = None
        example.problems.append(Problem(table, row["row_no"], column, "12,5x", "är inte ett tal; skriv bara siffror"))

    return change


def knows(**changes: Any) -> Callable[[Example], None]:
    return lambda example: example.knows(**changes)


def invests(**changes: Any) -> Callable[[Example], None]:
    """Return a change that books an investment on project P1, changed so, and its depreciation without project."""

    def change(example: Example) -> None:
        example.rows[P].append(posting(41, 4, "1211", "80.00", None, project_code="P1") | changes)
        example.rows[P].append(posting(42, 4, "1219", "-80.00", None))
        example.knows(known_accounts=example.context.known_accounts | {"1211", "1219"})

    return change


def headed(*headers: Row) -> Callable[[Example], None]:
    """Return a change of what the voucher headers of the year say."""
    return knows(voucher_headers=table_of(H, list(headers)))


def same_voucher_number(example: Example) -> None:
    for row in example.rows["ledger__postings"][2:4]:
        row["voucher_no"] = "211"


def a_period_apart(example: Example) -> None:
    """Move one posting of a voucher to another period: the voucher sums to zero, its periods do not."""
    example.rows["ledger__postings"][1]["period"] = 202302


def a_third_set_aside(example: Example) -> None:
    """Set aside a voucher by the reader's word alone: two of six postings."""
    example.problems.append(Problem(P, 11, "text", "", "texten är avbruten; exportera igen"))
    example.knows(max_quarantined_share=0.3)


def without_rows(example: Example) -> None:
    example.rows = {name: [] for name in example.rows}


#: Every rule at arrival -> the source, and a change of its good example that the rule must see.
BAD: dict[str, tuple[str, Callable[[Example], None]]] = {
    "postings_readable": ("ledger", unreadable(P, "amount_sek")),
    "postings_amount_present": ("ledger", sets(P, amount_sek=None)),
    "postings_kind_known": ("ledger", sets(P, kind="TRANSX")),
    "postings_counts_present": ("ledger", sets(P, counts=None)),
    "postings_account_present": ("ledger", sets(P, account=None)),
    "postings_account_is_digits": ("ledger", sets(P, account="50")),
    "postings_account_known": ("ledger", sets(P, account="5999")),
    "postings_account_has_line": ("ledger", sets(P, account="8999")),
    "postings_unit_given": ("ledger", sets(P, unit_code=None)),
    "postings_unit_known": ("ledger", sets(P, unit_code="99")),
    "postings_unit_valid": ("ledger", sets(P, unit_code="13")),
    "postings_project_given": ("ledger", invests(project_code=None)),
    "postings_project_known": ("ledger", invests(project_code="P3")),
    "postings_voucher_date_present": ("ledger", sets(P, voucher_date=None)),
    "postings_voucher_date_in_year": ("ledger", sets(P, voucher_date=date(2024, 1, 2))),
    "postings_transaction_date_in_year": ("ledger", sets(P, transaction_date=date(2022, 12, 31))),
    "postings_fiscal_year_present": ("ledger", sets(P, fiscal_year=None)),
    "postings_period_present": ("ledger", sets(P, period=None)),
    "postings_period_is_a_month": ("ledger", sets(P, period=202300)),
    "postings_period_in_year": ("ledger", sets(P, period=202401)),
    "voucher_sums_to_zero": ("ledger", sets(P, amount_sek=Decimal("112.75"))),
    "voucher_number_unique": ("ledger", same_voucher_number),
    "voucher_rows_complete": ("counted", headed(header(1, rows_expected=3), header(2), header(3))),
    "voucher_debit_agrees": ("counted", headed(header(1, "1.00"), header(2), header(3))),
    "voucher_has_header": ("counted", headed(header(1), header(2))),
    "vouchers_all_delivered": ("counted", headed(header(1), header(2), header(3), header(4))),
    "headers_readable": ("headers", unreadable(H, "rows_expected")),
    "headers_fiscal_year_present": ("headers", sets(H, fiscal_year=None)),
    "headers_rows_present": ("headers", sets(H, rows_expected=None)),
    "headers_rows_positive": ("headers", sets(H, rows_expected=0)),
    "headers_voucher_unique": ("headers", repeats(H)),
    "ledger_forecasts_readable": ("ledger", unreadable(C, "amount_sek")),
    "ledger_forecasts_account_present": ("ledger", sets(C, account=None)),
    "ledger_forecasts_account_is_digits": ("ledger", sets(C, account="5x10")),
    "ledger_forecasts_amount_present": ("ledger", sets(C, amount_sek=None)),
    "ledger_forecasts_month_present": ("ledger", sets(C, forecast_month=None)),
    "ledger_forecasts_unit_known": ("ledger", sets(C, unit_code="99")),
    "period_amounts_unit_known": ("ledger", sets(M, unit_code="99")),
    "balance_reconciles": ("ledger", sets(B, amount_sek=Decimal("1000.01"))),
    "result_reconciles": ("ledger", lambda e: e.rows[B][2].update(amount_sek=Decimal("100.26"))),
    "period_sums_to_zero": ("ledger", a_period_apart),
    "accounts_readable": ("ledger", unreadable(A, "account")),
    "accounts_number_present": ("ledger", sets(A, account=None)),
    "accounts_number_is_digits": ("ledger", sets(A, account="19")),
    "accounts_number_unique": ("ledger", repeats(A)),
    "accounts_name_present": ("ledger", sets(A, account_name=None)),
    "accounts_type_known": ("ledger", sets(A, account_type="X")),
    "dimension_values_readable": ("ledger", unreadable(D, "dimension_no")),
    "dimension_values_dimension_present": ("ledger", sets(D, dimension_no=None)),
    "dimension_values_code_present": ("ledger", sets(D, value_code=None)),
    "dimension_values_meaning_known": ("ledger", sets(D, meaning="ansvar")),
    "dimension_values_code_unique": ("ledger", repeats(D)),
    "dimension_values_name_present": ("ledger", sets(D, value_name=None)),
    "balances_readable": ("ledger", unreadable(B, "amount_sek")),
    "balances_kind_known": ("ledger", sets(B, kind="XB")),
    "balances_account_present": ("ledger", sets(B, account=None)),
    "balances_account_is_digits": ("ledger", sets(B, account="19")),
    "balances_amount_present": ("ledger", sets(B, amount_sek=None)),
    "balances_year_is_current_or_past": ("ledger", sets(B, year_no=1)),
    "period_amounts_readable": ("ledger", unreadable(M, "amount_sek")),
    "period_amounts_account_is_digits": ("ledger", sets(M, account="1234567")),
    "period_amounts_amount_present": ("ledger", sets(M, amount_sek=None)),
    "period_amounts_period_is_a_month": ("ledger", sets(M, period=202313)),
    "budget_has_rows": ("budget", without_rows),
    "budget_readable": ("budget", unreadable(L, "amount_sek")),
    "budget_amount_present": ("budget", sets(L, amount_sek=None)),
    "budget_fiscal_year_present": ("budget", sets(L, fiscal_year=None)),
    "budget_version_present": ("budget", sets(L, version=None)),
    "budget_version_known": ("budget", sets(L, version="final")),
    "budget_period_is_a_month": ("budget", sets(L, period=202313)),
    "budget_period_in_year": ("budget", sets(L, period=202201)),
    "budget_account_present": ("budget", sets(L, account=None)),
    "budget_account_is_digits": ("budget", sets(L, account="3x10")),
    "budget_account_in_chart": ("budget", sets(L, account="8290")),
    "budget_unit_present": ("budget", sets(L, unit_code=None)),
    "budget_unit_known": ("budget", sets(L, unit_code="99")),
    "budget_unit_valid": ("budget", sets(L, unit_code="13")),
    "budget_line_unique": ("budget", repeats(L)),
    "units_has_rows": ("organisation", without_rows),
    "units_readable": ("organisation", unreadable(U, "valid_from")),
    "units_code_present": ("organisation", sets(U, unit_code=None)),
    "units_name_present": ("organisation", sets(U, unit_name=None)),
    "units_board_present": ("organisation", sets(U, board_code=None)),
    "units_board_known": ("organisation", sets(U, board_code="XX")),
    "units_segment_present": ("organisation", sets(U, segment_code=None)),
    "units_segment_known": ("organisation", sets(U, segment_code="drift")),
    "units_valid_from_present": ("organisation", sets(U, valid_from=None)),
    "units_dates_in_order": ("organisation", sets(U, valid_to=date(2019, 1, 1))),
    "units_start_unique": ("organisation", repeats(U)),
    "units_one_row_per_day": ("organisation", lambda e: e.rows[U][2].update(valid_to=None)),
    "units_parent_known": ("organisation", sets(U, parent_code="99")),
    "units_predecessors_known": ("organisation", sets(U, predecessor_codes="11,99")),
    "nodes_has_rows": ("project", without_rows),
    "nodes_readable": ("project", unreadable(N, "valid_from")),
    "nodes_code_present": ("project", sets(N, node_code=None)),
    "nodes_name_present": ("project", sets(N, node_name=None)),
    "nodes_level_present": ("project", sets(N, level=None)),
    "nodes_level_known": ("project", sets(N, level="etapp")),
    "nodes_in_tree": ("project", lambda e: e.rows[N][2].update(parent_code="U9")),
    "nodes_board_present": ("project", sets(N, board_code=None)),
    "nodes_board_known": ("project", sets(N, board_code="XX")),
    "nodes_valid_from_present": ("project", sets(N, valid_from=None)),
    "nodes_dates_in_order": ("project", sets(N, valid_to=date(2019, 1, 1))),
    "nodes_one_row_per_day": ("project", lambda e: e.rows[N][3].update(valid_to=None)),
    "investment_budget_has_rows": ("investment_budget", without_rows),
    "investment_budget_readable": ("investment_budget", unreadable(V, "amount_sek")),
    "investment_budget_amount_present": ("investment_budget", sets(V, amount_sek=None)),
    "investment_budget_fiscal_year_present": ("investment_budget", sets(V, fiscal_year=None)),
    "investment_budget_board_present": ("investment_budget", sets(V, board_code=None)),
    "investment_budget_board_known": ("investment_budget", sets(V, board_code="XX")),
    "investment_budget_version_present": ("investment_budget", sets(V, version=None)),
    "investment_budget_version_known": ("investment_budget", sets(V, version="final")),
    "investment_budget_project_present": ("investment_budget", sets(V, project_code=None)),
    "investment_budget_project_known": ("investment_budget", sets(V, project_code="P9")),
    "investment_budget_project_valid": ("investment_budget", sets(V, project_code="P3")),
    "investment_budget_project_on_board": ("investment_budget", sets(V, board_code="SBN")),
    "investment_budget_line_unique": ("investment_budget", repeats(V)),
    "forecast_has_rows": ("forecast", without_rows),
    "forecast_readable": ("forecast", unreadable(F, "amount_sek")),
    "forecast_amount_present": ("forecast", sets(F, amount_sek=None)),
    "forecast_fiscal_year_present": ("forecast", sets(F, fiscal_year=None)),
    "forecast_month_present": ("forecast", sets(F, forecast_month=None)),
    "forecast_month_is_a_month": ("forecast", sets(F, forecast_month=13)),
    "forecast_reported_on_present": ("forecast", sets(F, reported_on=None)),
    "forecast_board_present": ("forecast", sets(F, board_code=None)),
    "forecast_board_known": ("forecast", sets(F, board_code="XX")),
    "forecast_segment_present": ("forecast", sets(F, segment_code=None)),
    "forecast_segment_known": ("forecast", sets(F, segment_code="drift")),
    "forecast_line_present": ("forecast", sets(F, line_code=None)),
    "forecast_line_known": ("forecast", sets(F, line_code="taxes")),
    "forecast_line_unique": ("forecast", repeats(F)),
    "forecast_round_alone": ("forecast", knows(other_rounds=frozenset({"2023 08 2023-09-20"}))),
    "forecast_total_agrees": ("forecast", lambda e: e.rows[F][3].update(amount_sek=Decimal("-70.01"))),
    "claims_has_rows": ("statement", without_rows),
    "claims_readable": ("statement", unreadable(CLAIMS, "claimed_value")),
    "claims_board_known": ("statement", sets(CLAIMS, board_code="XX")),
    "claims_once": ("statement", repeats(CLAIMS)),
    "answers_has_rows": ("survey", without_rows),
    "answers_readable": ("survey", unreadable(S, "answer_value")),
    "answers_survey_present": ("survey", sets(S, survey_code=None)),
    "answers_year_present": ("survey", sets(S, year=None)),
    "answers_respondent_present": ("survey", sets(S, respondent_no=None)),
    "answers_question_known": ("survey", sets(S, question_code="f9")),
    "answers_value_in_scale": ("survey", sets(S, answer_value=Decimal(6))),
    "answers_weight_positive": ("survey", sets(S, weight=Decimal(0))),
    "answers_once": ("survey", repeats(S)),
    "answers_group_known": ("survey", sets(S, group_code="99")),
    "answers_group_valid": ("survey", sets(S, group_code="12", measured_on=date(2019, 6, 1))),
    "questions_has_rows": ("survey_questions", without_rows),
    "questions_readable": ("survey_questions", unreadable(Q, "scale_max")),
    "questions_statistic_known": ("survey_questions", sets(Q, statistic="median")),
    "questions_scale_in_order": ("survey_questions", sets(Q, scale_min=5)),
    "questions_favourable_in_scale": ("survey_questions", sets(Q, favourable_from=1)),
    "questions_decimals_few": ("survey_questions", sets(Q, decimals=3)),
    "questions_min_answers_positive": ("survey_questions", sets(Q, min_answers=0)),
    "questions_unique": ("survey_questions", repeats(Q)),
    "delivery_has_rows": ("ledger", without_rows),
    "delivery_is_ours": ("ledger", knows(organisation_number="556000-4615")),
    "delivery_not_much_smaller": ("ledger", knows(superseded_rows=8)),
    "delivery_repeats_superseded": ("budget", knows(repeated_rows=0)),
    "delivery_mostly_right": ("ledger", a_third_set_aside),
    "delivery_first_year_plausible": ("ledger", knows(fiscal_years=(203, 2023))),
    "delivery_last_year_plausible": ("ledger", knows(fiscal_years=(2023, 20233))),
    "delivery_has_unit_register": ("ledger", knows(units=None)),
    "delivery_has_project_register": ("investment_budget", knows(projects=None)),
}
