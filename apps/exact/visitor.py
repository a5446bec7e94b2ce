"""An Exact user who says yes: the browser's part of signing in at the sandbox, for the demo and for training."""

from django.utils.translation import gettext as _

from apps.core import http


class Visitor:
    """Opens the sandbox's consent page and ticks divisions, as a person would. Not for the real Exact."""

    def __init__(self) -> None:
        self._session = http.Session()

    def consent(self, url: str, *, divisions: list[int], user: str = "") -> str:
        """Give the app at the authorise address `url` these divisions; return where the browser is sent back to.

        `user` is the user id of who signs in; empty: the first one. What that user may not open is not given.
        Raises core.http.Rejected when the consent page does not send it back.
        """
        self._session.get(url)
        answer = self._session.post(url, data={"division": [str(code) for code in divisions], "user": user})
        location = answer.headers.get("Location", "")
        if answer.status_code != 302 or not location:
            raise http.Rejected(_("The consent page did not answer as expected."), status=answer.status_code)
        return location
