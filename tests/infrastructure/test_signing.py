"""Signed notes and checkpoints: the published examples, keys that change, and what is no note."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa
from hypothesis import example, given
from hypothesis import strategies as st

from infrastructure.notes import (
    BadNote,
    Checkpoint,
    Note,
    Signature,
    read_checkpoint,
    read_note,
)
from infrastructure.signing import (
    ML_DSA_44,
    Signer,
    read_signers,
    read_verifier,
    sign,
    verify,
)

ROOT = bytes(range(32))
CHECKPOINT = Checkpoint("polku.example/log", 20852163, ROOT)
OLD = Signer("polku.example/log", ed25519.Ed25519PrivateKey.from_private_bytes(b"1" * 32))
NEW = Signer("polku.example/log", ed25519.Ed25519PrivateKey.from_private_bytes(b"2" * 32))
QUANTUM = Signer("polku.example/log", mldsa.MLDSA44PrivateKey.from_seed_bytes(b"3" * 32))

GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngot"
    "pRZb6KE6RyyBwJnAM=\n"
)
"""The key and the note of the documentation of Go's package sumdb/note."""


def pem(key: object) -> str:
    made: bytes = key.private_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return made.decode()


def test_a_note_of_others_is_read_and_verified_with_their_key():
    note = read_note(GO_NOTE)
    verifier = read_verifier(GO_KEY)
    assert verifier.vkey() == GO_KEY
    assert verify(note, [verifier]) == (verifier,)
    assert note.written() == GO_NOTE


def test_a_checkpoint_of_others_is_read():
    said = read_checkpoint(
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )
    assert (said.origin, said.size, said.root[:2]) == (
        "example.com/behind-the-sofa",
        20852163,
        b"\x0a\xc5",
    )


@pytest.mark.parametrize("signer", [OLD, QUANTUM])
def test_a_signed_checkpoint_comes_back_as_it_was(signer: Signer):
    written = sign(CHECKPOINT.text(), [signer], at=1_700_000_000).written()
    note = read_note(written.encode())
    verifier = read_verifier(signer.verifier.vkey())
    assert verify(note, [verifier]) == (verifier,)
    assert read_checkpoint(note.text) == CHECKPOINT


@pytest.mark.parametrize("signer", [OLD, QUANTUM])
def test_another_text_under_a_signature_is_refused(signer: Signer):
    note = sign(CHECKPOINT.text(), [signer])
    for other in (
        Checkpoint("polku.example/log", 20852162, ROOT),
        Checkpoint("polku.example/log", 20852163, ROOT[::-1]),
        Checkpoint("other.example/log", 20852163, ROOT),
    ):
        with pytest.raises(BadNote, match="not of this text"):
            verify(Note(other.text(), note.signatures), [signer.verifier])


def test_ml_dsa_signs_the_message_that_the_specification_says():
    made = QUANTUM.sign(CHECKPOINT.text(), at=5)
    name = b"\x11polku.example/log"
    message = b"subtree/v1\n\0" + name + bytes(7) + b"\x05" + name
    message += bytes(8) + (20852163).to_bytes(8, "big") + ROOT
    public = mldsa.MLDSA44PublicKey.from_public_bytes(QUANTUM.verifier.key)
    public.verify(made.value[8:], message)
    assert made.value[:8] == bytes(7) + b"\x05"
    assert QUANTUM.verifier.kind == ML_DSA_44


def test_ml_dsa_neither_signs_nor_believes_lines_that_it_does_not_cover():
    more = Checkpoint("polku.example/log", 1, ROOT, ("another line",)).text()
    with pytest.raises(BadNote, match="does not cover"):
        QUANTUM.sign(more)
    plain = sign(Checkpoint("polku.example/log", 1, ROOT).text(), [QUANTUM])
    with pytest.raises(BadNote, match="does not cover"):
        verify(Note(more, plain.signatures), [QUANTUM.verifier])


