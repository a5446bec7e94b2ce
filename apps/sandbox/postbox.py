"""Where the product's mail goes in sandbox mode: into the simulated mailboxes, and the rest to the console."""

from django.core.mail import EmailMessage
from django.core.mail.backends import console

from apps.sandbox.exact import messages


class EmailBackend(console.EmailBackend):
    """Delivers to the digital mailboxes that the simulated Exact has, and prints what is for anybody else."""

    def write_message(self, message: EmailMessage) -> None:
        """Take in one mail; it is printed once when one of its recipients has no mailbox here."""
        raw = message.message().as_bytes()
        recipients = message.recipients()
        ours = [address for address in recipients if messages.mailbox_at(address)]
        for address in ours:
            messages.take_mail(raw, to=address)
        if len(ours) < len(recipients):
            super().write_message(message)
