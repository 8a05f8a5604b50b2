with

-- An action that says there is none, in the words registers say it with, is none.
risks as (
    select
        *,
        coalesce(assessment in ('Brist', 'Ej genomförd'), false)
        or coalesce(
            not (
                lower(action) like 'ingen åtgärd%'
                or lower(action) like 'inga åtgärder%'
                or lower(action) like 'ingen ytterligare åtgärd%'
                or lower(action) like 'inga ytterligare åtgärder%'
            ),
            false
        ) as needs_action
    from {{ ref('stg_followup__internal_control') }}
),

registered as (
    select
        board_code,
        year
    from risks
    group by board_code, year
)

select
    risks.board_code,
    risks.year,
    risks.risk_code,
    risks.risk_name,
    risks.risk_description,
    risks.control_description,
    risks.assessment,
    risks.result,
    risks.action,
    risks.needs_action,
    case when registered.year is not null then year_before.risk_code is not null end as is_returning,
    year_before.assessment as prior_assessment,
    year_before.needs_action as prior_needs_action,
    case
        when registered.year is not null then risks.needs_action and coalesce(year_before.needs_action, false)
    end as is_action_unfinished
from risks
left join registered
    on
        risks.board_code = registered.board_code
        and risks.year = registered.year + 1
left join risks as year_before
    on
        risks.board_code = year_before.board_code
        and risks.year = year_before.year + 1
        and risks.risk_code = year_before.risk_code
order by risks.board_code, risks.year, risks.risk_code
