"""The routes, one module a collection."""

from . import (
    actions,
    bundles,
    cities,
    documents,
    findings,
    health,
    imports,
    pages,
    problems,
    projects,
    recommendations,
    root,
    search,
    workshops,
)

BLUEPRINTS = tuple(
    module.blueprint
    for module in (
        projects,
        cities,
        workshops,
        documents,
        findings,
        recommendations,
        actions,
        search,
        imports,
        bundles,
        root,
        problems,
    )
)
"""What stands under /api/v1, in the order of the contract."""

HEALTH = health.blueprint
PAGES = pages.blueprint
"""Pages for people; no part of the contract."""
