"""What is said when a sign-in does not come to its end. Pure: each is a sentence in the language of the moment."""

from django.utils.translation import gettext as _


def foreign() -> str:
    """The state belongs to nothing that this person began."""
    return _("This answer does not belong to a sign-in that you began in the last ten minutes. Begin again.")


def cut_off_before() -> str:
    """The code was sent once, and what came of it nobody knows."""
    return _("This sign-in was cut off before Exact Online answered. Begin again.")


def declined(error: str) -> str:
    """Exact sent the browser back without a code; `error` is its own word for that."""
    if not error:
        return _("The address holds no code from Exact Online. Begin again.")
    if error == "access_denied":
        return _("You did not give access in Exact Online. Nothing was connected.")
    return _("Exact Online refused the sign-in (%(error)s). Begin again.") % {"error": error[:60]}


def code_refused() -> str:
    """The code was used or is too old (Exact facts 1.2)."""
    return _("Exact Online no longer accepts this code; it lives three minutes and works once. Begin again.")


def failed(words: str) -> str:
    """The exchange failed, in `words` of the other side."""
    return _("The sign-in did not come to its end: %(words)s Begin again.") % {"words": words}


def cut_off(words: str) -> str:
    """Something failed after the exchange: the pair is kept."""
    return _(
        "The sign-in did not come to its end: %(words)s Go on with it within ten minutes, or begin again."
    ) % {"words": words}


def no_list(words: str) -> str:
    """The chain is kept, its divisions are not known yet."""
    return _(
        "You are connected, but the list of divisions did not come: %(words)s It is read again by itself."
    ) % {"words": words}


def no_scope(name: str) -> str:
    """Neither list of divisions may be read by `name` with this app (Exact facts 1.6, 1.7)."""
    return _(
        "Exact Online does not let %(name)s show this app which administrations there are: the right “Organization "
        "administration” is missing. Nothing was changed. Have whoever manages the users give this right in Exact "
        "Online, or have the scope “Organization administration, read” added to the app in the Exact App Center; "
        "then sign in again."
    ) % {"name": name}


def barred(words: str) -> str:
    """Exact says why it does not let this user in."""
    return _("%(words)s Nothing was changed.") % {"words": words}
