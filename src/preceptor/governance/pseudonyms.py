"""Values of the same form that belong to nobody, the same one for the same value of a record."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from preceptor.governance.people import TITLES, WORD, Mention, mention_of, people_in
from preceptor.governance.personal_data_locale import Locale
from preceptor.governance.placeholders import Placeholders

ALWAYS_PLACEHOLDERS = frozenset({"SECRET", "URL_CREDENTIALS", "NRP"})
MOST_TRIES = 100
PLACES = ("Northfield", "Eastbrook", "Westerham", "Southmoor", "Highgate", "Lowford", "Millbrook", "Ashton")
COMPANIES = ("Northwind", "Contoso", "Fabrikam", "Tailspin", "Litware", "Proseware", "Adatum", "Wingtip")
Make = Callable[[str, random.Random], str]


@dataclass
class Pseudonyms:
    """Stand-ins that keep a text natural. Make a new one for each record.

    They follow from `seed` (the record's id) and the order of the values alone, never from a value. They are sure to
    be nobody's: an address under `.invalid` (RFC 2606), the numbers 555-0100 to 555-0199, cards and accounts with
    wrong check digits, numbers that are never issued; a scan knows them and passes over them. Keys and passwords get
    placeholders. `names` are all names of the record: those of one person get parts of one pseudonym.

    >>> names = Pseudonyms(seed="r1", names=["Maria Lopez", "Maria"])
    >>> whole = names.stand_in("PERSON", "Maria Lopez")
    >>> whole.split()[0] == names.stand_in("PERSON", "Maria"), whole == "Maria Lopez"
    (True, False)
    """

    seed: str
    names: Iterable[str] = ()
    locales: Sequence[Locale] = ()
    _given: dict[tuple[str, str], str] = field(default_factory=dict)
    _placeholders: Placeholders = field(default_factory=Placeholders)
    _persons: dict[Mention, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._people = people_in(self.names)

    def stand_in(self, kind: str, value: str) -> str:
        """What stands for this value of this type."""
        if kind in ALWAYS_PLACEHOLDERS:
            return self._placeholders.stand_in(kind, value)
        if kind == "PERSON":
            return self._name(value)
        key = (kind, value)
        if key not in self._given:
            self._given[key] = self._new(kind, value)
        return self._given[key]

    def _new(self, kind: str, value: str) -> str:
        make = MAKERS.get(kind, zeroed)
        taken = {*self._given.values(), value}
        for turn in range(MOST_TRIES):
            # Not from the value: whoever guesses it must not be able to see that the guess is right.
            rng = random.Random(f"{self.seed}/{kind}/{len(self._given)}/{turn}")  # noqa: S311 - the same on every run
            made = make(value, rng)
            if made not in taken:
                return made
        return self._placeholders.stand_in(kind, value)

    def _name(self, value: str) -> str:
        person = self._people.get(value, mention_of(value))
        if person not in self._persons:
            self._persons[person] = self._new_person(person)
        given, family = self._persons[person]
        own = mention_of(value).words
        is_first = bool(own) and bool(person.words) and own[0] == person.words[0]
        chosen = f"{given} {family}" if len(own) > 1 else given if is_first else family
        said = WORD.search(value)
        title = value[: said.end()] if said and said.group().casefold() in TITLES else ""
        title += "." if title and value[len(title) :].startswith(".") else ""
        name = f"{title} {chosen}" if title else chosen
        return name.upper() if value.isupper() and len(value) > 1 else name

    def _new_person(self, person: Mention) -> tuple[str, str]:
        rng = random.Random(f"{self.seed}/PERSON/{len(self._persons)}")  # noqa: S311 - the same on every run
        named = [locale for locale in self.locales if locale.given_names and locale.family_names]
        givens = [name for locale in named[:1] for name in locale.given_names] or ["Alex", "Sam", "Kim", "Robin"]
        families = [name for locale in named[:1] for name in locale.family_names] or [
            "Smith",
            "Jones",
            "Brown",
            "Clark",
        ]
        taken = {*self._persons.values()}
        pairs = [
            (given, family)
            for given in rng.sample(givens, len(givens))
            for family in rng.sample(families, len(families))
            if not {*mention_of(f"{given} {family}").words} & {*person.words} and (given, family) not in taken
        ]
        used = {name for pair in taken for name in pair}
        # People of one record share no name while the list lasts.
        return next((pair for pair in pairs if not used & {*pair}), pairs[0])


def zeroed(value: str, rng: random.Random) -> str:
    """The form alone: every digit 0 but the last, every letter X.

    >>> zeroed("AB-1234", random.Random(1))
    'XX-0002'
    """
    last = str(rng.randrange(10))
    shown = "".join("0" if sign.isdecimal() else "X" if sign.isalpha() else sign for sign in value)
    before, zero, after = shown.rpartition("0")
    return f"{before}{last}{after}" if zero else shown


def _email(_value: str, rng: random.Random) -> str:
    given = rng.choice(("alex", "sam", "kim", "robin", "jo", "lee", "max", "noa"))
    return (
        f"{given}.{rng.choice(('smith', 'jones', 'brown', 'clark', 'ward', 'hill'))}{rng.randrange(100)}@mail.invalid"
    )


def _phone(_value: str, rng: random.Random) -> str:
    return f"555-01{rng.randrange(100):02}"


def _card(value: str, rng: random.Random) -> str:
    """The issuer's first digit, then chance, with a check digit that is wrong."""
    digits = [character for character in value if character.isdecimal()]
    made = [digits[0], *(str(rng.randrange(10)) for _ in digits[1:])]
    total = sum(sum(divmod(2 * int(digit), 10)) for digit in made[-2::-2]) + sum(map(int, made[-3::-2]))
    made[-1] = str((-total + 1 + rng.randrange(8)) % 10)
    return _in_form(value, made)


def _iban(value: str, rng: random.Random) -> str:
    """The country with the check digits 00, which no account has, and chance."""
    return f"{value[:2]}00" + "".join(str(rng.randrange(10)) if sign.isalnum() else sign for sign in value[4:])


def _ip_address(value: str, rng: random.Random) -> str:
    """From networks in which no machine stands: 0.0.0.0/8 (RFC 1122) and 100::/64 (RFC 6666)."""
    if ":" in value:
        return f"100::{rng.randrange(1, 1 << 16):x}:{rng.randrange(1, 1 << 16):x}"
    return "0." + ".".join(str(rng.randrange(1, 255)) for _ in range(3))


def _social_security_number(value: str, rng: random.Random) -> str:
    return _in_form(value, [*"000", *(str(rng.randrange(10)) for _ in range(6))])


def _place(_value: str, rng: random.Random) -> str:
    return rng.choice(PLACES)


def _company(_value: str, rng: random.Random) -> str:
    return rng.choice(COMPANIES)


def _url(_value: str, rng: random.Random) -> str:
    return f"https://www.site{rng.randrange(100)}.invalid/"


def _in_form(value: str, digits: Sequence[str]) -> str:
    left = iter(digits)
    return "".join(next(left) if sign.isdecimal() else sign for sign in value)


MAKERS: dict[str, Make] = {
    "EMAIL": _email,
    "PHONE": _phone,
    "CARD": _card,
    "IBAN": _iban,
    "IP_ADDRESS": _ip_address,
    "US_SSN": _social_security_number,
    "LOCATION": _place,
    "ORGANIZATION": _company,
    "URL": _url,
}
"""Types that have a natural form of their own; every other type is `zeroed`."""
