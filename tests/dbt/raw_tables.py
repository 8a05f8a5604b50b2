"""Write the raw tables of a tiny municipality as Parquet, and build the warehouse from them.

Belongs here: the raw schemas as dbt expects them, spelt out once more so that a change on either side is seen, and the
one small municipality all dbt tests begin with. Not here: any expectation.
"""

from __future__ import annotations

import copy
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import raw_followup
import raw_goals
import raw_statements

from tests import staff_tables

Row = dict[str, Any]
Tables = dict[str, list[Row]]

_TYPES = {
    "str": pa.string(),
    "int": pa.int32(),
    "long": pa.int64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "time": pa.timestamp("us"),
    "sek": pa.decimal128(18, 2),
    "quantity": pa.decimal128(18, 6),
    "measure": pa.decimal128(18, 4),
    "points": pa.decimal128(9, 2),
    "weight": pa.decimal128(12, 6),
    "rate": pa.decimal128(5, 2),
    "hours": pa.decimal128(9, 2),
}

_OBJECTS = "unit_code:str activity_code:str project_code:str counterparty_code:str other_dimensions:str"

SCHEMAS = {
    "ledger__postings": "row_no:long kind:str counts:bool fiscal_year:int voucher_row_no:long voucher_series:str "
    "voucher_no:str voucher_date:date registered_on:date voucher_text:str account:str "
    f"{_OBJECTS} amount_sek:sek quantity:quantity transaction_date:date text:str period:int",
    "ledger__accounts": "row_no:long fiscal_year:int account:str account_name:str account_type:str",
    "ledger__dimension_values": "row_no:long fiscal_year:int dimension_no:int dimension_name:str meaning:str "
    "value_code:str value_name:str",
    "ledger__balances": f"row_no:long kind:str year_no:int fiscal_year:int account:str {_OBJECTS} amount_sek:sek "
    "quantity:quantity",
    "ledger__period_amounts": f"row_no:long kind:str year_no:int fiscal_year:int period:int account:str {_OBJECTS} "
    "has_objects:bool amount_sek:sek quantity:quantity",
    "ledger__forecasts": "row_no:long fiscal_year:int forecast_month:int reported_on:date account:str "
    f"{_OBJECTS} amount_sek:sek",
    "ledger__issues": "row_no:long label:str severity:str reason:str",
    "budget__lines": "row_no:long fiscal_year:int period:int unit_code:str account:str activity_code:str "
    "project_code:str amount_sek:sek version:str",
    "organisation__units": "row_no:long unit_code:str unit_name:str parent_code:str board_code:str segment_code:str "
    "valid_from:date valid_to:date predecessor_codes:str",
    "project__nodes": "row_no:long node_code:str node_name:str parent_code:str level:str board_code:str sort_no:int "
    "valid_from:date valid_to:date",
    "investment_budget__lines": "row_no:long fiscal_year:int board_code:str project_code:str amount_sek:sek "
    "version:str",
    "forecast__lines": "row_no:long fiscal_year:int forecast_month:int occasion_name:str reported_on:date "
    "board_code:str segment_code:str line_code:str amount_sek:sek",
    "goal__indicators": "row_no:long indicator_code:str indicator_name:str goal_code:str unit:str direction:str "
    "tolerance:measure decimals:int scale_min:measure scale_max:measure source_name:str external_code:str "
    "valid_from_year:int valid_to_year:int max_jump:measure",
    "goal__goals": "row_no:long goal_code:str goal_name:str board_code:str priority_code:str priority_name:str "
    "agenda_2030:str valid_from_year:int valid_to_year:int",
    "goal__targets": "row_no:long indicator_code:str year:int target_value:measure",
    "goal__assessments": "row_no:long goal_code:str year:int occasion_name:str published_assessment:str motivation:str",
    "goal__occasions": "row_no:long year:int occasion_name:str reported_on:date",
    "indicator__values": "row_no:long source_name:str external_code:str external_name:str municipality_code:str "
    "year:int group_code:str value:measure status:str reported_on:date answers:int margin_of_error:measure "
    "unit_text:str",
    "indicator__municipalities": "row_no:long municipality_code:str municipality_name:str",
    "indicator__group_members": "row_no:long group_code:str group_name:str municipality_code:str",
    **raw_followup.SCHEMAS,
    **raw_statements.SCHEMAS,
    "survey__answers": "row_no:long survey_code:str year:int round_no:int measured_on:date group_code:str "
    "respondent_no:int question_code:str answer_value:points is_no_opinion:bool weight:weight",
    "survey__questions": "row_no:long survey_code:str survey_name:str year:int round_no:int question_code:str "
    "question_text:str statistic:str unit:str scale_min:int scale_max:int favourable_from:int decimals:int "
    "min_answers:int",
    "releases__survey_mask": "survey_code:str year:int question_code:str group_code:str",
    "quarantine__rows": "source_code:str table_name:str row_no:long row_key:str check_name:str severity:str "
    "column_name:str value:str message:str who_fixes:str",
    "deliveries__load": "source_code:str file_name:str sha256:str received_at:time period_from:int period_to:int "
    "rows_in:long rows_loaded:long rows_quarantined:long rows_duplicate:long status:str message:str",
    "deliveries__current": "source_code:str organisation_number:str fiscal_year:int",
    "settings__boards": "board_code:str board_name:str",
    "settings__account_lines": "account:str line_code:str",
    "settings__comparison": "municipality_code:str",
    "settings__municipality": "municipality_code:str municipality_name:str organisation_number:str",
    **staff_tables.SCHEMAS,
    "checks__results": "run_id:str source_code:str mart:str check_name:str severity:str passed:bool failed_rows:long "
    "total_rows:long who_fixes:str description:str",
    "releases__release": "release_id:str published_at:time run_id:str git_sha:str data_from:date data_to:date "
    "checks_passed:int checks_warned:int",
}


