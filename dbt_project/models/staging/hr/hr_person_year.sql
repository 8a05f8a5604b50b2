with

-- The years that hours have been delivered for.
years as (
    select
        fiscal_year,
        make_date(fiscal_year - 1, 12, 31) as started_on,
        make_date(fiscal_year, 12, 31) as measured_on
    from {{ ref('hr_month') }}
    group by fiscal_year
),

full_leave as (
    select
        years.fiscal_year,
        absences.employment_key
    from {{ ref('stg_hr__absences') }} as absences
    inner join years on absences.fiscal_year = years.fiscal_year
    where
        absences.cause in ('parental_leave', 'leave_of_absence')
        and absences.extent_pct = 100
        and years.measured_on between absences.absent_from and coalesce(absences.absent_to, date '9999-12-31')
    group by years.fiscal_year, absences.employment_key
),

hours as (
    select
        board_code,
        unit_code,
        fiscal_year,
        person_key,
        sum(ordinary_hours) as ordinary_hours,
        sum(sick_hours_day_1_14) as sick_hours_day_1_14,
        sum(sick_hours_day_15_59) as sick_hours_day_15_59,
        sum(sick_hours_day_60_and_over) as sick_hours_day_60_and_over,
        sum(long_sick_hours) as long_sick_hours,
        sum(hourly_hours) as hourly_hours,
        sum(additional_hours) as additional_hours,
        sum(overtime_hours) as overtime_hours
    from {{ ref('hr_month') }}
    where board_code is not null
    group by board_code, unit_code, fiscal_year, person_key
),

engaged as (
    select
        terms.board_code,
        terms.unit_code,
        years.fiscal_year,
        terms.person_key,
        count_if(terms.employment_form = 'permanent') as permanent_terms,
        count_if(terms.employment_form = 'temporary') as temporary_terms,
        sum(case when terms.employment_form = 'permanent' then terms.contracted_rate_pct end) as permanent_rate_pct,
        sum(
            case
                when terms.employment_form = 'permanent' and full_leave.employment_key is null
                    then terms.contracted_rate_pct
            end
        ) as permanent_fte_pct,
        sum(
            case
                when terms.employment_form = 'temporary' and full_leave.employment_key is null
                    then terms.contracted_rate_pct
            end
        ) as temporary_fte_pct
    from {{ ref('hr_terms') }} as terms
    inner join years on years.measured_on between terms.active_from and terms.active_to
    left join full_leave
        on
            years.fiscal_year = full_leave.fiscal_year
            and terms.employment_key = full_leave.employment_key
    group by terms.board_code, terms.unit_code, years.fiscal_year, terms.person_key
),

started as (
    select
        terms.board_code,
        terms.unit_code,
        years.fiscal_year,
        terms.person_key
    from {{ ref('hr_terms') }} as terms
    inner join years on years.started_on between terms.active_from and terms.active_to
    where terms.employment_form = 'permanent'
    group by terms.board_code, terms.unit_code, years.fiscal_year, terms.person_key
),

-- Permanent employments that ended in the year, where their last terms were. A pension is no leaving.
ended as (
    select
        years.fiscal_year,
        terms.board_code,
        terms.unit_code,
        terms.person_key,
        terms.employed_to
    from {{ ref('hr_terms') }} as terms
    inner join years
        on
            terms.employed_to > years.started_on
            and terms.employed_to <= years.measured_on
    where coalesce(terms.leaving_reason, 'other') <> 'pension'
    qualify
        row_number() over (
            partition by terms.employment_key, terms.employed_to
            order by terms.active_to desc, terms.active_from desc, terms.unit_code asc
        ) = 1
        and terms.employment_form = 'permanent'
),

