"""The closed lists of codes that records use, each value with what it means."""

from enum import StrEnum


class Scope(StrEnum):
    """Whether a record belongs to the pilot or only lies near it."""

    PILOT = "pilot"
    RELATED = "related"


class Confidence(StrEnum):
    """`stated`: the source says so. `inferred`: worked out from what sources say."""

    STATED = "stated"
    INFERRED = "inferred"


class Commission(StrEnum):
    """The UN regional commission that a city's pilot belongs to."""

    UNECE = "UNECE"
    ECA = "ECA"
    ESCWA = "ESCWA"
    ECLAC = "ECLAC"
    ESCAP = "ESCAP"


class CoverageStatus(StrEnum):
    """Whether anyone looked for a city's records of a type, and with what result."""

    COLLECTED = "collected"
    NONE_FOUND = "none_found"
    NOT_SEARCHED = "not_searched"


class WorkshopKind(StrEnum):
    """What a workshop was for."""

    INTRODUCTION = "introduction"
    TRAINING = "training"
    DIAGNOSTIC = "diagnostic"
    VALIDATION = "validation"
    PLANNING = "planning"
    REGIONAL = "regional"
    GLOBAL = "global"
    NATIONAL = "national"
    THEMATIC = "thematic"
    KICK_OFF = "kick_off"
    OTHER = "other"


class WorkshopStatus(StrEnum):
    """Whether a workshop took place."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


class WorkshopMode(StrEnum):
    """How people took part."""

    ONLINE = "online"
    IN_PERSON = "in_person"
    HYBRID = "hybrid"
    UNKNOWN = "unknown"


class DocumentKind(StrEnum):
    """What a document is."""

    DIAGNOSTIC_REPORT = "diagnostic_report"
    RESILIENCE_PLAN = "resilience_plan"
    AGENDA = "agenda"
    CONCEPT_NOTE = "concept_note"
    PRESENTATION = "presentation"
    REPORT = "report"
    POLICY_BRIEF = "policy_brief"
    COMPENDIUM = "compendium"
    TOOL = "tool"
    HANDBOOK = "handbook"
    OUTCOME = "outcome"
    OTHER = "other"


class DocumentStatus(StrEnum):
    """Whether a document can be had: `announced` is promised, `missing` is listed but lost."""

    AVAILABLE = "available"
    ANNOUNCED = "announced"
    MISSING = "missing"


class TextStatus(StrEnum):
    """What became of reading a file's text, so that search finds its pages.

    `pending`: not tried yet. `read`: its pages are found. `empty`: there is no text in it, as in a
    scan. `unreadable`: encrypted, damaged, or too much.
    """

    PENDING = "pending"
    READ = "read"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


class Dimension(StrEnum):
    """The five dimensions of the project's diagnostic tool, and `overall`."""

    OVERALL = "overall"
    BUSINESS_ENVIRONMENT = "business_environment"
    LABOUR_MARKET = "labour_market"
    ECONOMIC_GOVERNANCE = "economic_governance"
    FINANCIAL_ENVIRONMENT = "financial_environment"
    INFRASTRUCTURE_AND_CONNECTIVITY = "infrastructure_and_connectivity"


class RecommendationStatus(StrEnum):
    """How far a recommendation has come."""

    PROPOSED = "proposed"
    PRESENTED = "presented"
    VALIDATED = "validated"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class ActionStatus(StrEnum):
    """How far an action has come."""

    ANNOUNCED = "announced"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"