def test_ml_dsa_binds_the_instant_that_it_says():
    (made,) = sign(CHECKPOINT.text(), [QUANTUM], at=5).signatures
    for instant in (bytes(8), b"\xff" * 8):
        other = Signature(made.name, made.key_id, instant + made.value[8:])
        with pytest.raises(BadNote):
            verify(Note(CHECKPOINT.text(), (other,)), [QUANTUM.verifier])


def test_while_keys_change_a_reader_may_know_either():
    note = read_note(sign(CHECKPOINT.text(), [NEW, OLD]).written())
    assert verify(note, [OLD.verifier]) == (OLD.verifier,)
    assert verify(note, [NEW.verifier]) == (NEW.verifier,)
    assert verify(note, [OLD.verifier, NEW.verifier]) == (NEW.verifier, OLD.verifier)


def test_a_key_that_was_changed_signs_no_more():
    note = sign(CHECKPOINT.text(), [NEW])
    with pytest.raises(BadNote, match="nobody who is known has signed"):
        verify(note, [OLD.verifier])


def test_a_wrong_signature_of_a_known_key_spoils_a_good_one():
    good = sign(CHECKPOINT.text(), [NEW]).signatures
    wrong = sign("another text\n", [OLD]).signatures
    note = Note(CHECKPOINT.text(), (*good, *wrong))
    with pytest.raises(BadNote, match="not of this text"):
        verify(note, [OLD.verifier, NEW.verifier])
    assert verify(note, [NEW.verifier]) == (NEW.verifier,)


def test_who_shares_only_the_id_or_only_the_name_is_unknown():
    (made,) = sign(CHECKPOINT.text(), [OLD]).signatures
    for other in (
        Signature("somebody.else", made.key_id, made.value),
        Signature(made.name, b"\0\0\0\0", made.value),
    ):
        with pytest.raises(BadNote, match="nobody who is known"):
            verify(Note(CHECKPOINT.text(), (other,)), [OLD.verifier])


def test_keys_are_read_from_pem_from_a_file_or_the_environment():
    keys = [ed25519.Ed25519PrivateKey.generate(), mldsa.MLDSA44PrivateKey.generate()]
    text = "".join(pem(key) for key in keys)
    for given_text in (text, text.replace("\n", "\\n")):
        signers = read_signers("polku.example/log", given_text)
        assert [x.verifier.key for x in signers] == [
            key.public_key().public_bytes_raw() for key in keys
        ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no private key"),
        ("-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----", "cannot be read"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "neither of Ed25519 nor of ML-DSA-44"),
        (
            ed25519.Ed25519PrivateKey.generate()
            .private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.BestAvailableEncryption(b"word"),
            )
            .decode(),
            "locked with a password",
        ),
    ],
)
def test_what_is_no_key_is_refused_with_a_sentence(text: str, said: str):
    with pytest.raises(BadNote, match=said):
        read_signers("polku.example/log", text)


@pytest.mark.parametrize("name", ["", "two words", "one+two", "no\u00a0break", "line\nbreak"])
def test_a_name_that_cannot_stand_in_a_note_cannot_sign(name: str):
    with pytest.raises(BadNote, match="cannot sign"):
        Signer(name, ed25519.Ed25519PrivateKey.generate())


@pytest.mark.parametrize(
    ("vkey", "said"),
    [
        ("", "form name"),
        ("name+c74f20a3", "neither"),
        ("two words" + GO_KEY[12:], "form name"),
        (GO_KEY.replace("c74f20a3", "C74F20A3"), "form name"),
        (GO_KEY.replace("c74f20a3", "c74f20a4"), "altered"),
        (GO_KEY.replace("ARpc", "ARpd"), "altered"),
        (GO_KEY.replace("Peter", "Pater"), "altered"),
        (GO_KEY[:-4], "neither"),
        (GO_KEY[:-1], "base64"),
        (GO_KEY.replace("ARpc", "BRpc"), "neither"),
    ],
)
def test_a_verifier_key_that_is_not_whole_is_refused(vkey: str, said: str):
    with pytest.raises(BadNote, match=said):
        read_verifier(vkey)


