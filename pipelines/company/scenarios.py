"""The worlds that can be simulated; every hazard ratio in them is an assumption, none is a finding."""

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Scenario:
    """One world to simulate; every hazard ratio in it is an assumption, not a finding.

    `hazard_ratio` multiplies the voluntary hazard for 183 days after a conversation. Where
    `low_opportunity_hazard_ratio` is set it replaces that value in departments with few openings.
    `manager_exit_spread` is the voluntary hazard under a top-decile manager divided by a bottom-decile one.
    """

    name: str
    sentence: str
    hazard_ratio: float = 1.0
    low_opportunity_hazard_ratio: float | None = None
    manager_exit_spread: float = 1.0
    manager_talk_slope: float = 0.3
    capture_informal: float = 0.96
    capture_other: float = 0.99
    capture_informal_worse: float = 0.96
    worse_recording: tuple[str, ...] = ()
    silence_before_notice_days: int = 0
    division_exit_factors: dict[str, float] = field(default_factory=dict)


_KNOWN: Final = (
    Scenario("null", "Conversations change nothing: the hazard ratio is 1."),
    Scenario(
        "protective",
        "Voluntary exits run at 0.85 for 183 days after a conversation.",
        hazard_ratio=0.85,
    ),
    Scenario(
        "manager_confounded",
        "Good managers talk more and lose fewer people; a conversation itself changes nothing.",
        manager_exit_spread=0.4,
        manager_talk_slope=0.6,
    ),
    Scenario(
        "under_recorded",
        "Informal talks often go unlogged, most of all in two divisions and among people new in their job.",
        hazard_ratio=0.85,
        capture_informal=0.70,
        capture_informal_worse=0.40,
        worse_recording=("Customer Care", "Operations"),
    ),
    Scenario(
        "reverse",
        "People who are about to resign stop talking 60 days before; a conversation itself changes nothing.",
        silence_before_notice_days=60,
    ),
    Scenario(
        "kraimer",
        "Conversations protect (0.80) where there are openings and harm (1.15) where there are few.",
        hazard_ratio=0.80,
        low_opportunity_hazard_ratio=1.15,
    ),
    Scenario(
        "simpson",
        "Divisions differ in both talking and leaving, so pooling them misleads; a conversation changes nothing.",
        division_exit_factors={
            "Customer Care": 0.6,
            "Operations": 0.8,
            "Engineering": 1.5,
        },
    ),
)
SCENARIOS: Final = {scenario.name: scenario for scenario in _KNOWN}


def scenario_named(name: str) -> Scenario:
    """The registered scenario; raises ValueError that lists the known names."""
    if name not in SCENARIOS:
        raise ValueError(f"There is no scenario '{name}'. Choose one of: {', '.join(SCENARIOS)}.")
    return SCENARIOS[name]
