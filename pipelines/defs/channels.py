"""Slack and Teams by the libraries made for Dagster: a notice for everybody in a channel, with a link and nothing else."""

from collections.abc import Callable
from functools import partial
from http.client import HTTPException
from pathlib import Path

import requests
from dagster_msteams import MSTeamsResource
from dagster_slack import SlackResource
from slack_sdk.errors import SlackApiError, SlackClientError

from pipelines.delivery import Answer, Notice, State
from pipelines.delivery.credentials import SLACK, TEAMS, CredentialError, credential
from pipelines.delivery.notices import SUBJECT

_SECONDS = 30.0
# Slack's words for "not now": nothing was posted.
_LATER = ("ratelimited", "rate_limited", "service_unavailable", "request_timeout")
_SILENT = "{} broke off before it had answered; the notice may have arrived, so it is not sent again."
_UNREACHED = "{} could not be reached. Check the network."


def slack(channel: str, secrets: Path, base_url: str = "") -> Callable[[Notice], Answer]:
    """The sender for a Slack channel, with the token of the installation. Raises CredentialError without one."""
    client = SlackResource(token=credential(SLACK, secrets)).get_client()
    client.timeout = int(_SECONDS)
    client.base_url = base_url or client.base_url

    def send(notice: Notice) -> Answer:
        try:
            client.chat_postMessage(channel=channel, text=f"{SUBJECT}\n{notice.text}", unfurl_links=False)
        except SlackApiError as error:
            why = str(error.response.get("error", "")) if error.response else ""
            state = State.WAITING if why in _LATER else State.REFUSED
            return Answer(state, f"Slack does not take the notice ({why}). Check the token and delivery.slack_channel.")
        except ConnectionRefusedError:
            return Answer(State.WAITING, _UNREACHED.format("Slack"))
        except (SlackClientError, OSError, HTTPException) as error:
            return _broken("Slack", error)
        return Answer(State.SENT)

    return send


def teams(secrets: Path) -> Callable[[Notice], Answer]:
    """The sender for the Teams channel behind the installation's webhook. Raises CredentialError without one, or without TLS."""
    url = credential(TEAMS, secrets)
    if not url.startswith("https://"):
        raise CredentialError("The Teams webhook must begin with https://. Copy it from Teams once more.")
    return partial(_to_teams, url)


def _to_teams(url: str, notice: Notice) -> Answer:
    client = MSTeamsResource(hook_url=url, timeout=_SECONDS).get_client()
    text = {"type": "TextBlock", "text": f"{SUBJECT}\n\n{notice.text}", "wrap": True}
    card = {"type": "AdaptiveCard", "version": "1.4", "body": [text]}
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    try:
        client.post_message(payload={"type": "message", "attachments": [content]})
    except requests.exceptions.ConnectTimeout:
        return Answer(State.WAITING, _UNREACHED.format("Teams"))
    except (requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
        return _broken("Teams", error)
    except requests.exceptions.RequestException:
        # The library gives its own exception, without the code, for every answer that is no success.
        return Answer(State.REFUSED, "Teams does not take the notice. Check the webhook, or make a new one.")
    return Answer(State.SENT)


def _broken(name: str, error: Exception) -> Answer:
    """Never connected is surely not delivered; anything later may have been."""
    text = repr(error)
    is_unreached = any(
        word in text for word in ("NewConnectionError", "Connection refused", "NameResolution", "SSLError")
    )
    if is_unreached:
        return Answer(State.WAITING, _UNREACHED.format(name))
    return Answer(State.UNCERTAIN, _SILENT.format(name))
