"""The kinds of break: what changes, and whom it hurts. docs/versioning.md shows the same table."""

from enum import Enum


class Kind(Enum):
    """What changes, and whom it hurts; the id is the name in small letters."""

    OPERATION_REMOVED = "An operation is gone", "Every call of it fails."
    OPERATION_MOVED = "An operation has another path or method", "Calls to the old address fail."
    OPERATION_ID_CHANGED = (
        "An operation has another id",
        "Generated functions have another name: code that calls them no longer compiles.",
    )
    TAG_CHANGED = (
        "An operation lost a tag, or another stands first",
        "Generated functions move to another class: code that calls them no longer compiles.",
    )
    REMOVED_TOO_EARLY = (
        "A deprecated operation, parameter or field went before its sunset",
        "Clients were promised more time.",
    )
    SUNSET_ADVANCED = (
        "The sunset of something deprecated is earlier than announced, or its day is gone",
        "Clients plan by the day that they were told.",
    )
    SERVER_CHANGED = "A server address is gone", "Clients that use it reach nothing."

    PARAMETER_REMOVED = "A parameter is gone", "Whoever sends it is refused, or not heeded."
    PARAMETER_RENAMED = (
        "A path parameter has another name",
        "Generated functions take another argument: code that names it no longer compiles.",
    )
    PARAMETER_MOVED = (
        "A parameter stands elsewhere (query, path, header, cookie)",
        "Whoever sends it in the old place is refused, or not heeded.",
    )
    PARAMETER_REQUIRED = (
        "A parameter is required that was not",
        "Calls that leave it out are refused.",
    )
    PARAMETER_STYLE_CHANGED = (
        "A parameter is written in another way (style, explode, media type)",
        "Values that clients write in the old way are read wrongly.",
    )
    PARAMETER_ORDER_CHANGED = (
        "Parameters stand in another order",
        "Generated functions that take them by position get the wrong values.",
    )
    BODY_REQUIRED = "A request body is required that was not", "Calls without one are refused."
    BODY_REMOVED = "A request body is no longer taken", "What clients send is refused or lost."
    BODY_TYPE_REMOVED = (
        "A media type of a request body is gone",
        "Whoever sends it is refused (415).",
    )
    BODY_ENCODING_CHANGED = (
        "Parts of a request body are encoded in another way",
        "Forms that clients send in the old way are read wrongly.",
    )

    STATUS_REMOVED = (
        "A documented status is gone",
        "Code that handles it, and its generated type, is dead: the case goes unhandled.",
    )
    SUCCESS_ADDED = (
        "A new status of success or redirection can be answered",
        "Clients take a success that they do not know for a failure.",
    )
    ANSWER_TYPE_REMOVED = (
        "A media type of an answer is gone",
        "Whoever asks for it is refused (406).",
    )
    HEADER_REMOVED = "A header of an answer is gone", "Clients that read it find nothing."
    HEADER_OPTIONAL = (
        "A header of an answer may be missing",
        "Clients that rely on it find nothing.",
    )
    SECURITY_ADDED = "A call needs credentials that it did not", "Calls are refused (401)."
    SCOPE_ADDED = "A call needs a scope that it did not", "Tokens issued before are refused (403)."
    SECURITY_SCHEME_CHANGED = (
        "Credentials are sent in another way",
        "Calls with the old credentials are refused (401).",
    )

    TYPE_CHANGED = (
        "A value has another type",
        "What clients send is refused or what they read cannot be read; generated types differ.",
    )
    FORMAT_CHANGED = (
        "A value has another format",
        "Generated types differ (a date is no text, a long no int): code no longer compiles.",
    )
    SCHEMA_RENAMED = (
        "A shape or a closed list has another name",
        "Generated types have another name: code that names them no longer compiles.",
    )
    DISCRIMINATOR_CHANGED = (
        "Variants are told apart in another way",
        "Clients take one variant for another, or none.",
    )
    DEFAULT_CHANGED = (
        "What is left out means something else",
        "Whoever leaves it out gets another result without having changed anything.",
    )
    PROPERTY_REMOVED = (
        "A property is gone",
        "Whoever reads it finds nothing; whoever sends it is refused, or not heeded.",
    )
    PROPERTY_REQUIRED = (
        "A property is required in a body that was not",
        "Bodies without it are refused.",
    )
    PROPERTY_OPTIONAL = (
        "A property may be missing from an answer that was always there",
        "Clients that rely on it fail.",
    )
    PROPERTY_ORDER_CHANGED = (
        "Required properties stand in another order, or a new one stands before an old",
        "Constructors that take them by position get the wrong values without a word.",
    )
    PROPERTY_HIDDEN = (
        "A property became read-only in bodies, or write-only in answers",
        "What clients send is not heeded; what they read is not there.",
    )
    NULL_REFUSED = "A body may no longer hold null", "Whoever sends null is refused."
    NULL_ANSWERED = (
        "An answer may now hold null",
        "Clients that count on a value fail on null.",
    )
    ENUM_NARROWED = (
        "A value of a closed list is no longer taken",
        "Whoever sends it is refused.",
    )
    ENUM_WIDENED = (
        "An answer may hold a value outside its closed list",
        "Clients that know the list, generated ones above all, fail on it.",
    )
    KNOWN_VALUE_REMOVED = (
        "A value of an open list (`x-extensible-enum`) is gone, such as a code of problems",
        "Code that waits for the value, or sends it, is dead.",
    )
    LIMIT_TIGHTENED = (
        "A limit on what is sent is tighter: length, size, range, number",
        "What was taken is refused.",
    )
    LIMIT_LOOSENED = (
        "A limit on what is answered is looser",
        "Clients that check it, or made room for no more, fail.",
    )
    PATTERN_TIGHTENED = (
        "What is sent must fit a pattern that it need not, or another one",
        "What was taken is refused.",
    )
    PATTERN_LOOSENED = (
        "What is answered need no longer fit its pattern",
        "Clients that check it, or take the value apart, fail.",
    )
    OBJECT_CLOSED = (
        "A body may no longer hold other properties",
        "Bodies that hold some are refused.",
    )
    OBJECT_OPENED = (
        "An answer that was closed may hold other properties",
        "Clients that check it refuse the answer.",
    )
    CONDITION_CHANGED = (
        "Another condition of JSON Schema changed (`not`, `if`, `propertyNames` and the like)",
        "What was taken may be refused; what is read may not be what it was.",
    )

    @property
    def id(self) -> str:
        """The name that stands in reports and in the table."""
        return self.name.lower()

    @property
    def what(self) -> str:
        """What changes, in words."""
        return self.value[0]

    @property
    def whom(self) -> str:
        """What it does to clients, as a sentence."""
        return self.value[1]
