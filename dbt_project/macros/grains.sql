{#-
    The grain of every model: the columns that together name a row; one that a row may lack is marked `?`. Proved by the
    test grains_hold, all in one query, because a night pays for each node of dbt. Not here: the models that are built
    last (tag closing) and those whose keys are persons, which have a test of their own.
-#}
{% macro grains() -%}
    {{- return({
        'stg_budget__lines': 'load_id row_no',
        'stg_statement__claims': 'load_id row_no',
        'stg_deliveries__load': 'load_id',
        'stg_followup__assignments': 'board_code year assignment_code',
        'stg_followup__contract_measures': 'board_code year contract_code measure_code group_name',
        'stg_followup__contract_reviews': 'board_code year contract_code requirement_no',
        'stg_followup__internal_control': 'board_code year risk_code',
        'stg_followup__sustainability': 'board_code year activity_no',
        'stg_forecast__lines': 'load_id row_no',
        'stg_goal__assessments': 'load_id row_no',
        'stg_goal__goals': 'load_id row_no',
        'stg_goal__indicators': 'load_id row_no',
        'stg_goal__occasions': 'load_id row_no',
        'stg_goal__targets': 'load_id row_no',
        'stg_hr__absences': 'load_id row_no',
        'stg_hr__employments': 'load_id row_no',
        'stg_hr__incidents': 'load_id row_no',
        'stg_hr__scheduled_hours': 'load_id row_no',
        'stg_hr__worked_hours': 'load_id row_no',
        'stg_releases__mask': 'board_code fiscal_year dimension group_code',
        'stg_indicator__values': 'load_id row_no',
        'stg_investment_budget__lines': 'load_id row_no',
        'stg_ledger__accounts': 'load_id row_no',
        'stg_ledger__balances': 'load_id row_no',
        'stg_ledger__dimension_values': 'load_id row_no',
        'stg_ledger__forecasts': 'load_id row_no',
        'stg_ledger__issues': 'load_id row_no label reason',
        'stg_ledger__period_amounts': 'load_id row_no',
        'stg_ledger__postings': 'load_id row_no',
        'stg_organisation__units': 'load_id row_no',
        'stg_project__nodes': 'load_id row_no',
        'stg_settings__account_lines': 'account',
        'stg_settings__boards': 'board_code',
        'stg_settings__comparison': 'municipality_code',
        'stg_settings__municipality': 'municipality_code',
        'stg_settings__staff': 'hours_per_full_time_year',
        'stg_releases__survey_mask': 'survey_code year question_code group_code',
        'stg_survey__questions': 'load_id survey_code year round_no? question_code',
        'fct_claim': 'statement_id claim_no',
        'dim_indicator': 'indicator_code definition_from_year',
        'fct_indicator_known': 'occasion_year? occasion_name? indicator_code municipality_code year',
        'fct_indicator_outcome': 'indicator_code year occasion_name?',
        'fct_indicator_value': 'indicator_code municipality_code year reported_on source_name',
        'bridge_project_ancestor': 'fiscal_year node_code ancestor_code',
        'dim_project': 'fiscal_year node_code',
        'fct_investment': 'load_id row_no',
        'fct_investment_budget': 'load_id row_no',
        'dim_account': 'account fiscal_year',
        'dim_period': 'period',
        'fct_ledger': 'load_id row_no',
        'dim_board': 'board_code',
        'dim_org_unit': 'unit_code valid_from',
        'dim_org_unit_year': 'unit_code fiscal_year',
        'disclosure_group': 'board_code fiscal_year dimension group_code',
        'fct_sick_leave': 'board_code unit_code fiscal_year sex age_group',
        'fct_staff': 'board_code unit_code? fiscal_year measure_code group_code',
        'fct_survey_group': 'survey_code year question_code group_code',
        'fct_budget': 'load_id row_no period',
        'fct_forecast': 'board_code segment_code fiscal_year forecast_month reported_on line_code',
        'fct_ledger_forecast': 'load_id board_code segment_code fiscal_year forecast_month reported_on line_code',
        'fct_statement': 'board_code segment_code unit_code? period line_code',
        'budget_outcome': 'board_code segment_code fiscal_year line_code',
        'budget_outcome_board_month': 'board_code segment_code period line_code',
        'budget_outcome_month': 'board_code segment_code unit_code? period line_code',
        'budget_outcome_unit': 'board_code segment_code unit_code? fiscal_year line_code',
        'comparable_change': 'board_code segment_code fiscal_year line_code',
        'forecast_accuracy': 'board_code segment_code fiscal_year forecast_month reported_on line_code',
        'investment_outcome': 'board_code fiscal_year node_code',
        'ledger_entry': 'load_id row_no',
        'line_component': 'line_code component_code',
        'assignment': 'board_code year assignment_code',
        'contract_measure': 'board_code year contract_code measure_code group_name',
        'contract_review': 'board_code year contract_code requirement_no',
        'internal_control': 'board_code year risk_code',
        'sustainability_activity': 'board_code year activity_no',
        'goal_assessment': 'goal_code year occasion_name',
        'indicator_outcome': 'indicator_code year',
        'indicator_outcome_occasion': 'indicator_code year occasion_name',
        'indicator_trend': 'indicator_code year',
        'indicator_vintage': 'indicator_code year reported_on source_name',
        'load': 'load_id',
        'disclosure_mask': 'board_code year dimension group_code',
        'sick_leave': 'board_code year breakdown group_code',
        'sick_leave_unit': 'board_code unit_code year',
        'staff_statistics': 'board_code year measure_code group_code',
        'staff_statistics_unit': 'board_code unit_code year measure_code group_code',
        'survey_result': 'survey_code year question_code group_code',
        'work_environment': 'board_code year kind',
        'figure': 'figure_id',
        'statement_check': 'statement_id',
    }) -}}
{%- endmacro %}


{#- One row per key that occurs twice, or lacks a part it must have: `message`. -#}
{% macro broken_grains() -%}
    {%- for model, grain in grains().items() %}
        {%- set key = grain.replace('?', '').split() %}
        {%- set shown = [] %}
        {%- for column in key %}
            {%- do shown.append("coalesce(cast(" ~ column ~ " as string), '–')") %}
        {%- endfor %}
        select '{{ model }} (' || {{ shown | join(" || ', ' || ") }} || '): ' || row_count || ' rader' as message
        from (
            select
                {{ key | join(', ') }},
                cast(count(*) as string) as row_count
            from {{ ref(model) }}
            group by {{ key | join(', ') }}
            having
                count(*) > 1
                {% for column in grain.split() if not column.endswith('?') %}
                or {{ column }} is null
                {% endfor %}
        ) as {{ model }}_keys
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{%- endmacro %}
