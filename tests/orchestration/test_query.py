from __future__ import annotations

from decimal import Decimal

from rich.console import Console

from orchestration.query import Answer, as_csv, as_json, as_table

ANSWER = Answer(["unit_name", "outcome_sek"], [("Ekonomi [avd]", Decimal("-1234567.80")), (None, Decimal("0.10"))])


def printed(width: int) -> str:
    console = Console(width=width)
    with console.capture() as captured:
        console.print(as_table(ANSWER, width))
    return captured.get()


def test_what_fits_is_a_table_and_what_comes_from_data_is_no_markup() -> None:
    text = printed(60)
    assert "│ Ekonomi [avd] │ -1234567.80 │" in text


def test_what_does_not_fit_is_a_block_per_row_with_every_digit_together() -> None:
    text = printed(24)
    assert "rad 1" in text
    assert "rad 2" in text
    assert "-1234567.80" in text


def test_csv_is_exact_and_no_formula() -> None:
    assert as_csv(Answer(["a", "b"], [("=1+1", Decimal("-0.10")), ("x", None)])) == "a,b\n'=1+1,-0.10\nx,\n"


def test_json_numbers_keep_every_digit() -> None:
    text = as_json(Answer(["a"], [(Decimal("0.10"),), (Decimal("12345678901234567.89"),)]))
    assert '"a": 0.1' in text
    assert '"a": "12345678901234567.89"' in text
