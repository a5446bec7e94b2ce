"""The doors of a run: how each arrival comes in, with its fault."""

import random
from email.message import EmailMessage
from pathlib import Path

from django.test import Client as Browser
from django.urls import reverse

from tests.doors.plan import Arrival, Door, Fault, File


def mail(arrival: Arrival, address: str, dice: random.Random) -> bytes:
    """Return the arrival as a mail to `address`; some are forwarded ones, with the mail itself as an attachment."""
    message = _message(arrival, address)
    for file in arrival.files:
        main, sub = _type_of(file)
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    if dice.random() < 0.1:
        outer = _message(arrival, address)
        outer.add_attachment(message)
        return outer.as_bytes()
    return message.as_bytes()


def _message(arrival: Arrival, address: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "facturen@leverancier.example", address
    message["Subject"] = f"Factuur {arrival.number}"
    message["Message-ID"] = f"<{arrival.number}@leverancier.example>"
    message.set_content("Bijgaand onze factuur.")
    return message


def _type_of(file: File) -> tuple[str, str]:
    suffix = file.name.rpartition(".")[2]
    return {"xml": ("application", "xml"), "pdf": ("application", "pdf"), "png": ("image", "png")}[suffix]


def into_folder(arrival: Arrival, folder: Path) -> None:
    """Write the files as a package does that knows no better: straight under their names."""
    for file in arrival.files:
        (folder / file.name).write_bytes(file.content)


def upload(arrival: Arrival, browser: Browser, administration: int) -> None:
    """Send the files by the form; pressed twice when that is the fault."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    for _press in range(2 if arrival.fault == Fault.DOUBLED_UPLOAD else 1):
        files = [SimpleUploadedFile(file.name, file.content) for file in arrival.files]
        answer = browser.post(
            reverse("admin:intake_receipt_upload"),
            {"documents": files, "administration": administration, "mark": f"{arrival.number:032x}"},
        )
        if answer.status_code != 302:
            raise RuntimeError(f"an upload was answered {answer.status_code}")


__all__ = ["Door", "into_folder", "mail", "upload"]
