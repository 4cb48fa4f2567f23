"""The rules of facts.sql in DuckDB on one thread, timed and compared with Consentry's decisions.

usage: facts.py FACTS SQL NOW DECISIONS COUNTS
"""

import json
import os
import sys
import time

import duckdb

POLICIES = [
    "choice-on", "trusted-tester", "development-partner", "feedback", "raw-connector-content",
    "incognito", "deleted", "account-closed", "legal-hold", "under-age", "commercial",
]
PERMITS = 4

facts, sql, now, decisions, counts = sys.argv[1:6]
connection = duckdb.connect()
connection.execute("set threads = 1")
connection.execute("set TimeZone = 'UTC'")
connection.execute("set preserve_insertion_order = true")
rules = open(sql).read().format(facts=facts, now=f"timestamptz '{now}'")


def answer(bits):
    permits = [name for bit, name in enumerate(POLICIES[:PERMITS]) if bits >> bit & 1]
    forbids = [name for bit, name in enumerate(POLICIES) if bit >= PERMITS and bits >> bit & 1]
    permit = bool(permits) and not forbids
    return ("permit" if permit else "deny", sorted(permits if permit else forbids))


# Every combination of policies with its answer: one look-up a row is cheaper than making lists.
connection.execute("create table answers (policies integer, decision varchar, reasons varchar[])")
connection.executemany(
    "insert into answers values (?, ?, ?)",
    [(bits, *answer(bits)) for bits in range(1 << len(POLICIES))],
)


def timed(query, runs):
    clock, processor, rows = float("inf"), float("inf"), None
    for _ in range(runs):
        begun, before = time.perf_counter(), time.process_time()
        rows = connection.execute(query).fetchall()
        clock = min(clock, time.perf_counter() - begun)
        processor = min(processor, time.process_time() - before)
    return (clock, processor), rows


counting, rows = timed(f"select policies, count(*) from ({rules}) group by policies", 3)
found = {}
for bits, count in rows:
    decision, reasons = answer(bits)
    key = "+".join([decision, *reasons])
    found[key] = found.get(key, 0) + count
expected = json.load(open(counts))
assert found == expected, f"counts differ: {found} and {expected}"

written = decisions + ".duckdb.parquet"
writing, _ = timed(
    f"""copy (select store, conversation, message, part, copy, decision, reasons
        from ({rules}) join answers using (policies))
        to '{written}' (format parquet, compression zstd)""",
    1,
)
if sum(expected.values()) <= 2_000_000:
    columns = "store, conversation, message, part, copy, decision, reasons"
    for one, other in [(decisions, written), (written, decisions)]:
        differ = connection.execute(
            f"""select count(*) from (select {columns} from read_parquet('{one}')
                except all select {columns} from read_parquet('{other}'))"""
        ).fetchall()[0][0]
        assert differ == 0, f"{differ} rows of {one} are not in {other}"
os.remove(written)
print(*counting, *writing)
