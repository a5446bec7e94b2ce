"""The firm of a run: twelve administrations, their participants, one mailbox for all of them, and their folders."""

from pathlib import Path

from django.conf import settings
from django.test import Client as Browser

from apps.clients.models import Administration, Client
from apps.econnect import hooks, parties
from apps.econnect.models import Party
from apps.econnect.registration import default_account
from apps.intake import folder_place
from apps.intake.models import Folder, Mailbox, Security
from apps.people.models import User
from apps.sandbox.econnect import network
from tests.doors.plan import ADMINISTRATIONS, kvk

ADDRESS = "post@kantoor.example"
MAIL_USER = "post"


def found(port: int, password: str) -> list[Administration]:
    """Make the firm; `port`: where its mail server listens. Return the administrations in their order."""
    made = [_administration(number) for number in range(ADMINISTRATIONS)]
    Mailbox.objects.create(
        address=ADDRESS,
        host="127.0.0.1",
        port=port,
        security=Security.NONE,
        username=MAIL_USER,
        password=password,
    )
    for administration in made:
        Folder.objects.create(administration=administration, path=administration.slug)
        folder_place.prepare(settings.FOLDERS_ROOT, administration.slug)
    _open_peppol(made)
    return made


def folder_of(administration: Administration) -> Path:
    """Return where the scanner of an administration writes."""
    return Path(settings.FOLDERS_ROOT) / administration.slug


def browser() -> Browser:
    """Return a browser in which an administrator is signed in."""
    signed_in = Browser()
    user = User.objects.create_superuser("doors@kantoor.example")
    signed_in.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return signed_in


def _administration(number: int) -> Administration:
    client = Client.objects.create(name=f"Klant {number}", slug=f"doors-{number}")
    made = Administration.objects.create(
        client=client, name=f"Administratie {number}", slug=f"doors-{number}"
    )
    made.identifiers.create(kind="kvk", value=kvk(number))
    return made


def _open_peppol(administrations: list[Administration]) -> None:
    for number, administration in enumerate(administrations):
        network.parties.add(f"0106:{kvk(number)}", administration.name)
    account = default_account()
    parties.refresh(account)
    for number, administration in enumerate(administrations):
        parties.link(Party.objects.get(account=account, party_id=f"0106:{kvk(number)}"), administration)
    hooks.register(account)
    network.change(mail_with_document=False)
