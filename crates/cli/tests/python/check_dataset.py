"""Checks a dataset directory with the tools that its readers use: datasets, pyarrow, mlcroissant.

    python check_dataset.py DIR

Prints one line a check. Exits with 1 if a check failed, after all of them have run, and with 2 if
there is nothing to check. It complements `consentry verify`, which proves what a dataset claims;
this script shows that others can read it.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SCRATCH = tempfile.TemporaryDirectory()
# Set before the libraries are imported: nothing is asked of a network or left in a home.
os.environ |= {
    "HF_HOME": SCRATCH.name,
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
}

import datasets
import huggingface_hub
import mlcroissant
import pyarrow as pa
import pyarrow.parquet as pq

ROLES = {"user", "assistant", "system", "tool"}
MESSAGE_TEXTS = ("role", "content", "reasoning_content", "name")
COLUMNS = {
    "conversation": {
        "example_id": pa.string(),
        "surface": pa.string(),
        "parts": pa.int32(),
        "messages": list,
    },
    "feedback": {
        "example_id": pa.string(),
        "parts": pa.int32(),
        "prompt": list,
        "completion": list,
        "label": pa.bool_(),
    },
}
# mlcroissant hands out bytes for texts, and reads the first call of a message only.
CROISSANT_ROWS = 200


class Failed(Exception):
    """What does not hold."""


def expect(found, expected, what):
    if found != expected:
        raise Failed(f"{what}: expected {expected!r}, found {found!r}")


class Dataset:
    """A dataset directory and what its manifest says."""

    def __init__(self, root):
        self.root = root
        self.manifest = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
        self.summary = self.manifest["summary"]
        self.store = self.summary["store"]
        self.examples = self.summary["counts"]["examples"]
        self.lists = [name for name, of in COLUMNS[self.store].items() if of is list]

    def shards(self):
        return [self.root / shard["path"] for shard in self.summary["shards"]]

    def rows(self):
        """Every row as Python values, read by pyarrow."""
        return [row for shard in self.shards() for row in pq.read_table(shard).to_pylist()]


def check_hashes(dataset):
    manifest = dataset.manifest
    listed = [*dataset.summary["shards"], manifest["facts"], *manifest["files"]]
    for entry in listed:
        content = (dataset.root / entry["path"]).read_bytes()
        expect(len(content), entry["bytes"], f"bytes of {entry['path']}")
        expect(hashlib.sha256(content).hexdigest(), entry["sha256"], f"hash of {entry['path']}")
    found = {
        path.relative_to(dataset.root).as_posix()
        for path in dataset.root.rglob("*")
        if not path.is_dir()
    }
    expected = {entry["path"] for entry in listed} | {"manifest.json", "manifest.note"}
    expect(sorted(found), sorted(expected), "files")
    return f"{len(listed)} files are as the manifest says"


def check_parquet(dataset):
    total = 0
    for shard, entry in zip(dataset.shards(), dataset.summary["shards"], strict=True):
        metadata = pq.read_metadata(shard)
        expect(metadata.num_rows, entry["rows"], f"rows of {entry['path']}")
        total += metadata.num_rows
        for group in range(metadata.num_row_groups):
            for column in range(metadata.num_columns):
                codec = metadata.row_group(group).column(column).compression
                expect(codec, "ZSTD", f"compression of {entry['path']}")
        schema = pq.read_schema(shard)
        expect(schema.names, list(COLUMNS[dataset.store]), f"columns of {entry['path']}")
        for name, of in COLUMNS[dataset.store].items():
            if of is not list:
                expect(schema.field(name).type, of, f"type of {name}")
    expect(total, dataset.examples, "rows of all shards")
    facts = pq.read_metadata(dataset.root / dataset.manifest["facts"]["path"])
    expect(facts.num_rows, dataset.manifest["facts"]["rows"], "rows of the facts")
    return f"{total} rows in {len(dataset.shards())} shards"


def check_card(dataset):
    card = huggingface_hub.DatasetCard.load(dataset.root / "README.md")
    data = card.data.to_dict()
    expect(data["pretty_name"], dataset.summary["run"], "pretty_name")
    expect(dataset.summary["purpose"] in data["tags"], True, "the purpose is a tag")
    expect(data["license"], "other", "license")
    expect(len(data["size_categories"]), 1, "size categories")
    return "its front matter is read by huggingface_hub"


def check_datasets(dataset):
    if dataset.examples == 0:
        # The library holds no split without rows, but streams one.
        streamed = datasets.load_dataset(str(dataset.root), split="train", streaming=True)
        expect(list(streamed), [], "rows")
        return "no rows, streamed"
    loaded = datasets.load_dataset(str(dataset.root))
    expect(list(loaded), ["train"], "splits")
    train = loaded["train"]
    expect(train.num_rows, dataset.examples, "rows")
    expect(train.column_names, list(COLUMNS[dataset.store]), "columns")
    for found, row in zip(train, dataset.rows(), strict=True):
        expect(found, row, f"row {row['example_id']}")
    return f"{train.num_rows} rows with {', '.join(train.column_names)}"


def check_message(message, where):
    expect(message["role"] in ROLES, True, f"role {message['role']!r} in {where} is known")
    expect(isinstance(message["content"], str), True, f"content in {where} is text")
    for call in message["tool_calls"] or []:
        expect(call["type"], "function", f"type of a call in {where}")
        for part in ("name", "arguments"):
            expect(isinstance(call["function"][part], str), True, f"{part} in {where} is text")


def check_rows(dataset):
    messages = 0
    previous = ""
    for row in dataset.rows():
        where = row["example_id"]
        expect(where > previous, True, f"the id {where} comes after {previous!r}")
        previous = where
        expect(row["parts"] > 0, True, f"{where} is made of parts")
        for name in dataset.lists:
            for message in row[name]:
                check_message(message, where)
                messages += 1
    return f"ids ascend, {messages} messages are well formed"


def check_kto(dataset):
    """The shape of an unpaired preference dataset in TRL, conversational form."""
    rows = dataset.rows()
    for row in rows:
        where = row["example_id"]
        expect(isinstance(row["label"], bool), True, f"label of {where} is true or false")
        for name in ("prompt", "completion"):
            expect(isinstance(row[name], list), True, f"{name} of {where} is a list of messages")
        expect(len(row["completion"]) > 0, True, f"{where} has a completion")
    good = sum(row["label"] for row in rows)
    return f"{good} answers rated good, {len(rows) - good} rated bad"


def check_croissant(dataset):
    description = dataset.root / "croissant.json"
    tool = Path(sys.executable).parent / "mlcroissant"
    done = subprocess.run(
        [tool, "validate", "--jsonld", description], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Failed(f"mlcroissant validate: {done.stderr.strip().splitlines()[-1:]}")
    # Of its log only information (`I` and a date) may be left.
    log = [line for line in done.stderr.splitlines() if line and not line.startswith("I")]
    expect(log, [], "warnings of mlcroissant validate")
    files = {
        file.content_url: file.sha256
        for file in mlcroissant.Dataset(str(description)).metadata.file_objects
    }
    listed = [*dataset.summary["shards"], dataset.manifest["facts"]]
    expect(files, {entry["path"]: entry["sha256"] for entry in listed}, "files")
    return "mlcroissant validates it without a warning"


def text(value):
    """A text of mlcroissant as pyarrow has it."""
    return value.decode("utf-8") if isinstance(value, bytes) else value


def compare_messages(record, row, column):
    base = f"examples/{column}"
    found = record.get(base) or []
    expect(len(found), len(row[column]), f"messages in {base}")
    # A list in a list is a column of its own, one entry a message.
    calls = record.get(f"{base}/tool_calls") or [{}] * len(found)
    functions = record.get(f"{base}/tool_calls/function") or {}
    for index, message in enumerate(row[column]):
        for name in MESSAGE_TEXTS:
            expect(text(found[index][f"{base}/{name}"]), message[name], f"{base}/{name}")
        first = (message["tool_calls"] or [None])[0]
        type_of = text(calls[index].get(f"{base}/tool_calls/type"))
        expect(type_of, first and first["type"], f"{base}/tool_calls/type")
        for name in ("name", "arguments"):
            values = functions.get(f"{base}/tool_calls/function/{name}")
            value = text(values[index]) if values else None
            expect(value, first and first["function"][name], f"{base}/tool_calls/function/{name}")


def check_croissant_records(dataset):
    records = mlcroissant.Dataset(str(dataset.root / "croissant.json")).records("examples")
    rows = {row["example_id"]: row for row in dataset.rows()}
    count = 0
    for record in records:
        row = rows.get(text(record["examples/example_id"]))
        expect(row is not None, True, "a record is a row")
        count += 1
        if count > CROISSANT_ROWS:
            continue
        for name in COLUMNS[dataset.store]:
            if name in dataset.lists:
                compare_messages(record, row, name)
            else:
                expect(text(record[f"examples/{name}"]), row[name], f"examples/{name}")
    expect(count, dataset.examples, "records")
    return f"{count} records, the first {min(count, CROISSANT_ROWS)} as pyarrow reads them"


def main(arguments):
    if len(arguments) != 1 or not (Path(arguments[0]) / "manifest.json").is_file():
        print("usage: check_dataset.py DIR, a folder with a manifest.json", file=sys.stderr)
        return 2
    datasets.disable_progress_bars()
    dataset = Dataset(Path(arguments[0]).resolve())
    checks = [
        ("manifest", check_hashes),
        ("parquet", check_parquet),
        ("rows", check_rows),
        ("card", check_card),
        ("datasets", check_datasets),
        ("croissant", check_croissant),
        ("croissant records", check_croissant_records),
    ]
    if dataset.store == "feedback":
        checks.append(("kto", check_kto))
    failures = 0
    for name, check in checks:
        try:
            print(f"ok    {name}: {check(dataset)}")
        except Exception as error:  # A reader that stumbles is a finding, whatever it raises.
            failures += 1
            print(f"FAIL  {name}: {type(error).__name__}: {error}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
