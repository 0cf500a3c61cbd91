"""Canadian English: `1,234.5`, `4:30 p.m.`, `November 22, 2026`, `2026-11-22`."""

DATE_FORMAT = "F\xa0j, Y"
TIME_FORMAT = "g:i\xa0a"
DATETIME_FORMAT = "F\xa0j, Y, g:i\xa0a"
YEAR_MONTH_FORMAT = "F\xa0Y"
MONTH_DAY_FORMAT = "F\xa0j"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d g:i\xa0a"
FIRST_DAY_OF_WEEK = 0
DATE_INPUT_FORMATS = ["%Y-%m-%d"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
