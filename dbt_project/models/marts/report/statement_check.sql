with

claims as (
    select
        *,
        {{ half_step('claimed_decimals') }} as half_step,
        {{ unit_factor('claimed_unit') }} as factor,
        claimed_unit is null or {{ unit_of_figures('claimed_unit') }} = unit as is_unit_right
    from {{ ref('fct_claim') }}
),

compared as (
    select
        claims.*,
        not claims.has_amount
        or (claims.is_unit_right and {{ is_printed_as('claims.computed_value', 'claims', 'claims.factor') }})
            as is_amount_right,
        case
            when not claims.has_amount or claims.claimed_value = 0 then null
            when claims.unit <> 'kr'
                then case when {{ is_printed_as('claims.computed_value', 'claims', 1) }} then claims.unit end
            when {{ is_printed_as('claims.computed_value', 'claims', 1) }} then 'kr'
            when {{ is_printed_as('claims.computed_value', 'claims', 1000) }} then 'tkr'
            when {{ is_printed_as('claims.computed_value', 'claims', 1000000) }} then 'mnkr'
        end as right_unit
    from claims
),

-- Two claims of the same figures that exclude each other: both largest, or one more and the other less.
contradicted as (
    select
        claims.statement_id,
        claims.claim_no,
        min(others.statement_id) as other_statement_id
    from claims
    inner join claims as others
        on
            claims.compared_ids = others.compared_ids
            and claims.statement_id <> others.statement_id
            and (
                (
                    claims.relation in ('largest', 'smallest')
                    and claims.relation = others.relation
                    and claims.figure_id <> others.figure_id
                    and claims.last_place = 1
                    and others.last_place = 1
                )
                or (
                    claims.figure_id = others.figure_id
                    and (claims.relation, others.relation) in (
                        ('increased', 'decreased'),
                        ('decreased', 'increased'),
                        ('greater', 'less'),
                        ('less', 'greater')
                    )
                )
            )
    group by claims.statement_id, claims.claim_no
),

-- Whose number it is instead: the same figure's of another year, or another figure's of the same table, the nearest
-- first - the same row, then the same column.
mistaken as (
    select
        claims.statement_id,
        claims.claim_no,
        others.figure_id,
        others.label,
        others.value,
        others.unit,
        others.decimals,
        others.series_id = own.series_id as is_other_year
    from compared as claims
    inner join {{ ref('figure') }} as own on claims.figure_id = own.figure_id
    inner join {{ ref('figure') }} as others
        on
            (own.table_id = others.table_id or own.series_id = others.series_id)
            and own.figure_id <> others.figure_id
            and own.unit = others.unit
            and others.value <> 0
    where
        not claims.is_amount_right
        and claims.is_unit_right
        and claims.obstacle is null
        and claims.relation not in ('count', 'sum', 'largest', 'smallest')
        and {{ is_printed_as('others.value', 'claims', 'claims.factor') }}
    qualify
        row_number() over (
            partition by claims.statement_id, claims.claim_no
            order by
                case when own.series_id = others.series_id then 1 else 2 end asc,
                case when own.row_id is not distinct from others.row_id then 1 else 2 end asc,
                case when own.column_id = others.column_id then 1 else 2 end asc,
                others.figure_id asc
        ) = 1
),

judged as (
    select
        claims.*,
        contradicted.other_statement_id,
        mistaken.label as mistaken_label,
        mistaken.figure_id as mistaken_id,
        mistaken.value as mistaken_value,
        mistaken.unit as mistaken_unit,
        mistaken.decimals as mistaken_decimals,
        claims.goes_that_way and claims.is_amount_right as holds,
        case
            when contradicted.other_statement_id is not null then 'contradiction'
            when claims.obstacle is not null then 'not_computable'
            when claims.base_year <> claims.compared_year then 'wrong_year'
            when claims.goes_that_way and claims.is_amount_right then 'agrees'
            when claims.goes_that_way and claims.right_unit is not null then 'unit_slip'
            when not claims.is_unit_right then 'not_computable'
            when mistaken.is_other_year then 'wrong_year'
            when mistaken.figure_id is not null then 'wrong_figure'
            else 'disagrees'
        end as verdict
    from compared as claims
    left join contradicted
        on
            claims.statement_id = contradicted.statement_id
            and claims.claim_no = contradicted.claim_no
    left join mistaken on claims.statement_id = mistaken.statement_id and claims.claim_no = mistaken.claim_no
),

explained as (
    select
        *,
        case
            when verdict = 'contradiction'
                then
                    'Påståendet och ' || other_statement_id || ' utesluter varandra. '
                    || case
                        when obstacle is not null then 'Siffrorna kan inte avgöra: ' || obstacle
                        when holds then 'Siffrorna stöder det här: ' || finding || '.'
                        else 'Siffrorna stöder inte det här: ' || finding || '.'
                    end
            when obstacle is not null then obstacle
            when verdict = 'not_computable'
                then 'Enheten ' || claimed_unit || ' passar inte: ' || finding || '.'
            when verdict = 'agrees' then finding || '.'
            when verdict = 'unit_slip'
                then 'Talet stämmer i ' || right_unit || ', inte i ' || claimed_unit || ': ' || finding || '.'
            when mistaken_label is not null and not coalesce(base_year <> compared_year, false)
                then
                    'Talet är en annan siffras: ' || mistaken_label || ' är '
                    || {{ printed_figure('mistaken_value', 'mistaken_unit', 'mistaken_decimals') }}
                    || ' (' || mistaken_id || '). ' || finding || '.'
            when verdict = 'wrong_year'
                then
                    'Jämförelsen är med ' || cast(compared_year as string) || ', inte ' || cast(base_year as string)
                    || case when holds then '; mot ' || cast(compared_year as string) || ' stämmer den' else '' end
                    || '. ' || finding || '.'
            else 'Siffrorna säger annat: ' || finding || '.'
        end as reason
    from judged
),

-- A statement is as its worst claim: one that is wrong, else one that cannot be tried, else the first.
deciding as (
    select
        *,
        count(*) over (partition by statement_id) as claims,
        row_number() over (
            partition by statement_id
            order by case verdict when 'agrees' then 3 when 'not_computable' then 2 else 1 end asc, claim_no asc
        ) as place
    from explained
)

select
    statement_id,
    board_code,
    year,
    statement_text,
    claimed_value,
    claimed_unit,
    figure_id,
    cast(
        case when verdict <> 'not_computable' then {{ in_unit('computed_value', 'claimed_unit') }} end as decimal(22, 4)
    ) as computed_value,
    verdict,
    case
        when claims = 1 then reason
        when verdict = 'agrees' then 'Alla ' || cast(claims as string) || ' led stämmer. ' || reason
        else 'Led ' || cast(claim_no as string) || ' av ' || cast(claims as string) || ': ' || reason
    end as explanation,
    relation,
    claimed_decimals,
    cast(claims as integer) as claims,
    unknown_figures
from deciding
where place = 1
order by statement_id
