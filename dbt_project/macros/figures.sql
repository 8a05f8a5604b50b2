{#-
    Which numbers of the marts a report shows: the one declaration that `figure` and docs/figures.md are made from.

    figure_marts() has one entry per mart, or per way of counting its rows:
      mart        the mart; its rows are the rows of a printed table
      table, row  columns that name the printed table and its row: with the column they are the figure's id
      year        which of them is the year
      label       what the row is called by people (SQL, Swedish)
      columns     column of the mart: (its code in the id, unit (SQL), decimals as printed (SQL), its name to people)
      where, hidden   which rows of the mart are figures, and which of those are withheld (SQL; all, and none, if left out)
      count       instead of columns: the rows of each key are counted, (the code in the id, its name to people)
      example     table and row of a figure in the example municipality
    An id is a promise: what is renamed or taken away here has a line under Definition changes in the CHANGELOG.
-#}
{% macro figure_marts() -%}
    {%- set line = "line_name || ' (' || lower(segment_name) || ')'" -%}
    {%- set change = {
        'prior_outcome_sek': ('prior_outcome', "'kr'", '0', 'utfall året före'),
        'change_sek': ('change', "'kr'", '0', 'förändring mot året före'),
    } -%}
    {%- set outcome = {'outcome_sek': ('outcome', "'kr'", '0', 'utfall')} -%}
    {%- set budget = {
        'budget_sek': ('budget', "'kr'", '0', 'budget'),
        'deviation_sek': ('deviation', "'kr'", '0', 'avvikelse mot budget'),
    } -%}
    {%- set indicator = {
        'target_value': ('target', 'unit', 'decimals', 'målvärde'),
        'outcome_value': ('outcome', 'unit', 'decimals', 'utfall'),
        'prior_value': ('prior', 'unit', 'decimals', 'utfall året före'),
    } -%}
    {%- set staff_decimals = "case when measure_code in ('employees', 'employment_rate') then 0 else 1 end" -%}
    {%- set staff_decimals_of_difference = "case when measure_code in ('employees', 'employment_rate') then 0"
        ~ " when measure_code in ('additional_time_fte', 'overtime_fte') then 2 else 1 end" -%}
    {%- set staff_unit_of_difference = "case when unit = 'percent' then 'procentenheter' else unit end" -%}
    {%- set staff = {
        'value': ('value', 'unit', staff_decimals, 'utfall'),
        'prior_value': ('prior_value', 'unit', staff_decimals, 'utfall året före'),
        'difference': ('difference', staff_unit_of_difference, staff_decimals_of_difference, 'differens'),
    } -%}
    {%- set sick_leave = {
        'sick_leave_pct': ('sick_leave', "'percent'", '1', 'utfall'),
        'prior_sick_leave_pct': ('prior_sick_leave', "'percent'", '1', 'utfall året före'),
        'difference_pp': ('difference', "'procentenheter'", '1', 'differens'),
        'employees': ('employees', "'antal'", '0', 'anställda'),
    } -%}
    {%- set measured = "case when unit = 'kg/mil' then 2 when unit = 'antal' then 0 else 1 end" -%}
    {{ return([
        {
            'mart': 'budget_outcome',
            'table': ['board_code', 'segment_code', 'fiscal_year'], 'row': ['line_code'], 'year': 'fiscal_year',
            'label': line, 'columns': dict(budget, **dict(outcome, **change)),
            'example': 'KS/ordinary/2023/revenue',
        },
        {
            'mart': 'budget_outcome_unit',
            'table': ['board_code', 'segment_code', 'unit_code', 'fiscal_year'], 'row': ['line_code'],
            'year': 'fiscal_year',
            'label': "unit_name || ', ' || " ~ line, 'columns': dict(budget, **dict(outcome, **change)),
            'example': 'KS/ordinary/15000/2023/revenue',
        },
        {
            'mart': 'comparable_change',
            'table': ['board_code', 'segment_code', 'fiscal_year'], 'row': ['line_code'], 'year': 'fiscal_year',
            'label': line ~ " || ' i jämförbara enheter'", 'columns': dict(outcome, **change),
            'example': 'KS/ordinary/2023/revenue',
        },
        {
            'mart': 'forecast_accuracy', 'where': 'is_latest_report',
            'table': ['board_code', 'segment_code', 'fiscal_year', 'forecast_month'], 'row': ['line_code'],
            'year': 'fiscal_year',
            'label': line ~ " || ', prognosen efter månad ' || cast(forecast_month as string)",
            'columns': {
                'forecast_sek': ('forecast', "'kr'", '0', 'prognos'),
                'outcome_sek': ('outcome', "'kr'", '0', 'utfall'),
                'deviation_sek': ('deviation', "'kr'", '0', 'avvikelse mot prognos'),
                'relative_error_pct': ('relative_error', "'percent'", '1', 'relativt fel'),
                'accuracy_rank': ('accuracy_rank', "'plats'", '0', 'plats i träffsäkerhet'),
            },
            'example': 'KS/ordinary/2023/8/result',
        },
        {
            'mart': 'investment_outcome',
            'table': ['board_code', 'fiscal_year'], 'row': ['node_code'], 'year': 'fiscal_year',
            'label': 'node_name', 'columns': dict(budget, **dict(outcome, **change)),
            'example': 'KS/2023/total',
        },
        {
            'mart': 'indicator_outcome',
            'table': ['indicator_code', 'year'], 'row': [], 'year': 'year',
            'label': 'indicator_name', 'columns': indicator,
            'example': '2.1/2023',
        },
        {
            'mart': 'indicator_outcome_occasion',
            'table': ['indicator_code', 'year', 'occasion_name'], 'row': [], 'year': 'year',
            'label': "indicator_name || ', ' || lower(occasion_name)", 'columns': indicator,
            'example': '2.1/2023/Delårsbokslut',
        },
        {
            'mart': 'indicator_trend',
            'table': ['indicator_code', 'year'], 'row': [], 'year': 'year',
            'label': 'indicator_name',
            'columns': {
                'change_value': ('change', 'unit', '1', 'förändring mot året före'),
                'trend_per_year': ('trend', 'unit', '1', 'trend per år'),
                'comparison_median': ('comparison_median', 'unit', '1', 'median i jämförelsegruppen'),
                'comparison_rank': ('comparison_rank', "'plats'", '0', 'plats i jämförelsegruppen'),
                'comparison_members': ('comparison_members', "'antal'", '0', 'kommuner i jämförelsegruppen'),
            },
            'example': '5.1/2023',
        },
        {
            'mart': 'goal_assessment',
            'table': ['goal_code', 'year', 'occasion_name'], 'row': [], 'year': 'year',
            'label': "'Mål ' || goal_code || ' ' || goal_name || ', ' || lower(occasion_name)",
            'columns': {
                'indicators_total': ('indicators_total', "'antal'", '0', 'indikatorer'),
                'indicators_usable': ('indicators_usable', "'antal'", '0', 'indikatorer med utfall'),
                'indicators_met': ('indicators_met', "'antal'", '0', 'indikatorer som når målvärdet'),
                'indicators_improved': ('indicators_improved', "'antal'", '0', 'indikatorer som har förbättrats'),
            },
            'example': '7/2023/Årsbokslut',
        },
        {
            'mart': 'goal_assessment', 'count': ('goals', 'mål'),
            'table': ['board_code', 'year', 'occasion_name'], 'row': ['assessment'], 'year': 'year',
            'label': "assessment || ', ' || lower(occasion_name)",
            'example': 'KS/2023/Årsbokslut/Helt_uppfyllt',
        },
        {
            'mart': 'goal_assessment', 'count': ('goals_of_priority', 'mål'),
            'table': ['board_code', 'year', 'occasion_name'], 'row': ['priority_code'], 'year': 'year',
            'label': "'Prioritet ' || priority_code || ', ' || lower(occasion_name)",
            'example': 'KS/2023/Årsbokslut/1',
        },
        {
            'mart': 'staff_statistics', 'hidden': 'is_suppressed',
            'table': ['board_code', 'year'], 'row': ['measure_code', 'group_code'], 'year': 'year',
            'label': staff_label(), 'columns': staff,
            'example': 'KS/2023/employees/permanent',
        },
        {
            'mart': 'staff_statistics_unit', 'hidden': 'is_suppressed',
            'table': ['board_code', 'year'], 'row': ['unit_code', 'measure_code', 'group_code'], 'year': 'year',
            'label': "coalesce(unit_name, unit_code) || ', ' || " ~ staff_label(), 'columns': staff,
            'example': 'KS/2023/15000/employees/permanent',
        },
        {
            'mart': 'sick_leave', 'hidden': 'is_suppressed',
            'table': ['board_code', 'year'], 'row': ['breakdown', 'group_code'], 'year': 'year',
            'label': sick_leave_label(), 'columns': sick_leave,
            'example': 'KS/2023/sex/men',
        },
        {
            'mart': 'sick_leave_unit', 'hidden': 'is_suppressed',
            'table': ['board_code', 'year'], 'row': ['unit_code'], 'year': 'year',
            'label': "'Sjukfrånvaro, ' || coalesce(unit_name, unit_code)", 'columns': sick_leave,
            'example': 'KS/2023/15000',
        },
        {
            'mart': 'work_environment',
            'table': ['board_code', 'year'], 'row': ['kind'], 'year': 'year',
            'label': "case kind when 'work_injury' then 'Arbetsskador' else 'Tillbud' end",
            'columns': {
                'incidents': ('incidents', "'antal'", '0', 'antal'),
                'prior_incidents': ('prior_incidents', "'antal'", '0', 'antal året före'),
                'difference': ('difference', "'antal'", '0', 'differens'),
            },
            'example': 'KS/2023/near_miss',
        },
        {
            'mart': 'survey_result', 'hidden': 'is_suppressed',
            'table': ['survey_code', 'year'], 'row': ['question_code', 'group_code'], 'year': 'year',
            'label': "survey_name || ', ' || question_text || ', ' || group_name",
            'columns': {
                'value': ('value', 'unit', 'decimals', 'resultat'),
                'margin_of_error': ('margin_of_error', 'unit', 'decimals', 'felmarginal'),
                'answers': ('answers', "'antal'", '0', 'svar'),
                'respondents': ('respondents', "'antal'", '0', 'svarande'),
            },
            'example': 'chefsenkat/2023/upphandling_tillganglighet/total',
        },
        {
            'mart': 'contract_measure',
            'table': ['board_code', 'year', 'contract_code'], 'row': ['measure_code', 'group_name'], 'year': 'year',
            'label': "coalesce(contract_name, contract_code) || ', ' || measure_name || ' (' || group_name || ')'",
            'columns': {
                'value': ('value', 'unit', measured, 'utfall'),
                'prior_value': ('prior_value', 'unit', measured, 'utfall året före'),
                'difference': ('difference', 'unit', measured, 'differens'),
                'change_pct': ('change', "'percent'", '1', 'förändring mot året före'),
            },
            'example': 'KS/2023/lokalvard/inspections/Samhall',
        },
        {
            'mart': 'contract_review', 'count': ('requirements', 'krav'),
            'table': ['board_code', 'year', 'contract_code'], 'row': ['fulfilled'], 'year': 'year',
            'label': "contract_code || ', ' || lower(fulfilled)",
            'example': 'KS/2023/lokalvard/Delvis',
        },
        {
            'mart': 'internal_control', 'count': ('risks', 'risker'),
            'table': ['board_code', 'year'], 'row': ['assessment'], 'year': 'year',
            'label': "coalesce(assessment, 'Utan bedömning')",
            'example': 'KS/2023/Utan_anmärkning',
        },
        {
            'mart': 'internal_control', 'count': ('risks_with_action', 'risker'), 'where': 'needs_action',
            'table': ['board_code', 'year'], 'row': [], 'year': 'year',
            'label': "'Behöver åtgärdas'",
            'example': 'KS/2023',
        },
        {
            'mart': 'assignment', 'count': ('assignments', 'uppdrag'),
            'table': ['board_code', 'year'], 'row': ['status'], 'year': 'year',
            'label': 'status',
            'example': 'KS/2023/Genomfört',
        },
        {
            'mart': 'sustainability_activity', 'count': ('activities', 'aktiviteter'),
            'table': ['board_code', 'year'], 'row': ['principle_no'], 'year': 'year',
            'label': "'Princip ' || cast(principle_no as string)",
            'example': 'KS/2023/1',
        },
    ]) }}
{%- endmacro %}


{#- What a measure of staff is called by people. -#}
{% macro staff_label() -%}
    case measure_code
        when 'employees' then 'Anställda'
        when 'full_time_equivalents' then 'Årsarbetare'
        when 'employment_rate' then 'Sysselsättningsgrad'
        when 'mean_age' then 'Medelålder'
        when 'hourly_paid_fte' then 'Timavlönade'
        when 'additional_time_fte' then 'Fyllnadstid'
        when 'overtime_fte' then 'Övertid'
        when 'turnover' then 'Personalomsättning'
        else measure_code
    end
    || case group_code when 'permanent' then ', tillsvidare' when 'temporary' then ', visstid' else '' end
{%- endmacro %}


{#- What a group of sick leave is called by people. -#}
{% macro sick_leave_label() -%}
    'Sjukfrånvaro, ' || case
        when breakdown = 'statutory_60' then 'andel i sjukfall om 60 dagar eller mer'
        when group_code = 'total' then 'totalt'
        when group_code = 'women' then 'kvinnor'
        when group_code = 'men' then 'män'
        when group_code = 'under_30' then 'till och med 29 år'
        when group_code = '30_49' then '30–49 år'
        when group_code = '50_and_over' then '50 år och äldre'
        when group_code = 'day_1_14' then 'dag 1–14'
        when group_code = 'day_15_59' then 'dag 15–59'
        when group_code = 'day_60_and_over' then 'dag 60 och längre'
        else group_code
    end
{%- endmacro %}
