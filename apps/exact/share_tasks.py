"""What the worker does for share links: their rows say which mails are due."""

from apps.exact import share_mails


def mail_share_link(pk: int) -> None:
    """Send one share link to the person it is for, once."""
    share_mails.send(pk)


def tell_of_share_link(pk: int) -> None:
    """Tell the maker of one share link that it is done, or was used for the wrong administration."""
    share_mails.tell(pk)
