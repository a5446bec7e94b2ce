"""Documents and attachments."""

import base64
from typing import Any

from tests.sandbox.driver import Exact, message
from tests.sandbox.small_firm import THERE, key

PDF = b"%PDF-1.4 sample"


def document(exact: Exact, **changes: Any) -> dict[str, Any]:
    body = {"Subject": "Factuur F-1", "Type": 20, "Account": key("Jansen Techniek"), **changes}
    made: dict[str, Any] = exact.post("documents/Documents", body).json()["d"]
    return made


def attach(exact: Exact, owner: str, content: str) -> Any:
    return exact.post(
        "documents/DocumentAttachments", {"Document": owner, "FileName": "f.pdf", "Attachment": content}
    )


def test_a_document_is_completed(exact: Exact) -> None:
    made = document(exact)
    assert made["HID"] >= 10_000_001
    assert made["TypeDescription"] == "Soort 20"
    assert made["AccountName"] == "Jansen Techniek"
    assert made["DocumentDate"] == "/Date(1791158400000)/"
    assert made["DocumentViewUrl"].startswith("http://127.0.0.1:8000/sandbox/exact/docs/DocView.aspx")


def test_documents_are_never_unique(exact: Exact) -> None:
    assert document(exact)["ID"] != document(exact)["ID"]
    assert exact.get("documents/Documents/$count", filter="Subject eq 'Factuur F-1'").text == "2"


def test_a_type_must_exist_and_be_creatable(exact: Exact) -> None:
    refused = exact.post("documents/Documents", {"Subject": "x", "Type": 99})
    assert (refused.status_code, message(refused)) == (500, "Ongeldige referentie: Type")
    assert message(exact.post("documents/Documents", {"Subject": "x", "Type": 10})) == "Niet toegestaan: Type"


def test_an_attachment_is_served_back(exact: Exact) -> None:
    made = attach(exact, document(exact)["ID"], base64.b64encode(PDF).decode()).json()["d"]
    assert made["FileSize"] == len(PDF)
    found = exact.get(f"documents/DocumentAttachments(guid'{made['ID']}')").json()["d"]
    assert base64.b64decode(found["Attachment"]) == PDF
    assert exact.session.get(found["Url"] + "&Download=1").content == PDF
    assert exact.session.get(found["Url"], headers={"Authorization": "Bearer x"}).status_code == 401
    assert exact.session.get(found["Url"].replace(made["ID"], key("none"))).status_code == 404


def test_bulk_and_sync_leave_the_bytes_out(exact: Exact) -> None:
    attach(exact, document(exact)["ID"], base64.b64encode(PDF).decode())
    assert exact.rows("sync/Documents/DocumentAttachments", filter="Timestamp gt 1")[0]["Attachment"] is None
    bulk = exact.rows("bulk/Documents/DocumentAttachments", select="ID,Attachment")
    assert bulk[0]["Attachment"] is None


def test_bad_base64_a_foreign_document_and_too_many_bytes_are_refused(exact: Exact) -> None:
    owner = document(exact)["ID"]
    bad = attach(exact, owner, "not base64!")
    assert bad.status_code == 400
    assert "converting the value from request payload for property 'Attachment'" in message(bad)
    foreign = exact.post("documents/Documents", {"Subject": "x", "Type": 20}, THERE).json()["d"]["ID"]
    assert message(attach(exact, foreign, "eA==")) == "Ongeldige referentie: Document"
    assert attach(exact, owner, base64.b64encode(b"x" * (10 * 1024 * 1024 + 1)).decode()).status_code == 413


def test_a_deleted_document_takes_its_attachments_along(exact: Exact) -> None:
    owner = document(exact)["ID"]
    made = attach(exact, owner, base64.b64encode(PDF).decode()).json()["d"]
    assert exact.put(f"documents/Documents(guid'{owner}')", {"Subject": "Nieuw"}).status_code == 204
    assert exact.get(f"documents/Documents(guid'{owner}')").json()["d"]["Subject"] == "Nieuw"
    assert exact.delete(f"documents/Documents(guid'{owner}')").status_code == 204
    assert exact.get(f"documents/DocumentAttachments(guid'{made['ID']}')").status_code == 404
    assert exact.session.get(made["Url"]).status_code == 404


def test_one_attachment_can_go_alone(exact: Exact) -> None:
    made = attach(exact, document(exact)["ID"], "eA==").json()["d"]
    assert exact.delete(f"documents/DocumentAttachments(guid'{made['ID']}')").status_code == 204
    assert exact.put(f"documents/DocumentAttachments(guid'{made['ID']}')", {}).status_code == 405
