"""A thread that reads the files that wait for it, one after the other."""

import threading

import structlog
from sqlalchemy import Engine

from ..errors import StoreUnavailable
from . import changes
from .changes import Mark
from .contents import Contents
from .database import reading
from .pdf_reading import LIMITS, Limits, Stopped
from .records import DOCUMENTS
from .text_reading import Task, read_file, tasks

log = structlog.get_logger("pilotcities")
POLL, PATIENCE = 1.0, 30.0
"""Seconds between two looks at the journal, and after something failed."""
STOP_SECONDS = 10.0
"""A content that comes slowly from elsewhere is not waited for."""


class Worker(threading.Thread):
    """Looks whether documents have changed, and if so, for files to read.

    What it reads is in the store, so nothing is lost when the server ends: the next one goes on.
    Several servers on one store may read the same file; the first to finish saves it.
    """

    def __init__(self, engine: Engine, contents: Contents, limits: Limits = LIMITS) -> None:
        super().__init__(name="reader", daemon=True)
        self.engine, self.contents, self.limits = engine, contents, limits
        self.stopping = threading.Event()
        self.seen: Mark | None = None

    def run(self) -> None:
        """Go on until told to stop."""
        pause = 0.0
        while not self.stopping.wait(pause):
            try:
                pause = POLL if self.look() else PATIENCE
            except Stopped:
                return
            except Exception as error:  # whatever it is, the next look may go well
                log.error("reader", error=repr(error), exc_info=error)
                pause = PATIENCE

    def look(self) -> bool:
        """Read what waits, if documents have changed; tell whether all went well."""
        seen = self.seen
        with reading(self.engine) as connection:
            mark = changes.mark(connection, [DOCUMENTS.name])
            since = seen.seq if seen and seen.epoch == mark.epoch and seen.seq <= mark.seq else 0
            waiting = [] if mark == seen else tasks(connection, since=since)
        went_well = [self._read(task) for task in waiting]
        if all(went_well):
            self.seen = mark
        return all(went_well)

    def _read(self, task: Task) -> bool:
        try:
            stops = self.stopping.is_set
            status = read_file(self.engine, self.contents, task, limits=self.limits, stops=stops)
        except (StoreUnavailable, OSError) as error:
            log.warning("reader", file=str(task), error=str(error))
            return False
        except Stopped:
            raise
        except Exception as error:  # whatever one file does, the others are read
            log.error("reader", file=str(task), error=repr(error), exc_info=error)
            return False
        log.info("reader", file=str(task), text_status=status and status.value)
        return True

    def stop(self) -> None:
        """Break off what is being read, and wait for the thread to end, but not for ever."""
        self.stopping.set()
        self.join(STOP_SECONDS)
