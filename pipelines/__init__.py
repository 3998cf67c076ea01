"""Parley: how healthy an organisation's career conversations are, and what that has to do with leaving or moving up."""
