with

source as (
    select delivered.*
    from {{ source('statement', 'statement__claims') }} as delivered
    where {{ is_current('delivered', 'statement__claims', fiscal_year='delivered.year') }}
),

renamed as (
    select
        cast(load_id as string) as load_id,
        cast(row_no as bigint) as row_no,
        cast(statement_id as string) as statement_id,
        cast(claim_no as integer) as claim_no,
        cast(board_code as string) as board_code,
        cast(year as integer) as year,
        cast(statement_text as string) as statement_text,
        cast(relation as string) as relation,
        cast(claimed_value as decimal(18, 4)) as claimed_value,
        cast(claimed_decimals as integer) as claimed_decimals,
        cast(is_signed as boolean) as is_signed,
        cast(claimed_unit as string) as claimed_unit,
        cast(base_year as integer) as base_year,
        cast(claimed_rank as integer) as claimed_rank,
        cast(figure_ids as string) as figure_ids,
        cast(against_ids as string) as against_ids,
        cast(share_of_id as string) as share_of_id,
        cast(not_held as string) as not_held
    from source
)

select * from renamed
