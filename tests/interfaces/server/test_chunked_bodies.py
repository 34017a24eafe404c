"""Chunked bodies, and what follows them."""

import json

import pytest

from mockidp.server.chunks import ChunkDecoder


def seen(client, **answer):
    return json.loads(client.answer(**answer).text)


def test_a_chunked_body_arrives_complete(serve):
    client = serve().connect()
    client.send(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n")
    client.send(b"3\r\nabc\r\n00A;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n")
    environ = seen(client)
    assert environ["body"] == "abc0123456789"
    assert environ["CONTENT_LENGTH"] == "13"
    assert "HTTP_TRANSFER_ENCODING" not in environ
    assert seen(client.get("/next"))["PATH_INFO"] == "/next"


CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_request_may_be_pipelined_after_a_chunked_body(serve):
    client = serve().connect()
    get = b"GET /next HTTP/1.1\r\nHost: x\r\n\r\n"
    tricky = b"8\r\na\r\n\r\nb\r\n\r\n0;x\r\nA: b\r\n\r\n"
    client.send((CHUNKED + tricky + get) * 2)
    for _ in range(2):
        assert seen(client)["body"] == "a\r\n\r\nb\r\n"
        assert seen(client)["PATH_INFO"] == "/next"


@pytest.mark.parametrize("at", range(1, 40))
def test_a_chunked_body_may_be_split_anywhere(decode, at):
    sent = b"4\r\n\r\n\r\n\r\n3\r\n0\r\n\r\n0\r\nA: b\r\n\r\nGET /next"
    assert decode(sent[:at], sent[at:]) == (b"\r\n\r\n0\r\n", b"GET /next")


@pytest.fixture(scope="module")
def decode():
    """Return a function that decodes a chunked body from pieces."""

    def decode(*pieces):
        decoder, body, rest = ChunkDecoder(), b"", b""
        for piece in pieces:
            if decoder.is_complete:
                rest += piece
                continue
            decoded, rest = decoder.decode(piece)
            body += decoded
        assert decoder.is_complete
        return body, rest

    return decode
