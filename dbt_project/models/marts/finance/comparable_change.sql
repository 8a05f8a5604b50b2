with

-- What is on no unit belongs to the default board every year, and is compared.
weighed as (
    select
        statement.*,
        case when statement.unit_code is null or unit_years.is_comparable then 1 else 0 end as weight
    from {{ ref('fct_statement') }} as statement
    left join {{ ref('dim_org_unit_year') }} as unit_years
        on
            statement.unit_code = unit_years.unit_code
            and statement.fiscal_year = unit_years.fiscal_year
),

summed as (
    select
        board_code,
        segment_code,
        fiscal_year,
        line_code,
        sum(outcome_sek * weight) as outcome_sek,
        sum(prior_outcome_sek * weight) as prior_outcome_sek
    from weighed
    group by board_code, segment_code, fiscal_year, line_code
),

-- Units that belonged to the board and segment some day in the two years, and are not compared.
left_out as (
    select
        units.board_code,
        units.segment_code,
        unit_years.fiscal_year,
        unit_years.unit_code,
        unit_years.unit_name
    from {{ ref('dim_org_unit_year') }} as unit_years
    inner join {{ ref('dim_org_unit') }} as units
        on
            unit_years.unit_code = units.unit_code
            and units.valid_from <= make_date(unit_years.fiscal_year, 12, 31)
            and units.valid_to >= make_date(unit_years.fiscal_year - 1, 1, 1)
    where not unit_years.is_comparable
    group by
        units.board_code,
        units.segment_code,
        unit_years.fiscal_year,
        unit_years.unit_code,
        unit_years.unit_name
),

named as (
    select
        board_code,
        segment_code,
        fiscal_year,
        {{ text_list('unit_name') }} as excluded_units
    from left_out
    group by board_code, segment_code, fiscal_year
)

select
    summed.board_code,
    boards.board_name,
    summed.segment_code,
    segments.segment_name,
    summed.fiscal_year,
    statement_lines.line_no,
    summed.line_code,
    statement_lines.line_name,
    statement_lines.is_total,
    cast(summed.outcome_sek as decimal(18, 2)) as outcome_sek,
    cast(summed.prior_outcome_sek as decimal(18, 2)) as prior_outcome_sek,
    cast(summed.outcome_sek - summed.prior_outcome_sek as decimal(18, 2)) as change_sek,
    named.excluded_units
from summed
left join named
    on
        summed.board_code = named.board_code
        and summed.segment_code = named.segment_code
        and summed.fiscal_year = named.fiscal_year
left join {{ ref('dim_board') }} as boards on summed.board_code = boards.board_code
left join {{ ref('segment') }} as segments on summed.segment_code = segments.segment_code
left join {{ ref('statement_line') }} as statement_lines on summed.line_code = statement_lines.line_code
order by summed.board_code, summed.fiscal_year, summed.segment_code, statement_lines.line_no
