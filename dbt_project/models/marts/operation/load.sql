select
    load_id,
    source_code,
    file_name,
    sha256,
    received_at,
    period_from,
    period_to,
    rows_in,
    rows_loaded,
    rows_quarantined,
    rows_duplicate,
    status,
    message
from {{ ref('stg_deliveries__load') }}
order by received_at, load_id
