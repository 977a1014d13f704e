"""All clients, in the order of the table."""

from .compiled_clients import COMPILED_CLIENTS
from .python_clients import PYTHON_CLIENTS
from .typescript_clients import TYPESCRIPT_CLIENTS

CLIENTS = [*PYTHON_CLIENTS, *TYPESCRIPT_CLIENTS, *COMPILED_CLIENTS]
