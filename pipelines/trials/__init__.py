"""What if people had talked more often: emulated trials on counts under a versioned protocol, their limits and their words.

Counts come from the tables of links whose names begin with ``trial_``; hazards as they were observed are not estimated here.
"""