-- Who has permanent terms there again the day after has not left.
stayed as (
    select
        ended.*,
        count_if(coalesce(again.board_code = ended.board_code, false)) over (
            partition by ended.fiscal_year, ended.person_key, ended.board_code, ended.employed_to
        ) as terms_in_board,
        count_if(
            coalesce(again.board_code = ended.board_code and again.unit_code = ended.unit_code, false)
        ) over (
            partition by ended.fiscal_year, ended.person_key, ended.board_code, ended.unit_code, ended.employed_to
        ) as terms_in_unit
    from ended
    left join {{ ref('hr_terms') }} as again
        on
            ended.person_key = again.person_key
            and again.employment_form = 'permanent'
            and ended.employed_to + 1 between again.active_from and again.active_to
),

left_work as (
    select
        board_code,
        unit_code,
        fiscal_year,
        person_key,
        bool_or(terms_in_board = 0) as left_board,
        bool_or(terms_in_unit = 0) as left_unit
    from stayed
    group by board_code, unit_code, fiscal_year, person_key
),

found as (
    select
        board_code,
        unit_code,
        fiscal_year,
        person_key
    from hours
    union -- one row per person, wherever they are found
    select
        board_code,
        unit_code,
        fiscal_year,
        person_key
    from engaged
    union
    select
        board_code,
        unit_code,
        fiscal_year,
        person_key
    from started
    union
    select
        board_code,
        unit_code,
        fiscal_year,
        person_key
    from left_work
),

persons as (
    select
        person_key,
        max(sex) as sex,
        max(birth_year) as birth_year
    from {{ ref('hr_terms') }}
    group by person_key
)

select
    found.board_code,
    found.unit_code,
    found.fiscal_year,
    found.person_key,
    persons.sex,
    found.fiscal_year - persons.birth_year as age,
    {{ age_group('found.fiscal_year - persons.birth_year') }} as age_group,
    cast(coalesce(hours.ordinary_hours, 0) as decimal(18, 2)) as ordinary_hours,
    cast(
        coalesce(hours.sick_hours_day_1_14 + hours.sick_hours_day_15_59 + hours.sick_hours_day_60_and_over, 0)
        as decimal(18, 6)
    ) as sick_hours,
    cast(coalesce(hours.sick_hours_day_1_14, 0) as decimal(18, 6)) as sick_hours_day_1_14,
    cast(coalesce(hours.sick_hours_day_15_59, 0) as decimal(18, 6)) as sick_hours_day_15_59,
    cast(coalesce(hours.sick_hours_day_60_and_over, 0) as decimal(18, 6)) as sick_hours_day_60_and_over,
    cast(coalesce(hours.long_sick_hours, 0) as decimal(18, 6)) as long_sick_hours,
    cast(coalesce(hours.hourly_hours, 0) as decimal(18, 2)) as hourly_hours,
    cast(coalesce(hours.additional_hours, 0) as decimal(18, 2)) as additional_hours,
    cast(coalesce(hours.overtime_hours, 0) as decimal(18, 2)) as overtime_hours,
    cast(coalesce(engaged.permanent_terms, 0) as integer) as permanent_terms,
    cast(coalesce(engaged.temporary_terms, 0) as integer) as temporary_terms,
    cast(coalesce(engaged.permanent_rate_pct, 0) as decimal(18, 2)) as permanent_rate_pct,
    cast(coalesce(engaged.permanent_fte_pct, 0) as decimal(18, 2)) as permanent_fte_pct,
    cast(coalesce(engaged.temporary_fte_pct, 0) as decimal(18, 2)) as temporary_fte_pct,
    started.person_key is not null as was_permanent,
    coalesce(left_work.left_board, false) as left_board,
    coalesce(left_work.left_unit, false) as left_unit
from found
inner join persons on found.person_key = persons.person_key
{% for part in ('hours', 'engaged', 'started', 'left_work') %}
left join {{ part }}
    on
        found.board_code = {{ part }}.board_code
        and found.unit_code = {{ part }}.unit_code
        and found.fiscal_year = {{ part }}.fiscal_year
        and found.person_key = {{ part }}.person_key
{% endfor %}
order by found.board_code, found.unit_code, found.fiscal_year, found.person_key
