"""What is wrong in each broken version of the models of follow-up, by the unit test that sees it.

Belongs here: a piece of a model's SQL and what it is changed to. Not here: running any of it (``test_checks_fail``).
"""

from __future__ import annotations

_RULES: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("internal_control", "risks_year_on_year"): [
        ("'Brist', 'Ej genomförd'", "'Brist'"),
        ("or lower(action) like 'inga åtgärder%'", ""),
        ("or lower(action) like 'ingen ytterligare åtgärd%'", ""),
        ("or lower(action) like 'inga ytterligare åtgärder%'", ""),
        ("lower(action) like 'ingen åtgärd%'", "false"),
        ("risks.needs_action and coalesce(", "coalesce("),
        ("and risks.year = year_before.year + 1", "and risks.year = year_before.year"),
        ("risks.board_code = registered.board_code", "true"),
    ],
    ("assignment", "assignments_year_on_year"): [
        ("status = 'Genomfört'", "status in ('Genomfört', 'Ej genomfört')"),
        ("not assignments.is_completed and", "true and"),
        ("coalesce(year_before.is_completed, true)", "coalesce(year_before.is_completed, false)"),
        ("when registered.year is not null then year_before", "when true then year_before"),
    ],
    ("contract_review", "requirements_year_on_year"): [
        ("in ('Ja', 'Ja med anmärkning')", "in ('Ja')"),
        ("case when fulfilled <> 'Ej aktuellt' then", "case when true then"),
        ("not in ('Ja', 'Ej aktuellt')", "not in ('Ja')"),
        ("requirements.has_deficiency and coalesce(", "coalesce("),
        ("and requirements.contract_code = reviewed.contract_code", ""),
        ("and requirements.requirement_no = year_before.requirement_no", ""),
    ],
    ("contract_measure", "measures_of_contracts"): [
        ("count(is_met) as requirements_applicable", "count(*) as requirements_applicable"),
        ("when count(is_repeated_deficiency) > 0 then", "when true then"),
        ("'requirements_applicable')", "'requirements')"),
        ("and this_year.unit = year_before.unit", ""),
        ("and this_year.group_name = year_before.group_name", ""),
        ("this_year.year = year_before.year + 1", "this_year.year = year_before.year"),
    ],
}

#: Model, the right SQL, the wrong SQL and the unit test that must fail.
BROKEN = [(model, right, wrong, test) for (model, test), pieces in _RULES.items() for right, wrong in pieces]
