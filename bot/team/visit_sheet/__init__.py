"""The Excel sheet of visits: the template that is handed out, and the filled sheet that comes back.

The way: `template` makes a workbook for some hamlets; `workbook` opens one that came, safely; `reading` turns its cells
into rows or says what is wrong with them; `planning` asks the database what each row would do, and changes nothing;
`saving` does it. `report` puts a plan into words, `service` is the chat's side of it.
"""
