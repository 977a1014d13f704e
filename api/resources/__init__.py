"""The routes, one module a collection."""

from . import (
    actions,
    bundles,
    catalog,
    change_feed,
    cities,
    documents,
    files,
    findings,
    health,
    imports,
    metrics,
    packs,
    pages,
    problems,
    projects,
    recommendations,
    record_pages,
    root,
    search,
    search_page,
    sitemap,
    sync,
    workshops,
)

BLUEPRINTS = tuple(
    module.blueprint
    for module in (
        projects,
        cities,
        workshops,
        documents,
        files,
        findings,
        recommendations,
        actions,
        search,
        sync,
        change_feed,
        imports,
        bundles,
        packs,
        catalog,
        root,
        problems,
    )
)
"""What stands under /api/v1, in the order of the contract."""

HEALTH = health.blueprint
_PAGES = (pages, record_pages, search_page, sitemap, metrics)
PAGES = (*(each.blueprint for each in _PAGES), catalog.well_known)
"""What stands outside the API and is no part of the contract: pages for people, what leads search
engines to them, the API's sign, and counts for whoever runs it."""
