with

assignments as (
    select
        *,
        status = 'Genomfört' as is_completed
    from {{ ref('stg_followup__assignments') }}
),

registered as (
    select
        board_code,
        year
    from assignments
    group by board_code, year
)

select
    assignments.board_code,
    assignments.year,
    assignments.assignment_code,
    assignments.assignment_text,
    assignments.status,
    assignments.comment,
    assignments.decided_on,
    assignments.reported_on,
    assignments.is_completed,
    case when registered.year is not null then year_before.assignment_code is not null end as is_returning,
    year_before.status as prior_status,
    case
        when registered.year is not null
            then not assignments.is_completed and not coalesce(year_before.is_completed, true)
    end as is_still_open
from assignments
left join registered
    on
        assignments.board_code = registered.board_code
        and assignments.year = registered.year + 1
left join assignments as year_before
    on
        assignments.board_code = year_before.board_code
        and assignments.year = year_before.year + 1
        and assignments.assignment_code = year_before.assignment_code
order by assignments.board_code, assignments.year, assignments.assignment_code
