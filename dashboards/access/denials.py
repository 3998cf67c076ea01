"""Why nothing is shown, each as a sentence for the reader; a denial never says whether what was asked for exists."""

from __future__ import annotations


class AccessDeniedError(Exception):
    """Nothing is returned; the text is what the reader is told."""


class SignedOutError(AccessDeniedError):
    """There is no session, or it has ended."""

    def __init__(self) -> None:
        """Say so in words."""
        super().__init__("You are not signed in, or your session has ended. Sign in to go on.")


class NotAllowedError(AccessDeniedError):
    """The viewer's role or scope does not cover what was asked for."""

    def __init__(self) -> None:
        """Say so in words."""
        super().__init__("This is not part of what you may see. Ask HR analytics if you need it.")


class NoScopeError(AccessDeniedError):
    """The viewer is known to the sign-in service, but no row of the scope contract is about them."""

    def __init__(self) -> None:
        """Say so in words."""
        super().__init__(
            "You are signed in, but nobody has said what you may see. Ask HR analytics to add you to the access scope"
            " file, once, in one role; it takes effect with the next nightly run."
        )


class ParameterError(AccessDeniedError):
    """A parameter is missing, unknown or not of its kind; a fault of a page or an attack, never of the reader."""

    def __init__(self, name: str) -> None:
        """Name the parameter, never its value."""
        super().__init__(f"The request for data is not one that is known ({name}). Reload the page.")


class NotLoggedError(AccessDeniedError):
    """The access log could not be written, so nothing may be read."""

    def __init__(self, reason: str) -> None:
        """Say what is wrong with the log."""
        super().__init__(
            f"Nothing can be shown: the access log {reason}, and what is read must be on record."
            " Tell whoever runs Parley."
        )


class DecisionsError(AccessDeniedError):
    """What was decided about entries cannot be known, so that somebody taken off a list might be shown on it."""

    def __init__(self, reason: str) -> None:
        """Say what is wrong with the ledger of decisions."""
        super().__init__(
            f"No list can be shown: the record of what was decided about its entries {reason}. Whoever runs Parley brings"
            " reviews/decisions.jsonl back from the backup and starts the dashboard again; the auditor sees where it broke."
        )


class ListError(AccessDeniedError):
    """The list of names is missing, old, or not what was published."""

    def __init__(self, reason: str) -> None:
        """Say what is wrong with the list."""
        super().__init__(f"Your list cannot be shown: {reason}. The next nightly run makes a new one.")
