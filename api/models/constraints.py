"""Named checks. Each has a test that violates it once."""

from sqlalchemy import CheckConstraint


def latitude() -> CheckConstraint:
    """Degrees north, WGS 84."""
    return CheckConstraint("latitude BETWEEN -90 AND 90", "latitude_range")


def longitude() -> CheckConstraint:
    """Degrees east, WGS 84."""
    return CheckConstraint("longitude BETWEEN -180 AND 180", "longitude_range")


def located_wholly() -> CheckConstraint:
    """A point has both coordinates or none."""
    return CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", "located_wholly")


def positive(column: str) -> CheckConstraint:
    """At least one."""
    return CheckConstraint(f"{column} >= 1", f"{column}_positive")


def ends_after_start() -> CheckConstraint:
    """The last day that the end can mean is not before the first day of the start.

    A missing date has first day 9999-12-31 and last day 0001-01-01, and is not compared.
    """
    return CheckConstraint(
        "starts_on IS NULL OR ends_on IS NULL OR starts_on_first <= ends_on_last",
        "ends_after_start",
    )
