"""What every signed-in request must satisfy."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from apps.people.models import User

Handler = Callable[[HttpRequest], HttpResponse]


class LanguageOfUser:
    """Shows each person the product in the language of their own account."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User) and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language() or ""
        return self.get_response(request)


class SecondFactorForStaff:
    """Sends staff without a second factor to the page that adds one; only the account pages stay open."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._must_add_factor(request):
            return redirect("mfa_index")
        return self.get_response(request)

    @staticmethod
    def _must_add_factor(request: HttpRequest) -> bool:
        if not settings.SECOND_FACTOR_REQUIRED or not isinstance(request.user, User):
            return False
        if request.path.startswith("/accounts/"):
            return False
        methods = request.session.get("account_authentication_methods", [])
        used = any(method.get("method") == "mfa" for method in methods)
        return not (used and is_mfa_enabled(request.user))