B64 = base64.b64encode(ROOT).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n1\n",
        f"\n1\n{B64}\n",
        f"log\n1\n{B64}",
        f"log\n01\n{B64}\n",
        f"log\n-1\n{B64}\n",
        f"log\n+1\n{B64}\n",
        f"log\n1 \n{B64}\n",
        f"log\n\u0661\n{B64}\n",
        f"log\n{2**63}\n{B64}\n",
        f"log\n{'9' * 5000}\n{B64}\n",
        f"log\n1\n{B64[:-4]}\n",
        f"log\n1\n{B64[:-1]}\n",
        f"log\n1\n{B64[:-2]}9=\n",
        f"log\n1\n{B64}\n\n",
        f"log\n1\n{B64}\n\nmore\n",
        f"log\n1\r\n{B64}\n",
        f"log\ud800\n1\n{B64}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str):
    with pytest.raises(BadNote):
        read_checkpoint(text)


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("", 1, ROOT),
        Checkpoint("two\nlines", 1, ROOT),
        Checkpoint("log\n5", 1, ROOT),
        Checkpoint("log", -1, ROOT),
        Checkpoint("log", 1, ROOT[:-1]),
        Checkpoint("log", 1, ROOT, ("",)),
        Checkpoint("log", 1, ROOT, ("two\nlines",)),
    ],
)
def test_no_checkpoint_is_made_that_could_not_be_read(checkpoint: Checkpoint):
    with pytest.raises(BadNote):
        checkpoint.text()


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n\n",
        b"\xff\n\n\xe2\x80\x94 a AAAAAAAA\n",
        "text\n\n\u2014 a AAAAAAAA",
        "text\n\n- a AAAAAAAA\n",
        "text\n\n\u2014 a  AAAAAAAA\n",
        "text\n\n\u2014 a AAAAAA==\n",
        "text\n\n\u2014 a+b AAAAAAAA\n",
        "text\n\n\u2014 a AAAA AAAA\n",
        "te\rxt\n\n\u2014 a AAAAAAAA\n",
        "text\n\n" + "\u2014 a AAAAAAAA\n" * 101,
        "t" * 2**20 + "\n\n\u2014 a AAAAAAAA\n",
    ],
)
def test_what_is_no_note_is_refused(written: bytes | str):
    with pytest.raises(BadNote):
        read_note(written)


def test_a_note_may_have_sixteen_signatures_and_more():
    assert len(read_note("text\n\n" + "\u2014 a AAAAAAAA\n" * 100).signatures) == 100


NOTE = sign(CHECKPOINT.text(), [OLD, QUANTUM]).written().encode()


@given(st.integers(0, len(NOTE) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_no_altered_note_says_anything_else(at: int, put: bytes, drop: int):
    altered = NOTE[:at] + put + NOTE[at + drop :]
    try:
        note = read_note(altered)
        verify(note, [OLD.verifier, QUANTUM.verifier])
    except BadNote:
        return
    assert read_checkpoint(note.text) == CHECKPOINT


def refused(read: Callable[[Any], object], given_text: str | bytes) -> str | None:
    """What is said against a text; None where it could be read. No other error passes."""
    try:
        read(given_text)
    except BadNote as error:
        return str(error)
    return None


@given(st.one_of(st.text(), st.text(alphabet="a1+=\n\u2014 \u00a0A/")))
@example("a+00000000+AQ==")
def test_any_text_at_all_is_read_or_refused_in_words(text: str):
    for read in (read_note, read_verifier, read_checkpoint):
        said = refused(read, text)
        assert said is None or len(said) > 10


@given(st.binary())
def test_any_bytes_at_all_are_read_or_refused_in_words(data: bytes):
    if refused(read_note, data) is None:
        assert read_note(data).written().encode() == data
