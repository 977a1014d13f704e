"""Our application for servers that want a module: the settings come from the environment.

DATA_DIR=... granian --interface wsgi bench.ours:application
"""

from api.app import create_app
from api.settings import Settings

application = create_app(Settings.from_env())
