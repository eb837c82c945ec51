"""The bank holidays of England and Wales that the tests of the rules count with."""

import holidays

from saferhub.partnership.rules.working_days import BankHolidays

FIRST_YEAR, LAST_YEAR = 2017, 2028


def england() -> BankHolidays:
    """An independent calendar: not the pack's own file."""
    days = holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR, LAST_YEAR + 1))
    return BankHolidays.of(sorted(days.items()), first_year=FIRST_YEAR, last_year=LAST_YEAR)


ENGLAND = england()