def write(folder: Path, tables: Tables) -> None:
    """Write every raw table, one Parquet file each, those not in ``tables`` with no rows."""
    for name, columns in SCHEMAS.items():
        fields = [("load_id", "str"), *(tuple(column.split(":")) for column in columns.split())]
        schema = pa.schema([(field, _TYPES[kind]) for field, kind in fields])
        unknown = {column for row in tables.get(name, []) for column in row} - set(schema.names)
        assert not unknown, f"{name} has no column {sorted(unknown)}"
        (folder / name).mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(tables.get(name, []), schema), folder / name / "part.parquet")


def voucher(load_id: str, row_no: int, on: date, *postings: tuple[str, str | None, str], **more: Any) -> list[Row]:
    """One voucher: ``postings`` are account, unit and amount; rows follow the voucher's head at ``row_no``."""
    return [
        {
            "load_id": load_id,
            "row_no": row_no + at,
            "kind": "TRANS",
            "counts": True,
            "fiscal_year": on.year,
            "voucher_row_no": row_no,
            "voucher_series": "A",
            "voucher_no": str(row_no),
            "voucher_date": on,
            "voucher_text": "Verifikat",
            "account": account,
            "unit_code": unit,
            "amount_sek": Decimal(amount),
            "period": on.year * 100 + on.month,
            **more,
        }
        for at, (account, unit, amount) in enumerate(postings, start=1)
    ]


def investment(load_id: str, row_no: int, on: date, account: str, project: str, amount: str) -> list[Row]:
    """One voucher that pays for a project."""
    return voucher(load_id, row_no, on, (account, None, amount), ("1930", None, f"-{amount}"), project_code=project)


def budget_line(load_id: str, row_no: int, year: int, account: str, unit: str | None, amount: str, **more: Any) -> Row:
    """One budget line for the whole of ``year``, original version unless ``more`` says otherwise."""
    line: Row = {"load_id": load_id, "row_no": row_no, "fiscal_year": year, "account": account, "unit_code": unit}
    return {**line, "amount_sek": Decimal(amount), "version": "original", **more}


def unit(row_no: int, code: str, board: str, parent: str | None = None, **more: Any) -> Row:
    """One row of the organisation register, ordinary segment and valid from 2020 unless ``more`` says otherwise."""
    row: Row = {"load_id": "org", "row_no": row_no, "unit_code": code, "unit_name": f"Enhet {code}"}
    row |= {"parent_code": parent, "board_code": board, "segment_code": "ordinary", "valid_from": date(2020, 1, 1)}
    return row | more


