# SPDX-License-Identifier: AGPL-3.0-or-later
"""forge.py FILE TYPE: what the holder of a record's key could do. Reads a program on standard
input, which changes `facts` of the first event of a type; signs it, and every event after it."""
import hashlib
import json
import sqlite3
import sys

from nacl.signing import SigningKey

LINES = ("height", "parent", "time", "actor", "type", "facts_hash", "texts_hash")


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def main(file, kind):
    with open(file + ".key", encoding="ascii") as seed:
        key = SigningKey(bytes.fromhex(seed.read().strip()))
    database = sqlite3.connect(file)
    database.row_factory = sqlite3.Row
    events = [dict(row) for row in database.execute("SELECT * FROM event ORDER BY height")]
    first = next(e for e in events if e["type"] == kind)
    facts = json.loads(first["facts"])
    exec(sys.stdin.read(), {"facts": facts})  # a test's own text
    first["facts"] = json.dumps(facts, separators=(",", ":"))
    parent = first["parent"]
    for e in events[first["height"] - 1:]:
        e["parent"], e["facts_hash"] = parent, sha(e["facts"])
        parent = e["hash"] = sha("".join(line + "\n" for line in ["plenum 1", *(str(e[k]) for k in LINES)]))
        e["signature"] = key.sign(e["hash"].encode()).signature.hex()
        database.execute("UPDATE event SET facts = :facts, parent = :parent, hash = :hash,"
                         " facts_hash = :facts_hash, signature = :signature WHERE height = :height", e)
    database.commit()
    print(first["height"])


if __name__ == "__main__":
    main(*sys.argv[1:])
