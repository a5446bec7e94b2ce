"""users/UserHasRights: what a user may do. Its format is a guess (Exact facts 1.7): quotes may stand or be left out."""

from apps.sandbox.exact import table
from apps.sandbox.exact.calling import Calling
from apps.sandbox.exact.errors import Refused
from apps.sandbox.models import ExactUser

PATH = "users/UserHasRights"
_ACTIONS = frozenset({"GET", "POST", "PUT", "DELETE"})


def has(call: Calling) -> bool:
    """Tell whether the user has the right that is asked for; scopes of the app do not count. Raises Refused (400)."""
    asked = {name: str(value).strip().strip("'") for name, value in call.request.GET.items()}
    endpoint, action = asked.get("endpoint", ""), asked.get("action", "").upper()
    if not endpoint or action not in _ACTIONS:
        raise Refused(400, "Bad Request - Error in query syntax.")
    return may(call.grant.user, endpoint)


def may(user: ExactUser, endpoint: str) -> bool:
    """Tell whether `user` has the right to `endpoint`; of one that is not simulated: unless everything is lacking."""
    resource = table.resources().get(endpoint)
    named = {resource.scope, resource.path, resource.base} if resource else {endpoint, "Financial accounting"}
    return not named & set(user.missing_scopes)
