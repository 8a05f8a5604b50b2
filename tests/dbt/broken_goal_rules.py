"""What is wrong in each broken version of the goals' models, by the unit test that sees it.

Belongs here: a piece of a model's SQL and what it is changed to. Not here: running any of it (``test_checks_fail``).
"""

from __future__ import annotations

_RULES: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("dim_indicator", "definitions_of_indicator"): [
        ("order by row_no asc", "order by row_no desc"),
        ("partition by indicator_code, valid_from_year", "partition by indicator_code"),
    ],
    ("fct_indicator_value", "place_of_value"): [
        ("and reported.year between", "and 2021 between"),
        ("lower(indicators.source_name)", "indicators.source_name"),
        ("where group_code = 'total'", ""),
        ("loads.received_at desc", "loads.received_at asc"),
        ("when status in ('preliminary', 'final') then value", "when true then value"),
    ],
    ("fct_indicator_known", "what_was_known"): [
        ("reports.reported_on <= standpoints.known_on", "true"),
        ("or reported_on > withdrawn_on", "or true"),
        ("case when status = 'final' then 1 else 2 end asc,", ""),
        ("reported_on desc,", "reported_on asc,"),
        ("where ours.municipality_code is not null or", "where true or"),
    ],
    ("fct_indicator_outcome", "outcome_by_direction"): [
        (">= compared.target_value", "> compared.target_value"),
        ("<= compared.target_value", "< compared.target_value"),
        ("compared.distance <= compared.tolerance", "compared.distance = 0"),
        ("compared.outcome_value > compared.prior_value", "true"),
        ("compared.outcome_value < compared.prior_value", "true"),
        ("compared.distance < compared.prior_distance", "true"),
        ("on known.municipality_code = municipality.municipality_code", "on true"),
    ],
    ("fct_indicator_outcome", "outcome_carried_forward"): [
        ("asked.definition_from_year = ours.definition_from_year", "true"),
        ("order by ours.year desc", "order by ours.year asc"),
        ("when ours.year < asked.year then 'carried_forward'", ""),
        ("or asked.year = ours.occasion_year", "or true"),
        ("not in ('final', 'preliminary') then null", "= 'x' then null"),
        ("and compared.year between goals.valid_from_year", "and 2022 between goals.valid_from_year"),
    ],
    ("indicator_vintage", "occasion_of_vintage"): [
        ("and reports.reported_on <= occasions.reported_on", ""),
        ("reports.year = occasions.year", "true"),
        ("order by occasions.reported_on asc", "order by occasions.reported_on desc"),
    ],
    ("goal_assessment", "assessment_of_goal"): [
        ("> indicators_total * high_degree_above_pct", ">= indicators_total * high_degree_above_pct"),
        ("and outcomes.target_value is not null", ""),
        ("or indicators_improved > 0", ""),
        ("when indicators_usable = 0 then 'Ej utvärderad'", ""),
        ("indicators_met = indicators_total", "indicators_met = indicators_usable"),
        ("and goals.occasion_name = outcomes.occasion_name", ""),
    ],
    ("goal_assessment", "assessment_by_version_of_rule"): [
        ("or rules.counts_preliminary", "or true"),
        ("or rules.counts_carried_forward", "or true"),
        ("and rules.counts_improvement", ""),
        ("indicators_total * high_degree_above_pct", "indicators_total * 50"),
    ],
    ("goal_assessment", "published_assessment_holds"): [
        ("published.published_assessment <> computed.computed_assessment", "true"),
        ("coalesce(published.published_assessment, computed", "coalesce(null, computed"),
        ("and computed.occasion_name = published.occasion_name", ""),
    ],
    ("indicator_trend", "trend_and_comparison"): [
        ("and ours.definition_from_year = before.definition_from_year", ""),
        ("and described.definition_from_year = others.definition_from_year", ""),
        ("then others.value > described.value", "then others.value >= described.value"),
        ("when 'lower' then others.value <", "when 'lower' then others.value >"),
        (
            "inner join {{ ref('stg_settings__comparison') }} as members",
            "left join {{ ref('stg_settings__comparison') }} as members",
        ),
        ("where municipality.municipality_code is null", ""),
        ("where occasion_name is null", ""),
    ],
}

#: Model, the right SQL, the wrong SQL and the unit test that must fail.
BROKEN = [(model, right, wrong, test) for (model, test), pieces in _RULES.items() for right, wrong in pieces]
