"""Career stages and the kinds of support that fit each: assumptions of the house, not research; settings may replace them."""

from __future__ import annotations

FAR = 10**6
# Career stages by days in the present job (metrics.md, section 8); the last two are not reached by time.
CAREER_STAGES = [
    ("new_in_job", "New in the job", 0, 183),
    ("growing", "Growing", 183, 730),
    ("ready_for_more", "Ready for more", 730, 1826),
    ("long_in_role", "Long in the role", 1826, FAR),
    ("leaving_or_retiring", "Leaving or retiring", None, None),
    ("unknown", "Stage unknown", None, None),
]
STAGES = tuple(stage for stage, *_ in CAREER_STAGES)
STAGE_LABELS = {stage: label for stage, label, *_ in CAREER_STAGES}
SUPPORT_TYPES = ("sounding_board", "feedback", "information", "advice_challenge", "sponsorship", "planning")
# Support is judged only where the stage is known, so the stage 'unknown' has no entry.
STAGE_SUPPORT = {
    "new_in_job": ("feedback", "information", "sounding_board"),
    "growing": ("feedback", "advice_challenge", "planning"),
    "ready_for_more": ("sponsorship", "advice_challenge", "planning"),
    "long_in_role": ("sounding_board", "advice_challenge", "information"),
    "leaving_or_retiring": ("planning", "information", "sounding_board"),
}
