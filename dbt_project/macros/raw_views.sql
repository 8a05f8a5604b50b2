{#-
    Make one view `raw.<table>` for every declared source table, over `$BOKSLUT_RAW/<table>/*.parquet`.

    A table without files stops the run: an empty table is a file with no rows. The exception is the tables tagged
    `closing`, which are written after the main build: without files they get no view, and the models on them fail.
-#}
{% macro create_raw_views() %}
    {% if execute %}
        {% set raw = env_var('BOKSLUT_RAW') %}
        {% do run_query('create schema if not exists ' ~ target.database ~ '.raw') %}
        {% for table in graph.sources.values() %}
            {% set files = (raw ~ '/' ~ table.name ~ '/*.parquet') | replace("'", "''") %}
            {% if 'closing' not in table.tags or has_files(files) %}
                {% set rows = 'select * from ' ~ parquet(files) %}
                {% do run_query('create or replace view ' ~ table.relation_name ~ ' as ' ~ rows) %}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}


{#- Whether any file matches the pattern. -#}
{% macro has_files(pattern) %}
    {% do return(run_query("select count(*) as files from glob('" ~ pattern ~ "')").columns[0][0] > 0) %}
{% endmacro %}


{#- The rows of all files that match, by column name: a delivery written before a column was added lacks it. -#}
{% macro parquet(pattern) %}
    {% do return("read_parquet('" ~ pattern ~ "', union_by_name = true, hive_partitioning = false)") %}
{% endmacro %}
