"""What Parley will not work out, and why; the glossary lists it so that nobody asks for a misleading number."""

REFUSALS = {
    "Leaving rates of people who ever talked against people who never did": (
        "Whoever stays longer has more time to have a conversation. "
        "The comparison would show a benefit even if talking did nothing."
    ),
    "Average time since the last conversation of leavers at exit against stayers today": (
        "The two groups are measured at different moments, so the difference mostly reflects the calendar."
    ),
    "What leavers said last against what stayers said last": (
        "Without comparing the same stretch of time, events that touched everyone look like causes of leaving."
    ),
    "Correlations between team averages": (
        "A pattern between teams can run the other way for the people in them. Small teams add chance on top."
    ),
    "Anything about one person from a confidential survey": (
        "Answers were given in confidence. They count in groups above the smallest size and never reach a person's row."
    ),
}
