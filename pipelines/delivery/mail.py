"""Mail through the company's server, over TLS with a certificate that is checked, or not at all."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import localtime
from pathlib import Path

from pipelines.delivery.answers import Answer, State
from pipelines.delivery.notices import SUBJECT, Notice
from pipelines.delivery_settings import DeliverySettings

_SECONDS = 30.0
_NO_TLS = (
    "The mail server offers no encryption (STARTTLS), so nothing was sent. Have it switched on, or use another server."
)
_CERTIFICATE = (
    "The certificate of the mail server could not be checked, so nothing was sent. Look at its name and date; if the company"
    " has a certificate authority of its own, name its file in delivery.mail_authority."
)
_UNREACHED = "The mail server could not be reached. Check delivery.mail_server, delivery.mail_port and the network."
_LOGIN = "The mail server does not accept user and password. Correct delivery.mail_user or the password's file."
_BROKEN_OFF = "The mail server broke off before it had answered; the notice may have arrived, so it is not sent again."


@dataclass(frozen=True)
class MailServer:
    """The server of an installation; `password` is None where none is asked for."""

    settings: DeliverySettings
    password: str | None = None

    def send(self, notice: Notice) -> Answer:
        """Send one notice; what went wrong is an answer, never an exception of the network."""
        try:
            server = self._connected()
        except ssl.SSLError:
            return Answer(State.WAITING, _CERTIFICATE, is_down=True)
        except smtplib.SMTPNotSupportedError:
            return Answer(State.REFUSED, _NO_TLS, is_down=True)
        except smtplib.SMTPAuthenticationError:
            return Answer(State.REFUSED, _LOGIN, is_down=True)
        except (OSError, smtplib.SMTPException):
            return Answer(State.WAITING, _UNREACHED, is_down=True)
        try:
            return self._handed_over(server, notice)
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        told = self.settings
        context = ssl.create_default_context(cafile=str(told.mail_authority) if told.mail_authority else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if told.mail_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(told.mail_server, told.mail_port, timeout=_SECONDS, context=context)
        else:
            server = smtplib.SMTP(told.mail_server, told.mail_port, timeout=_SECONDS)
        try:
            if told.mail_security == "starttls":
                # Raises SMTPNotSupportedError where it is not offered: then nothing follows in the clear.
                server.starttls(context=context)
            if told.mail_user:
                server.login(told.mail_user, self.password or "")
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server

    def _handed_over(self, server: smtplib.SMTP, notice: Notice) -> Answer:
        try:
            server.ehlo_or_helo_if_needed()
            for code, _ in (server.mail(self.settings.mail_from), server.rcpt(notice.to)):
                if code >= 400:
                    return _turned_away(code)
        except (OSError, smtplib.SMTPException):
            return Answer(State.WAITING, _UNREACHED, is_down=True)
        try:
            code, _ = server.data(self._message(notice).as_bytes())
        except smtplib.SMTPDataError as error:
            return _turned_away(error.smtp_code)
        except (OSError, smtplib.SMTPException):
            return Answer(State.UNCERTAIN, _BROKEN_OFF)
        return Answer(State.SENT) if code < 400 else _turned_away(code)

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = SUBJECT
        message["From"] = self.settings.mail_from
        message["To"] = notice.to
        message["Date"] = localtime()
        message["Message-ID"] = f"<{notice.message_id}@{self.settings.mail_from.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(notice.text)
        return message


def _turned_away(code: int) -> Answer:
    if code < 500:
        return Answer(State.WAITING, f"The mail server puts notices off (code {code}).")
    return Answer(
        State.REFUSED, f"The mail server refuses a notice (code {code}). Check the addresses in the access scopes."
    )


def authority_fault(path: Path | None) -> str:
    """Why the file of a certificate authority cannot be used, with the remedy; '' where it can, or none is named."""
    if path is None:
        return ""
    try:
        ssl.create_default_context(cafile=str(path))
    except (OSError, ssl.SSLError):
        return f"{path} is no file with certificates. Correct delivery.mail_authority."
    return ""
