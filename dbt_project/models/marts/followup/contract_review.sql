with

-- A remark leaves the requirement met; a deviation from it does not.
requirements as (
    select
        *,
        case when fulfilled <> 'Ej aktuellt' then fulfilled in ('Ja', 'Ja med anmärkning') end as is_met,
        fulfilled not in ('Ja', 'Ej aktuellt') as has_deficiency
    from {{ ref('stg_followup__contract_reviews') }}
),

reviewed as (
    select
        board_code,
        year,
        contract_code
    from requirements
    group by board_code, year, contract_code
)

select
    requirements.board_code,
    requirements.year,
    requirements.contract_code,
    requirements.contract_name,
    requirements.supplier_name,
    requirements.requirement_no,
    requirements.requirement_text,
    requirements.fulfilled,
    requirements.is_met,
    requirements.deficiency,
    requirements.effect,
    requirements.action,
    requirements.has_deficiency,
    year_before.fulfilled as prior_fulfilled,
    case
        when reviewed.year is not null
            then requirements.has_deficiency and coalesce(year_before.has_deficiency, false)
    end as is_repeated_deficiency
from requirements
left join reviewed
    on
        requirements.board_code = reviewed.board_code
        and requirements.year = reviewed.year + 1
        and requirements.contract_code = reviewed.contract_code
left join requirements as year_before
    on
        requirements.board_code = year_before.board_code
        and requirements.year = year_before.year + 1
        and requirements.contract_code = year_before.contract_code
        and requirements.requirement_no = year_before.requirement_no
order by requirements.board_code, requirements.year, requirements.contract_code, requirements.requirement_no
