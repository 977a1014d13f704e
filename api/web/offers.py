"""Which parts of the query grammar an answer takes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """A list takes the whole grammar but `without`, and `also` its own parameters.

    `sort` is what it is sorted by when nothing is asked; `best_first`: with `q`, the best come
    first instead; `all_languages`: `lang=*` can be asked for.
    """

    without: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    sort: str = "id"
    best_first: bool = True
    all_languages: bool = True


LIST = Offer()
"""A page of JSON."""
FEED = Offer(("fields", "include", "facets"), sort="-updated_at", all_languages=False)
"""A page of entries, the newest first."""
WHOLE = Offer(
    ("fields", "include", "facets", "limit", "cursor"), best_first=False, all_languages=False
)
"""All records at once."""
TABLE = Offer(
    ("include", "facets", "limit", "cursor"), ("csv_bom",), best_first=False, all_languages=False
)
"""All records at once, of which some fields."""
