"""Canadian French: `1 234,5`, `16 h 30`, `22 novembre 2026`, `2026-11-22`.

Django has these as `fr_CA`, but government addresses use `/fr/`, so our language code is `fr`.
The spaces are U+00A0: a number never breaks from its unit, nor a day from its month. What a
format cannot say, `1er` for the first of a month, is said by the templates that print dates.
"""

DATE_FORMAT = "j\xa0F\xa0Y"
TIME_FORMAT = "G\xa0\\h\xa0i"
DATETIME_FORMAT = "j\xa0F\xa0Y, G\xa0\\h\xa0i"
YEAR_MONTH_FORMAT = "F\xa0Y"
MONTH_DAY_FORMAT = "j\xa0F"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d G\xa0\\h\xa0i"
FIRST_DAY_OF_WEEK = 0
DATE_INPUT_FORMATS = ["%Y-%m-%d"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
