with

-- The days that are looked back from: each occasion's own, and now, which is after everything.
standpoints as (
    select
        year as occasion_year,
        occasion_name,
        reported_on as known_on
    from {{ ref('stg_goal__occasions') }}
    union all
    select
        cast(null as integer) as occasion_year,
        cast(null as string) as occasion_name,
        date '9999-12-31' as known_on
),

-- Those we compare with are only looked at as they are now.
seen as (
    select
        reports.*,
        standpoints.occasion_year,
        standpoints.occasion_name,
        max(case when reports.value is null then reports.reported_on end) over (
            partition by
                standpoints.occasion_year,
                standpoints.occasion_name,
                reports.indicator_code,
                reports.municipality_code,
                reports.year,
                reports.source_name
        ) as withdrawn_on
    from {{ ref('fct_indicator_value') }} as reports
    inner join standpoints on reports.reported_on <= standpoints.known_on
    left join {{ ref('stg_settings__municipality') }} as ours on reports.municipality_code = ours.municipality_code
    where ours.municipality_code is not null or standpoints.occasion_name is null
),

-- A source that has withdrawn a value has none until it reports again. A final value holds over a preliminary one.
known as (
    select *
    from seen
    where value is not null and (withdrawn_on is null or reported_on > withdrawn_on)
    qualify
        row_number() over (
            partition by occasion_year, occasion_name, indicator_code, municipality_code, year
            order by
                case when status = 'final' then 1 else 2 end asc,
                reported_on desc,
                source_name asc
        ) = 1
)

select
    occasion_year,
    occasion_name,
    indicator_code,
    definition_from_year,
    municipality_code,
    year,
    value,
    status,
    reported_on,
    source_name
from known
order by occasion_year nulls first, occasion_name nulls first, indicator_code, municipality_code, year
