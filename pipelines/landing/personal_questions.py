"""Headings of a survey file that ask who somebody is, not what they think: such columns are left out unread.

What single products add (addresses of computers, names of recipients) stands in their contracts, under `ignored`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Nothing but the heading itself, or a question for it such as 'What is your …?'. As parts of longer questions these words
# would go too far: 'age' is in 'manager', and by phone is a way to have a conversation.
_NAMES = """
    name, names, first name, given name, last name, family name, surname, full name, preferred name, middle name, initials
    vorname, nachname, familienname
    sex, age, age group, age range, age band, race, colour, color, skin colour, skin color, dob
    alter, altersgruppe, altersklasse, rasse, hautfarbe, jahrgang
    country, city, town, region, location, office, site, work location, language, native language, mother tongue
    land, stadt, ort, wohnort, standort, sprache, muttersprache
    department, division, business unit, team, cost center, cost centre, function, manager, line manager, supervisor
    manager name, manager id, manager email, job title, job level, position, role, grade, level
    hire date, start date, tenure, length of service, years of service, employment type, employment status
    abteilung, bereich, kostenstelle, führungskraft, vorgesetzter, vorgesetzte, stelle, funktion, eintrittsdatum
    betriebszugehörigkeit
    pay, pay grade, wage, wages, income, compensation, bonus, gehalt, gehaltsgruppe, lohn, einkommen, vergütung, entgeltgruppe
    phone, telephone, telephone number, mobile, mobile phone, mobile number, cell phone, ip, ip address
    telefon, handy, handynummer, mobilnummer
    address, street, postal code, postcode, zip, zip code, email, e-mail, email address, e-mail address
    adresse, anschrift, straße, strasse, plz, postleitzahl, e-mail-adresse
"""
# Anywhere in a heading: these words are hardly used for anything else.
_PARTS = """
    gender, geschlecht, pronouns, sexual orientation, sexuelle orientierung, transgender, lgbt
    birth, geburt, geboren, how old are you, wie alt sind, your age, ihr alter, dein alter
    ethni, racial, migrationshintergrund, disabilit, disabled, behinderung, schwerbehind, religio, konfession, denomination
    nationalit, citizenship, staatsangeh, staatsbürger, aufenthaltsstatus, marital, familienstand, pregnan, schwanger
    veteran status, trade union, gewerkschaft, political, politische, medical, diagnosis, krankheit
    salary, salaries, jahresgehalt, monatsgehalt, bruttogehalt, ihr gehalt, dein gehalt, phone number, telefonnummer
    home address, postal address, street address, passport, social security, sozialversicherung
"""


def is_personal(headings: Iterable[str]) -> bool:
    """Whether one of the `headings` of a column, its name or its wording as they are compared, asks who somebody is.

    A heading "question - choice" is judged by the question.
    """
    return any(_ANYWHERE.search(heading) or _WHOLE.fullmatch(heading.partition(" - ")[0]) for heading in headings)


def _one_of(listed: str) -> str:
    return "|".join(re.escape(" ".join(text.split())) for text in listed.replace("\n", ",").split(",") if text.strip())


_VERB = "(what|which) (is|are) |(please )?(enter|select|choose|state|give|indicate) |(was|wie) (ist|lautet) |in |an "
_WHOSE = "your |my |which |what |the |ihre? |deine? |meine? |welche[rmns]? "
_REST = (
    " (do|are) you (work|live|sit|belong|speak|come|in|from|based)\\b.*| (arbeiten|wohnen|leben|sprechen|sind) sie\\b.*"
)
_WHOLE = re.compile(rf"({_VERB})?({_WHOSE})?({_one_of(_NAMES)})({_REST})?[\W_]*")
_ANYWHERE = re.compile(_one_of(_PARTS))
