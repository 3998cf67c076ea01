"""Words the synthetic company uses: names, titles, reasons, survey wording; no numbers that shape behaviour."""

from typing import Final

FIRST_NAMES: Final = (
    "Amara", "Anton", "Aylin", "Beatriz", "Björn", "Carla", "Chen", "Chloé", "Daniel", "Dilara", "Elif", "Emil",
    "Esther", "Farah", "Felix", "Fiona", "Gustavo", "Hana", "Helena", "Ibrahim", "Ines", "Ivan", "Jana", "João",
    "Jonas", "Kofi", "Lena", "Leyla", "Luca", "Lucía", "Malik", "Marta", "Mei", "Milan", "Nadia", "Noah", "Olga",
    "Owen", "Paula", "Petra", "Rafael", "Rosa", "Samir", "Sara", "Søren", "Tariq", "Tess", "Tomasz", "Uma", "Viktor",
    "Wanda", "Yusuf", "Zoë", "Zuzana",
)  # fmt: skip
LAST_NAMES: Final = (
    "Abebe", "Almeida", "Andersen", "Bakker", "Banerjee", "Bauer", "Bernard", "Brandt", "Castro", "Costa", "D'Angelo",
    "Demir", "Dubois", "Eriksen", "Fischer", "Fontaine", "García", "Grünwald", "Haddad", "Hansen", "Horváth", "Ito",
    "Jansen", "Kaya", "Keller", "Kim", "Kowalski", "Krüger", "Lindqvist", "Lopes", "Maier", "Marino", "Mbeki",
    "Meyer", "Moreau", "Müller", "Nakamura", "Nguyen", "Novák", "O'Brien", "Okafor", "Öztürk", "Papadakis", "Patel",
    "Petit", "Popescu", "Quinn", "Rossi", "Saleh", "Santos", "Schäfer", "Silva", "Singh", "Sørensen", "Tanaka",
    "Torres", "Vargas", "Virtanen", "Weber", "Yilmaz", "Zhang", "Zimmer",
)  # fmt: skip
# Names that break careless readers, writers and pages.
HOSTILE_NAMES: Final = (
    'Maria "Mia" Schäfer', "Weber, Jonas", "=cmd()", "<b>Lena</b> Kim", "Robert'); DROP TABLE workers;--",
    "Øystein Å. Ångström", "+49 Kofi Mensah", "Zoë O'Brien-Müller",
)  # fmt: skip
ORDINARY_LETTERS: Final = {"ø": "o", "Ø": "O", "'": ""}

TITLES: Final = {
    "Service": "Service Adviser",
    "Logistics": "Logistics Planner",
    "Sales": "Sales Representative",
    "Accounting": "Accountant",
    "Software": "Software Engineer",
    "Law": "Legal Counsel",
    "Human Resources": "HR Partner",
}
SENIORITY: Final = (
    "Trainee",
    "Junior",
    "",
    "Senior",
    "Lead",
    "Principal",
)  # by grade rank 1 to 6
HEAD_TITLES: Final = {
    7: "Team Manager",
    8: "Head of Department",
    9: "Division Director",
    10: "Chief Executive",
}

EXIT_REASONS: Final = {
    "Voluntary": (
        "Career opportunity elsewhere", "Pay", "Relationship with manager", "Relocation", "Further education",
        "Family reasons", "Commute",
    ),
    "Involuntary": ("Performance", "Position eliminated", "Misconduct", "Probation not passed"),
    "Other": ("Mutual agreement", "Ill health", "Death in service"),
}  # fmt: skip
RETIREMENT: Final = "Retirement"
END_OF_TERM: Final = "End of fixed term"

JOB_REASONS: Final = {
    1: "Hire", 2: "Rehire", 3: "Promotion", 4: "Lateral Move", 5: "Transfer", 6: "Demotion", 7: "Manager Change",
    8: "Reorganization", 9: "Title Change", 10: "Termination",
}  # fmt: skip

LINE_MANAGER: Final = "Line manager"
OTHER_PARTNERS: Final = {
    "Skip-level manager": 0.18, "Matrix manager": 0.05, "Mentor": 0.24, "Coach (internal)": 0.06,
    "Coach (external)": 0.05, "Peer": 0.22, "HR partner": 0.14, "Someone else": 0.06,
}  # fmt: skip
SETTINGS: Final = {
    "Informal": 0.54,
    "One-to-one": 0.26,
    "Dedicated": 0.13,
    "Formal review": 0.07,
}
CHANNELS: Final = {"In person": 0.48, "Video": 0.34, "Phone": 0.08, "Chat": 0.10}
STARTERS: Final = {"Employee": 0.39, "Partner": 0.47, "Programme": 0.14}
TOPICS: Final = {
    "Project": 0.20, "Development": 0.32, "Promotion": 0.16, "Lateral move": 0.10, "Staying": 0.07, "Outside": 0.02,
    "General": 0.13,
}  # fmt: skip
SUPPORTS: Final = (
    "Sounding board",
    "Feedback",
    "Information",
    "Advice",
    "Sponsorship",
    "Planning",
)
# Weight of each kind of support by stage: new in job, 6-24 months, 24-60 months, longer, later career.
SUPPORT_BY_STAGE: Final = (
    (0.15, 0.35, 0.30, 0.12, 0.02, 0.06),
    (0.18, 0.28, 0.12, 0.22, 0.06, 0.14),
    (0.20, 0.14, 0.10, 0.24, 0.16, 0.16),
    (0.26, 0.12, 0.10, 0.22, 0.14, 0.16),
    (0.28, 0.06, 0.20, 0.12, 0.02, 0.32),
)

RECENCY_BANDS: Final = (
    "Within the last month", "1-3 months ago", "3-6 months ago", "6-12 months ago", "More than 12 months ago",
    "Never",
)  # fmt: skip
NOT_SURE: Final = "Not sure"
# Question id -> (wording, construct, lowest, highest answer); the first has bands instead of a scale.
QUESTIONS: Final[dict[str, tuple[str, str, int | None, int | None]]] = {
    "Q1": ("When was your last career conversation?", "career_recency", None, None),
    "Q2": (
        "I am confident to start a career conversation",
        "confidence_to_initiate",
        1,
        5,
    ),
    "Q3": ("In my last career conversation I was listened to", "listened", 1, 5),
    "Q4": ("The other person was objective", "objective", 1, 5),
    "Q5": ("The other person had no agenda of their own", "no_agenda", 1, 5),
    "Q6": ("I see a future for myself here", "future_here", 1, 5),
    "Q7": ("How likely are you to recommend us as a place to work?", "enps", 0, 10),
    "Q8": ("Have you and your manager talked about your career in the last six months?", "conversation_6m", None, None),
    "Q9": ("I get the support I need to develop my career", "support", 1, 5),
    "Q10": ("I have good opportunities to develop my career here", "growth", 1, 5),
}
MANAGER_QUESTION: Final = (
    "M1",
    "Have the two of you talked about their career in the last six months?",
    "conversation_6m",
)
