"""Keeps an exact copy in an SQLite file: python mirror.py https://HOST/api/v1 copy.db [SECONDS]"""

import hashlib
import json
import sqlite3
import sys
import time
import urllib.request

api, path, pause = sys.argv[1], sys.argv[2], float((*sys.argv, 60)[3])
TABLES = """pragma journal_mode = wal; create table if not exists place (one primary key, cursor);
create table if not exists record (type, id, version, data, primary key (type, id));"""
PUT, GO_ON = "replace into record values (?, ?, ?, ?)", "replace into place values (1, ?)"
get = urllib.request.urlopen


def begin(db):  # from the snapshot; `with db` does all of it or nothing
    with get(f"{api}/snapshot", timeout=60) as lines, db:
        first = json.loads(lines.readline())
        db.execute("delete from record")
        found = ((line["type"], line["data"]) for line in map(json.loads, lines))
        rows = ((kind, e["id"], e["version"], json.dumps(e)) for kind, e in found)
        if db.executemany(PUT, rows).rowcount != first["count"]:
            raise ValueError("the download was cut short")
        db.execute(GO_ON, [first["cursor"]])
    return True


def follow(db, cursor):  # what has changed since, and whether there is more
    with get(f"{api}/changes?limit=200&cursor={cursor}", timeout=60) as answer, db:
        page = json.load(answer)
        for e in page["data"]:
            db.execute("delete from record where type = ? and id = ?", (e["type"], e["id"]))
            if e["op"] == "upsert":
                db.execute(PUT, (e["type"], e["id"], e["version"], json.dumps(e["data"])))
        db.execute(GO_ON, [cursor := page["page"]["next_cursor"]])
    return page["page"]["has_more"] or prove(db, cursor)


def prove(db, cursor):
    state = json.load(get(f"{api}/state", timeout=60))["data"]
    for kind, wanted in state["types"].items() if cursor == state["cursor"] else ():
        rows = db.execute("select id, version from record where type = ? order by id", [kind])
        lines = "".join(f"{id} {version}\n" for id, version in rows)
        if wanted["digest"] != f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}":
            raise AssertionError(f"the copy of {kind} is wrong")
    print("exact" if cursor == state["cursor"] else "behind", cursor, flush=True)


db, again = sqlite3.connect(path, timeout=60), False
while True:
    try:
        db.executescript(TABLES)
        place = None if again else db.execute("select cursor from place").fetchone()
        more, again = follow(db, *place) if place else begin(db), False
    except Exception as error:  # of the network, the disk, an answer: what was whole stays
        print(repr(error), flush=True)
        again |= isinstance(error, AssertionError) or getattr(error, "code", 0) == 410
        more = False
    time.sleep(0 if more else pause)
