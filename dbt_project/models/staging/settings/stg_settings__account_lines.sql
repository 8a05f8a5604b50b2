with

source as (
    select * from {{ source('settings', 'settings__account_lines') }}
),

renamed as (
    select
        cast(account as string) as account,
        cast(line_code as string) as line_code
    from source
)

select * from renamed