def node(row_no: int, code: str, level: str, parent: str | None = None, **more: Any) -> Row:
    """One row of the project register, of board KS and valid from 2020 unless ``more`` says otherwise."""
    row: Row = {"load_id": "prj", "row_no": row_no, "node_code": code, "node_name": f"Nod {code}", "level": level}
    row |= {"parent_code": parent, "board_code": "KS", "sort_no": row_no, "valid_from": date(2020, 1, 1)}
    return row | more


def investment_line(row_no: int, year: int, project: str, amount: str, version: str = "original") -> Row:
    """One line of the investment budget of board KS."""
    line: Row = {"load_id": f"inv{year}", "row_no": row_no, "fiscal_year": year, "board_code": "KS"}
    return line | {"project_code": project, "amount_sek": Decimal(amount), "version": version}


def forecast_line(load_id: str, row_no: int, on: date, month: int, line: str, amount: str, **more: Any) -> Row:
    """One line of a forecast round of board KS, ordinary segment, statement sign."""
    row: Row = {"load_id": load_id, "row_no": row_no, "fiscal_year": on.year, "forecast_month": month}
    row |= {"occasion_name": f"Prognos {month}", "reported_on": on, "board_code": "KS", "segment_code": "ordinary"}
    return row | {"line_code": line, "amount_sek": Decimal(amount)} | more


def question(load_id: str, row_no: int, code: str, statistic: str = "mean", **more: Any) -> Row:
    """One question of survey puls in 2023, on a scale from 1 to 5, unless ``more`` says otherwise."""
    row: Row = {"load_id": load_id, "row_no": row_no, "survey_code": "puls", "survey_name": "Pulsen", "year": 2023}
    row |= {"question_code": code, "question_text": f"Fråga {code}?", "statistic": statistic, "unit": "points"}
    return row | {"scale_min": 1, "scale_max": 5, "favourable_from": 4, "decimals": 1} | more


def answers(load_id: str, respondent: int, group: str | None, **points: int | None) -> list[Row]:
    """What one respondent answered in the first round of puls 2023: question and points, None for no opinion."""
    row: Row = {"load_id": load_id, "survey_code": "puls", "year": 2023, "round_no": 1, "respondent_no": respondent}
    return [
        row
        | {"row_no": respondent * 1000 + at, "group_code": group, "question_code": code, "weight": Decimal(1)}
        | {"answer_value": value and Decimal(value), "is_no_opinion": value is None}
        for at, (code, value) in enumerate(points.items(), start=1)
    ]


def municipality() -> Tables:
    """Two boards and two years. Unit 20 moves from SBN to KS with 2023, unit 30 is development, 40 closes with 2022.

    Project P2 is under a subcategory, P1 right under its category; category C2 has no projects.
    """
    return copy.deepcopy(_MUNICIPALITY)


def _delivery(load_id: str, source: str, file_name: str, rows: int, status: str = "loaded") -> Row:
    row: Row = {"load_id": load_id, "source_code": source, "file_name": file_name, "sha256": load_id * 4}
    row |= {"received_at": datetime(2024, 1, 10, 3, 15), "rows_in": rows, "rows_loaded": rows, "status": status}
    return row | {"rows_quarantined": 0, "rows_duplicate": 0}


def _current(load_id: str, source: str, year: int) -> Row:
    return {"load_id": load_id, "source_code": source, "organisation_number": "212000-1553", "fiscal_year": year}


