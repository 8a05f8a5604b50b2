"""CSV and Excel as people really write them: a text table first, typed values after.

    values    one cell of text -> exact amount, date, period, year or code
    encoding  bytes -> text, with the evidence for the character set
    csv_rows  text -> numbered rows of cells
    workbook  an Excel file -> numbered rows of cells, after its size has been capped
    marks     an Excel file -> which of its cells are merged, which are formulas
    table     either -> ``TextTable``: the header found, totals, notes and blank rows set aside and counted
    extract   either, or Parquet -> text columns in one stroke, for files of millions of rows

Belongs here: what is true of any table in any file. Not here: which columns a source wants (``sources.column_map``)
and what they mean (each source).
"""
