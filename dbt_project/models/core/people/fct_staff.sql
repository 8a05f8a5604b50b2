with

-- A person in two units is one of the board.
persons as (
    select
        board_code,
        cast(null as string) as unit_code,
        fiscal_year,
        person_key,
        age,
        sum(permanent_terms) as permanent_terms,
        sum(temporary_terms) as temporary_terms,
        sum(permanent_rate_pct) as permanent_rate_pct,
        sum(permanent_fte_pct) as permanent_fte_pct,
        sum(temporary_fte_pct) as temporary_fte_pct,
        sum(hourly_hours) as hourly_hours,
        sum(additional_hours) as additional_hours,
        sum(overtime_hours) as overtime_hours,
        bool_or(was_permanent) as was_permanent,
        bool_or(left_board) as has_left
    from {{ ref('hr_person_year') }}
    group by board_code, fiscal_year, person_key, age
    union all
    select
        board_code,
        unit_code,
        fiscal_year,
        person_key,
        age,
        permanent_terms,
        temporary_terms,
        permanent_rate_pct,
        permanent_fte_pct,
        temporary_fte_pct,
        hourly_hours,
        additional_hours,
        overtime_hours,
        was_permanent,
        left_unit as has_left
    from {{ ref('hr_person_year') }}
),

summed as (
    select
        board_code,
        unit_code,
        fiscal_year,
        count_if(permanent_terms > 0) as permanent_employees,
        count_if(temporary_terms > 0) as temporary_employees,
        sum(permanent_terms) as permanent_terms,
        sum(permanent_rate_pct) as permanent_rate_pct,
        sum(permanent_fte_pct) as permanent_fte_pct,
        sum(temporary_fte_pct) as temporary_fte_pct,
        sum(case when permanent_terms > 0 then age end) as permanent_age_years,
        sum(hourly_hours) as hourly_hours,
        sum(additional_hours) as additional_hours,
        sum(overtime_hours) as overtime_hours,
        count_if(was_permanent) as permanent_at_start,
        count_if(has_left) as leavers
    from persons
    group by board_code, unit_code, fiscal_year
),

measured as (
    select
        summed.board_code,
        summed.unit_code,
        summed.fiscal_year,
        measures.measure_no,
        measures.measure_code,
        measures.group_code,
        cast(
            case
                when measures.group_code = 'temporary'
                    then
                        case measures.measure_code
                            when 'employees' then summed.temporary_employees
                            when 'full_time_equivalents' then summed.temporary_fte_pct
                        end
                else
                    case measures.measure_code
                        when 'employees' then summed.permanent_employees
                        when 'full_time_equivalents' then summed.permanent_fte_pct
                        when 'employment_rate' then summed.permanent_rate_pct
                        when 'mean_age' then summed.permanent_age_years
                        when 'hourly_paid_fte' then summed.hourly_hours
                        when 'additional_time_fte' then summed.additional_hours
                        when 'overtime_fte' then summed.overtime_hours
                        when 'turnover' then 100 * summed.leavers
                    end
            end as decimal(18, 2)
        ) as numerator,
        cast(
            case measures.measure_code
                when 'employees' then 1
                when 'full_time_equivalents' then 100
                when 'employment_rate' then summed.permanent_terms
                when 'mean_age' then summed.permanent_employees
                when 'turnover' then summed.permanent_at_start
                else staff.hours_per_full_time_year
            end as integer
        ) as denominator,
        cast(
            case measures.measure_code
                when 'turnover' then summed.permanent_at_start else summed.permanent_employees
            end as integer
        ) as group_size
    from summed
    cross join {{ ref('staff_measure') }} as measures
    cross join {{ ref('stg_settings__staff') }} as staff
    where measures.is_told_by_unit or summed.unit_code is null
)

select
    board_code,
    unit_code,
    fiscal_year,
    measure_no,
    measure_code,
    group_code,
    numerator,
    denominator,
    group_size
from measured
order by board_code, unit_code nulls first, fiscal_year, measure_no
