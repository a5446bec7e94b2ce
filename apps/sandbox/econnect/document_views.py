"""Documents that came in: download, status, removal, and the answer to the sender."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from apps.sandbox.econnect import calling, kept, replies
from apps.sandbox.econnect.calling import Call
from apps.sandbox.econnect.errors import Refused, as_json
from apps.sandbox.models import EconnectDocument

# What stands in an address -> family. A page says `order`, the SDKs say `salesOrder`: both are heard.
FAMILIES = {"purchaseInvoice": "invoice", "order": "order", "salesOrder": "order"}
MARK = "X-EConnect-DocumentId"
XML = "application/xml"


@csrf_exempt
def document(request: HttpRequest, party_id: str, family: str, document_id: str) -> HttpResponseBase:
    """Remove a document."""

    def remove(call: Call) -> HttpResponse:
        kept.remove(_found(call, "canRemoveDocument", party_id, family, document_id))
        return HttpResponse(status=204)

    return calling.answered(request, "delete", {"DELETE": remove})


@csrf_exempt
def download(request: HttpRequest, party_id: str, family: str, document_id: str) -> HttpResponseBase:
    """Give the bytes of a document."""

    def give(call: Call) -> HttpResponse:
        found = _found(call, "canReceiveDocument", party_id, family, document_id)
        wanted = call.request.GET.get(call.settings.format_parameter, "")
        return HttpResponse(kept.downloaded(found, wanted), content_type=XML)

    return calling.answered(request, "download", {"GET": give})


@csrf_exempt
def status(request: HttpRequest, party_id: str, family: str, document_id: str) -> HttpResponseBase:
    """Tell what happened to a document."""

    def tell(call: Call) -> HttpResponse:
        return as_json(kept.statuses(_found(call, "canReceiveDocument", party_id, family, document_id)))

    return calling.answered(request, "status", {"GET": tell})


@csrf_exempt
def response(request: HttpRequest, party_id: str, family: str, document_id: str) -> HttpResponseBase:
    """Tell the sender of a document what its receiver says."""

    def answer(call: Call) -> HttpResponse:
        found = _found(
            call,
            "canChangeDocumentStatus",
            party_id,
            family,
            document_id,
            even_removed=call.settings.answers_after_removal,
        )
        kept_answer = replies.answer(found, call.body(), call.request.headers.get(MARK, ""))
        return as_json({"id": kept_answer.response_id})

    return calling.answered(request, "response", {"POST": answer})


def _found(
    call: Call, permission: str, party_id: str, family: str, document_id: str, *, even_removed: bool = False
) -> EconnectDocument:
    if family not in FAMILIES:
        raise Refused(404)
    party, kind = call.party(party_id, permission), FAMILIES[family]
    if even_removed:
        return kept.find_even_removed(party, kind, document_id)
    return kept.find(party, kind, document_id, call.settings)
