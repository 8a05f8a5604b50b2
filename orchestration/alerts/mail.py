"""Hand one letter to the relay.

Belongs here: SMTP, encryption, login, and every way they can fail as one Swedish message. Not here: what a letter says
(``letters``) or whether it has been sent (``outbox``).
"""

from __future__ import annotations

import os
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.alerts.letters import Letter
    from orchestration.settings import Mail

PASSWORD_FILE = "BOKSLUT_MAIL_PASSWORD_FILE"  # noqa: S105  the name of a variable, not a password
_LONGEST_HEADER = 900
# What systemd calls the folder of a service's credentials, and ours in it.
_CREDENTIALS, _CREDENTIAL = "CREDENTIALS_DIRECTORY", "mail_password"


class MailError(Exception):
    """A letter could not be sent; the message (Swedish) says why and what to look at."""


def send(mail: Mail, letter: Letter) -> list[str]:
    """Send one letter and return the recipients that the relay would not take, while it took others.

    Raises :class:`MailError` where nobody was sent it.
    """
    import smtplib
    import ssl

    assert mail.host is not None
    relay = f"{mail.host}:{mail.port}"
    password = _password() if mail.user else ""
    try:
        with smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout_seconds) as server:
            if mail.starttls:
                server.starttls(context=ssl.create_default_context())
            if mail.user:
                server.login(mail.user, password)
            return sorted(server.send_message(as_message(mail, letter)))
    except smtplib.SMTPAuthenticationError as error:
        raise MailError(f"{relay} godtar inte användaren {mail.user} eller lösenordet ({error.smtp_code}).") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise MailError(f"{relay} tar inte emot brev till {', '.join(sorted(error.recipients))}.") from error
    except ssl.SSLCertVerificationError as error:
        raise MailError(f"{relay} visar ett certifikat som inte kan godtas ({error.verify_message}).") from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(f"{relay} tog inte emot brevet ({error}). Kontrollera [mail] i bokslut.toml.") from error


def as_message(mail: Mail, letter: Letter) -> EmailMessage:
    """Return the letter as it is sent. The same letter has the same Message-ID, so one that comes twice shows once."""
    assert mail.sender is not None
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.recipients)
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.key}@{mail.sender.partition('@')[2]}>"
    # So that nobody's absence notice answers.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body, cte="quoted-printable")
    # Python doubles a blank where it folds between a Swedish word and another, so no subject is folded.
    message.policy = message.policy.clone(max_line_length=_LONGEST_HEADER)
    return message


def _password() -> str:
    folder = os.environ.get(_CREDENTIALS)
    named = os.environ.get(PASSWORD_FILE) or (str(Path(folder) / _CREDENTIAL) if folder else None)
    if named is None:
        raise MailError(
            f"Lösenordet för e-post saknas: ange filen i {PASSWORD_FILE}, eller LoadCredential=mail_password."
        )
    try:
        password = Path(named).read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise MailError(f"{named}: lösenordet för e-post kan inte läsas ({type(error).__name__}).") from error
    if not password:
        raise MailError(f"{named}: filen med lösenordet för e-post är tom.")
    if not password.isascii():
        # smtplib has no other way to say it.
        raise MailError(f"{named}: lösenordet för e-post har andra tecken än ASCII. Byt det hos reläet.")
    return password
