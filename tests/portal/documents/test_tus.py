"""The tus protocol as a client meets it over HTTP."""

import base64
import hashlib
import socket
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.roles import Role
from portal.documents import uploading
from portal.documents.models import StoredFile, Upload
from tests.factories import accounts
from tests.portal.documents.conftest import docx, pdf, picture

TUS = {"Tus-Resumable": "1.0.0"}
TOKEN = "a" * 32
BYTES = "application/offset+octet-stream"


@pytest.fixture
def person(actor):
    return actor()


@pytest.fixture
def client(visit, person):
    return visit(person)


def described(**pairs: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


def create(client, length: int, purpose: str = "personal", name: str = "材料.pdf", **headers: str):
    told = {
        **TUS,
        "Upload-Length": str(length),
        "Upload-Metadata": described(filename=name, purpose=purpose),
        **headers,
    }
    return client.post(reverse("documents:uploads"), headers=told)


def patch(client, address, content: bytes, offset: int, **headers: str):
    told = {**TUS, "Upload-Offset": str(offset), **headers}
    return client.patch(address, content, content_type=BYTES, headers=told)


def offset(client, address) -> str:
    return client.head(address, headers=TUS)["Upload-Offset"]


def test_a_file_travels_in_pieces_and_leaves_a_receipt(client, person):
    content = picture(size=(300, 200))
    created = create(client, len(content), name="照片.jpg")
    address = created["Location"]
    assert (created.status_code, offset(client, address)) == (201, "0")
    first = patch(client, address, content[:100], 0)
    assert (first.status_code, first["Upload-Offset"], "Upload-Expires" in first) == (204, "100", True)
    head = client.head(address, headers=TUS)
    assert (head["Upload-Offset"], head["Upload-Length"], head["Cache-Control"]) == (
        "100",
        str(len(content)),
        "no-store",
    )
    assert client.get(address).json() == {"state": "arriving", "offset": 100, "length": len(content)}
    assert patch(client, address, content[100:], 100).status_code == 204
    file = StoredFile.objects.get()
    assert client.get(address).json() == {
        "state": "kept",
        "file": {
            "code": file.code,
            "name": "照片.jpg",
            "size": len(content),
            "kind": "jpeg",
            "sha256": hashlib.sha256(content).hexdigest(),
        },
    }
    assert (file.owner_person, file.purpose) == (person.person, "personal")


def test_the_server_says_what_it_can(client):
    told = client.options(reverse("documents:uploads"))
    assert (told.status_code, told["Tus-Version"], told["Tus-Resumable"]) == (204, "1.0.0", "1.0.0")
    assert told["Tus-Extension"] == "creation,checksum,expiration,termination"
    assert told["Tus-Checksum-Algorithm"] == "sha1,sha256"
    assert int(told["Tus-Max-Size"]) == 20 * 1024 * 1024


def test_another_version_is_refused(client):
    refused = client.post(reverse("documents:uploads"), headers={"Tus-Resumable": "0.2.2", "Upload-Length": "5"})
    assert (refused.status_code, refused["Tus-Version"]) == (412, "1.0.0")


def test_a_creation_whose_reply_was_lost_is_not_made_twice(client):
    first, second = (create(client, 100, **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first["Location"] == second["Location"]
    assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("length", "purpose", "status", "code"),
    [
        (30_000_000, "personal", 413, "too_large"),
        (0, "personal", 422, "empty"),
        (100, "minutes", 422, "purpose_not_permitted"),
        (100, "", 422, "purpose_not_permitted"),
    ],
)
def test_what_could_not_be_taken_is_refused_at_once_with_its_reason(client, length, purpose, status, code):
    refused = create(client, length, purpose)
    assert (refused.status_code, refused["Content-Type"]) == (status, "application/problem+json")
    assert refused.json()["reasons"][0]["code"] == code


@pytest.mark.parametrize(
    "headers",
    [
        {"Upload-Length": "-5"},
        {"Upload-Length": "５"},
        {"Upload-Length": "9" * 30},
        {"Upload-Metadata": "filename !!!"},
        {"Upload-Metadata": "filename /w=="},
    ],
)
def test_malformed_requests_are_told_so(client, headers):
    assert create(client, 10, **headers).status_code == 400


def test_a_wrong_place_type_or_checksum_stores_nothing(client):
    address = create(client, 10)["Location"]
    assert patch(client, address, b"xx", 5).status_code == 409
    assert (
        client.patch(address, b"xx", content_type="text/plain", headers={**TUS, "Upload-Offset": "0"}).status_code
        == 415
    )
    assert patch(client, address, b"xx", 0, **{"Upload-Checksum": "md5 eA=="}).status_code == 400
    assert patch(client, address, b"xx", 0, **{"Upload-Checksum": "sha1 eA=="}).status_code == 460
    assert patch(client, address, b"x" * 11, 0).status_code == 413
    assert offset(client, address) == "0"
    right = base64.b64encode(hashlib.sha256(b"xx").digest()).decode()
    assert patch(client, address, b"xx", 0, **{"Upload-Checksum": f"sha256 {right}"}).status_code == 204


def test_a_file_that_is_not_acceptable_is_told_after_its_last_byte(client):
    content = docx()
    address = create(client, len(content))["Location"]
    assert patch(client, address, content, 0).status_code == 204
    told = client.get(address).json()
    assert (told["state"], told["reasons"][0]["code"]) == ("refused", "kind_not_taken")


def test_an_old_proxy_may_send_a_post_for_a_patch(client):
    address = create(client, 10)["Location"]
    headers = {**TUS, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert client.post(address, b"xx", content_type=BYTES, headers=headers)["Upload-Offset"] == "2"


def test_a_get_cannot_be_turned_into_something_that_changes(client):
    address = create(client, 10)["Location"]
    client.get(address, headers={**TUS, "X-HTTP-Method-Override": "DELETE"})
    assert offset(client, address) == "0"


def test_an_upload_can_be_given_up(client):
    address = create(client, 10)["Location"]
    patch(client, address, b"xx", 0)
    assert client.delete(address, headers=TUS).status_code == 204
    assert client.head(address, headers=TUS).status_code == 404


def test_an_expired_upload_is_gone(client, at, now):
    address = create(client, 10)["Location"]
    Upload.objects.update(expires_at=now - uploading.KEEPS_FOR)
    at(now)
    assert client.head(address, headers=TUS).status_code == 410
    assert patch(client, address, b"xx", 0).status_code == 410


def test_nobody_meets_the_upload_of_another_or_of_another_capacity(client, visit, actor, person):
    address = create(client, 10)["Location"]
    organisation = accounts.organisation()
    accounts.Membership.objects.create(
        person=person.person, organisation=organisation, role=Role.EMPLOYER_CLERK, since=accounts.SINCE
    )
    clerk = accounts.acting_for(person.person, organisation, frozenset({Role.EMPLOYER_CLERK}))
    for stranger in (visit(actor()), visit(clerk)):
        assert stranger.head(address, headers=TUS).status_code == 404
        assert stranger.get(address).status_code == 404
        assert patch(stranger, address, b"xx", 0).status_code == 404
        assert stranger.delete(address, headers=TUS).status_code == 404
    assert create(Client(), 10).status_code == 302
    assert offset(client, address) == "0"


def test_another_site_cannot_send_on_behalf(person, now):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person.person, backend="portal.entrance.backends.PersonBackend")
    assert create(browser, 10).status_code == 403
    upload = uploading.begin(name="x", length=10, purpose="personal", by=person, at=now)
    address = reverse("documents:upload", args=[upload.code])
    assert patch(browser, address, b"xx", 0).status_code == 403
    assert browser.delete(address, headers=TUS).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_what_came_before_the_line_broke_is_not_sent_again(live_server, visit, actor):
    content, client = pdf(40), visit(actor())
    address = create(client, len(content))["Location"]
    place = urlsplit(live_server.url)
    request = (
        f"PATCH {address} HTTP/1.1\r\nHost: {place.netloc}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        f"Content-Type: {BYTES}\r\nContent-Length: {len(content)}\r\n"
        f"Cookie: sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n\r\n"
    )
    with socket.create_connection((place.hostname, place.port)) as line:
        line.sendall(request.encode() + content[:1_500])
        line.shutdown(socket.SHUT_WR)
        told = b"".join(iter(lambda: line.recv(4_096), b""))
    assert b"Upload-Offset: 1500" in told
    assert offset(client, address) == "1500"
    patch(client, address, content[1_500:], 1_500)
    assert client.get(address).json()["file"]["sha256"] == hashlib.sha256(content).hexdigest()
