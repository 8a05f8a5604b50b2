with

delivered as (
    select
        employment_key,
        fiscal_year,
        period,
        scheduled_hours,
        0 as hourly_hours,
        0 as additional_hours,
        0 as overtime_hours
    from {{ ref('stg_hr__scheduled_hours') }}
    union all
    select
        employment_key,
        fiscal_year,
        period,
        0 as scheduled_hours,
        case when hours_kind = 'hourly' then worked_hours else 0 end as hourly_hours,
        case when hours_kind = 'additional' then worked_hours else 0 end as additional_hours,
        case when hours_kind = 'overtime' then worked_hours else 0 end as overtime_hours
    from {{ ref('stg_hr__worked_hours') }}
),

hours as (
    select
        employment_key,
        fiscal_year,
        period,
        make_date(fiscal_year, period % 100, 1) as starts_on,
        last_day(make_date(fiscal_year, period % 100, 1)) as ends_on,
        sum(scheduled_hours) as scheduled_hours,
        sum(hourly_hours) as hourly_hours,
        sum(additional_hours) as additional_hours,
        sum(overtime_hours) as overtime_hours
    from delivered
    group by employment_key, fiscal_year, period
),

-- The terms of the last day of the month, else the last in it. Without any, the hours have no unit; a test tells.
months as (
    select
        hours.*,
        terms.person_key,
        terms.board_code,
        terms.unit_code,
        greatest(
            min(terms.employed_from) over (partition by hours.employment_key, hours.period), hours.starts_on
        ) as employed_since,
        least(
            max(terms.employed_to) over (partition by hours.employment_key, hours.period), hours.ends_on
        ) as employed_through
    from hours
    left join {{ ref('hr_terms') }} as terms
        on
            hours.employment_key = terms.employment_key
            and hours.starts_on <= terms.active_to
            and hours.ends_on >= terms.active_from
    qualify
        row_number() over (
            partition by hours.employment_key, hours.period
            order by least(terms.active_to, hours.ends_on) desc, terms.active_from desc, terms.unit_code asc
        ) = 1
),

-- A file of a year speaks of the days of that year only.
reported as (
    select
        load_id,
        row_no,
        employment_key,
        fiscal_year,
        extent_pct,
        absent_from,
        greatest(absent_from, make_date(fiscal_year, 1, 1)) as counted_from,
        least(coalesce(absent_to, date '9999-12-31'), make_date(fiscal_year, 12, 31)) as counted_to
    from {{ ref('stg_hr__absences') }}
    where cause = 'sick_leave'
),

-- Rows without a day between them are one spell, whatever their extent.
marked as (
    select
        *,
        case
            when
                counted_from <= max(counted_to) over (
                    partition by employment_key
                    order by counted_from, load_id, row_no
                    rows between unbounded preceding and 1 preceding
                ) + 1
                then 0
            else 1
        end as begins_spell
    from reported
    where counted_from <= counted_to
),

numbered as (
    select
        *,
        sum(begins_spell) over (
            partition by employment_key
            order by counted_from, load_id, row_no
            rows between unbounded preceding and current row
        ) as spell_no
    from marked
),

-- Day 1 is the first day of the spell, also when it is before the year. A spell is long from its 60th day in the year.
spells as (
    select
        *,
        min(absent_from) over (partition by employment_key, spell_no) as spell_from,
        max(counted_to) over (partition by employment_key, spell_no, fiscal_year) as spell_to
    from numbered
),

bands as (
    select
        'day_1_14' as day_band,
        0 as days_before,
        13 as days_after
    union all
    select
        'day_15_59' as day_band,
        14 as days_before,
        58 as days_after
    union all
    select
        'day_60_and_over' as day_band,
        59 as days_before,
        99999 as days_after
),

-- The part of each spell row that is in a month and a band. Its days are counted by their numbers, never listed.
pieces as (
    select
        months.employment_key,
        months.period,
        bands.day_band,
        {{ day_number('spells.spell_to') }} - {{ day_number('spells.spell_from') }} >= 59 as is_long,
        spells.extent_pct,
        greatest(
            spells.counted_from, months.employed_since, spells.spell_from + bands.days_before
        ) as piece_from,
        least(spells.counted_to, months.employed_through, spells.spell_from + bands.days_after) as piece_to
    from spells
    inner join months
        on
            spells.employment_key = months.employment_key
            and spells.fiscal_year = months.fiscal_year
            and spells.counted_from <= months.employed_through
            and spells.counted_to >= months.employed_since
    inner join bands
        on
            spells.spell_from + bands.days_before <= spells.counted_to
            and spells.spell_from + bands.days_after >= spells.counted_from
),

sick_days as (
    select
        employment_key,
        period,
        day_band,
        is_long,
        sum(
            ({{ weekdays_through('piece_to') }} - {{ weekdays_through('piece_from - 1') }}) * extent_pct
        ) as sick_days_pct
    from pieces
    where piece_from <= piece_to
    group by employment_key, period, day_band, is_long
),

-- Sick leave takes its part of the month's hours by Mondays to Fridays; cast before any sum, so that sums are exact.
sick_hours as (
    select
        sick_days.employment_key,
        sick_days.period,
        sick_days.day_band,
        sick_days.is_long,
        cast(
            {{ share(
                'months.scheduled_hours * sick_days.sick_days_pct',
                '100 * (' ~ weekdays_through('months.employed_through') ~ ' - '
                ~ weekdays_through('months.employed_since - 1') ~ ')'
            ) }} as decimal(18, 6)
        ) as sick_hours
    from sick_days
    inner join months
        on
            sick_days.employment_key = months.employment_key
            and sick_days.period = months.period
),

sick_months as (
    select
        employment_key,
        period,
        sum(case when day_band = 'day_1_14' then sick_hours end) as sick_hours_day_1_14,
        sum(case when day_band = 'day_15_59' then sick_hours end) as sick_hours_day_15_59,
        sum(case when day_band = 'day_60_and_over' then sick_hours end) as sick_hours_day_60_and_over,
        sum(case when is_long then sick_hours end) as long_sick_hours
    from sick_hours
    group by employment_key, period
)

select
    months.employment_key,
    months.period,
    months.fiscal_year,
    months.person_key,
    months.board_code,
    months.unit_code,
    cast(months.scheduled_hours as decimal(18, 2)) as ordinary_hours,
    cast(coalesce(sick_months.sick_hours_day_1_14, 0) as decimal(18, 6)) as sick_hours_day_1_14,
    cast(coalesce(sick_months.sick_hours_day_15_59, 0) as decimal(18, 6)) as sick_hours_day_15_59,
    cast(coalesce(sick_months.sick_hours_day_60_and_over, 0) as decimal(18, 6)) as sick_hours_day_60_and_over,
    cast(coalesce(sick_months.long_sick_hours, 0) as decimal(18, 6)) as long_sick_hours,
    cast(months.hourly_hours as decimal(18, 2)) as hourly_hours,
    cast(months.additional_hours as decimal(18, 2)) as additional_hours,
    cast(months.overtime_hours as decimal(18, 2)) as overtime_hours
from months
left join sick_months
    on
        months.employment_key = sick_months.employment_key
        and months.period = sick_months.period
order by months.employment_key, months.period