# Unit and answers of each respondent: f2 is alike in all of unit 10, and nobody's opinion where no unit is given.
_PULSE: list[tuple[str | None, int, int | None]] = [
    *(("10", points, 5) for points in (1, 2, 3, 4, 5, 5)),
    *(("20", points, 1) for points in (2, 3, 3, 4, 4, 5)),
    ("30", 4, 4),
    ("30", 2, 4),
    (None, 3, None),
]
_STAFF = staff_tables.small_staff()
_MUNICIPALITY: Tables = {
    **_STAFF.tables,
    "releases__mask": [staff_tables.hidden("KS", 2022, "unit", "40")],
    "settings__boards": [
        {"board_code": "KS", "board_name": "Kommunstyrelsen"},
        {"board_code": "SBN", "board_name": "Samhällsbyggnadsnämnden"},
    ],
    "settings__account_lines": [{"account": "8291", "line_code": "municipal_grant"}],
    "settings__municipality": [
        {"municipality_code": "1489", "municipality_name": "Alingsås", "organisation_number": "212000-1553"}
    ],
    "settings__staff": [
        {
            "hours_per_full_time_year": 1980,
            "min_group_size": 10,
            "min_employees_for_decimals": 100,
            "min_survey_answers": 5,
        }
    ],
    "organisation__units": [
        unit(2, "1", "KS"),
        unit(3, "10", "KS", "1"),
        unit(4, "20", "SBN", valid_to=date(2022, 12, 31)),
        unit(5, "20", "KS", "1", valid_from=date(2023, 1, 1)),
        unit(6, "30", "KS", "1", segment_code="development"),
        unit(7, "40", "KS", "1", valid_to=date(2022, 12, 31)),
    ],
    "ledger__accounts": [
        {"load_id": load, "row_no": row, "fiscal_year": year, "account": account, "account_name": name}
        for load, year in (("led22", 2022), ("led23", 2023))
        for row, (account, name) in enumerate(
            [("1930", "Bank"), ("3010", "Avgifter"), ("5010", "Löner"), ("6010", "Hyra"), ("8291", "Kommunbidrag")], 10
        )
    ],
    "ledger__postings": [
        *voucher("led22", 100, date(2022, 1, 15), ("8291", None, "-1000.00"), ("1930", None, "1000.00")),
        *voucher("led22", 200, date(2022, 3, 1), ("5010", "10", "600.10"), ("1930", None, "-600.10")),
        *voucher("led22", 300, date(2022, 4, 1), ("3010", "20", "-50.00"), ("1930", None, "50.00")),
        *voucher("led22", 400, date(2022, 5, 1), ("5010", "40", "70.00"), ("1930", None, "-70.00")),
        *voucher("led23", 100, date(2023, 1, 15), ("8291", None, "-1100.00"), ("1930", None, "1100.00")),
        *voucher("led23", 200, date(2023, 3, 1), ("5010", "10", "650.25"), ("1930", None, "-650.25")),
        *voucher("led23", 300, date(2023, 4, 1), ("3010", "20", "-80.00"), ("1930", None, "80.00")),
        *voucher("led23", 400, date(2023, 6, 1), ("4610", "30", "33.33"), ("1930", None, "-33.33")),
        *voucher("led23", 500, date(2023, 12, 1), ("6010", "10", "120.00"), ("1930", None, "-120.00")),
        *voucher("led23", 600, date(2023, 12, 1), ("5010", "10", "9.00"), kind="BTRANS", counts=False),
        *investment("led22", 500, date(2022, 6, 1), "1130", "P1", "200.00"),
        *investment("led23", 700, date(2023, 6, 1), "1130", "P1", "310.50"),
        *investment("led23", 800, date(2023, 7, 1), "1220", "P2", "40.00"),
    ],
    "project__nodes": [
        node(2, "C1", "category"),
        node(3, "P1", "project", "C1"),
        node(4, "C1S", "subcategory", "C1"),
        node(5, "P2", "project", "C1S", valid_from=date(2023, 1, 1)),
        node(6, "C2", "category"),
    ],
    "investment_budget__lines": [
        investment_line(2, 2022, "P1", "250.00"),
        investment_line(2, 2023, "P1", "300.00"),
        investment_line(3, 2023, "P1", "280.00", "revised"),
        investment_line(4, 2023, "P2", "50.00", "revised"),
        investment_line(5, 2023, "P1", "20.00", "carried_over"),
    ],
    "forecast__lines": [
        forecast_line("fc04", 2, date(2023, 5, 20), 4, "revenue", "95.00"),
        forecast_line("fc04", 3, date(2023, 5, 20), 4, "personnel", "-700.00"),
        forecast_line("fc08", 2, date(2023, 9, 20), 8, "revenue", "82.00"),
        forecast_line("fc08", 3, date(2023, 9, 20), 8, "personnel", "-655.00"),
        forecast_line("fc08", 4, date(2023, 9, 20), 8, "municipal_grant", "1100.00"),
        forecast_line("fc08", 5, date(2023, 9, 20), 8, "result", "527.00"),
    ],
    "releases__survey_mask": [{"survey_code": "puls_1", "year": 2022, "question_code": "f1", "group_code": "10"}],
    "survey__questions": [question("frg", 2, "f1"), question("frg", 3, "f2", "share", unit="percent", decimals=0)],
    "survey__answers": [
        row
        for respondent, (group, f1, f2) in enumerate(_PULSE, start=1)
        for row in answers("pul1", respondent, group, f1=f1, f2=f2)
    ],
    "ledger__balances": [
        {"load_id": "led23", "row_no": row, "kind": "RES", "year_no": 0, "fiscal_year": 2023, "account": account}
        | {"amount_sek": Decimal(amount)}
        for row, (account, amount) in enumerate(
            [("5010", "650.25"), ("3010", "-80.00"), ("4610", "33.33"), ("6010", "120.00"), ("8291", "-1100.00")], 60
        )
    ],
    "budget__lines": [
        budget_line("bud22", 2, 2022, "8291", None, "-1000.00"),
        budget_line("bud22", 3, 2022, "5010", "10", "1000.00"),
        budget_line("bud22", 4, 2022, "3010", "20", "-60.00"),
        budget_line("bud23", 2, 2023, "8291", None, "-1100.00"),
        budget_line("bud23", 3, 2023, "5010", "10", "700.00"),
        budget_line("bud23", 4, 2023, "3010", "20", "-90.00", period=202302),
        budget_line("bud23", 5, 2023, "4610", "30", "40.00"),
    ],
    "ledger__forecasts": [
        {"load_id": "led23", "row_no": 70, "fiscal_year": 2023, "forecast_month": 10, "reported_on": date(2023, 11, 10)}
        | {"account": "5010", "unit_code": "10", "amount_sek": Decimal("660.00")}
    ],
    "deliveries__load": [
        _delivery("led22", "ledger", "KS_2022.se", 10),
        _delivery("led23", "ledger", "KS_2023.se", 15),
        _delivery("bud22", "budget", "budget_2022.csv", 3),
        _delivery("bud23", "budget", "budget_2023.csv", 4),
        _delivery("org", "organisation", "organisation.csv", 6),
        _delivery("prj", "project", "projektregister.csv", 5),
        _delivery("inv2022", "investment_budget", "investeringsbudget_2022.csv", 1),
        _delivery("inv2023", "investment_budget", "investeringsbudget_2023.csv", 4),
        _delivery("fc04", "forecast", "prognos_04.csv", 2),
        _delivery("fc08", "forecast", "prognos_08.csv", 4),
        *(_delivery(load_id, *of_file) for load_id, of_file in raw_goals.DELIVERIES.items()),
        *(_delivery(load, "followup", *of_file[:2]) for load, of_file in raw_followup.DELIVERIES.items()),
        *(_delivery(load_id, *of_file) for load_id, of_file in raw_statements.DELIVERIES.items()),
        _delivery("frg", "survey", "puls_fragor_2023.csv", 2),
        _delivery("pul1", "survey", "puls_2023_1.csv", 30),
        *(_delivery(load, "hr", f"{load}.csv", 20) for load, _ in _STAFF.loads()),
    ],
    "deliveries__current": [
        _current("led22", "ledger", 2022),
        _current("led23", "ledger", 2023),
        _current("bud22", "budget", 2022),
        _current("bud23", "budget", 2023),
        _current("org", "organisation", 0),
        _current("prj", "project", 0),
        _current("inv2022", "investment_budget", 2022),
        _current("inv2023", "investment_budget", 2023),
        _current("fc04", "forecast", 2023),
        _current("fc08", "forecast", 2023),
        *(_current(load_id, source, 0) for load_id, (source, _, _) in raw_goals.DELIVERIES.items()),
        *(_current(load_id, source, 2023) for load_id, (source, _, _) in raw_statements.DELIVERIES.items()),
        *(_current(load, "followup", year) for load, (*_, years) in raw_followup.DELIVERIES.items() for year in years),
        _current("frg", "survey", 2023),
        _current("pul1", "survey", 2023),
        *(_current(load, "hr", year) for load, year in _STAFF.loads()),
    ],
    **raw_followup.TABLES,
    **raw_goals.TABLES,
    **raw_statements.TABLES,
}
