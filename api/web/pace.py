"""What a request keeps busy while it is answered."""

from enum import Enum


class Pace(Enum):
    """How a request is best worked on."""

    QUICK = "takes less than handing it to a thread does"
    BUSY = "keeps a core busy, so that more at once than there are cores take longer all together"
    WAITING = "waits for others for the most part: a database, a lock, a disk, a client"
