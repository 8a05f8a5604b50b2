-- Catches a grain that is not one: a key that occurs twice, or that lacks a part it must have. The grains are
-- declared in macros/grains.sql.
with

broken as (
    {{ broken_grains() }}
)

select message
from broken
