import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnlloyd.errors import BadMessage
from fnlloyd.wire import HEADER_BYTES, Codec, Frame, pack, unpack

UINT32 = st.integers(0, 2**32 - 1)
FRAMES = st.builds(
    Frame,
    line=UINT32,
    sentence=UINT32,
    first_sample=UINT32,
    payload=st.binary(max_size=64),
    codec=st.sampled_from(Codec),
    last=st.booleans(),
)


def packed(frame: Frame) -> bytes:
    return pack(
        frame.payload,
        line=frame.line,
        sentence=frame.sentence,
        first_sample=frame.first_sample,
        codec=frame.codec,
        last=frame.last,
    )


def test_the_header_is_laid_out_as_published() -> None:
    frame = pack(b"\x01\x02", line=0x0A0B0C0D, sentence=3, first_sample=22050, codec=Codec.OPUS, last=True)
    assert frame == bytes.fromhex("01 01 0100 0d0c0b0a 03000000 22560000 0102")


@given(FRAMES)
def test_what_is_packed_is_what_is_unpacked(frame: Frame) -> None:
    assert unpack(packed(frame)) == frame
    assert len(packed(frame)) == HEADER_BYTES + len(frame.payload)


@given(FRAMES, st.integers(0, 2**16 - 1))
def test_flags_of_a_later_version_are_ignored(frame: Frame, flags: int) -> None:
    raw = bytearray(packed(frame))
    struct.pack_into("<H", raw, 2, (flags & ~1) | frame.last)
    assert unpack(bytes(raw)) == frame


@given(st.binary(max_size=40))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    try:
        unpack(raw)
    except BadMessage as error:
        assert error.field in {"frame", "version", "codec"}


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\x01" * 15, "frame: expected a header of 16 bytes; got 15"),
        (b"\x02" + bytes(15), "frame.version: expected 1; got 2"),
        (b"\x01\x07" + bytes(14), "frame.codec: expected 0 (pcm16) or 1 (opus); got 7"),
    ],
)
def test_a_bad_frame_says_what_is_wrong(raw: bytes, message: str) -> None:
    with pytest.raises(BadMessage) as caught:
        unpack(raw)
    assert caught.value.message == message


@pytest.mark.parametrize("line", [-1, 2**32])
def test_a_number_that_does_not_fit_is_refused(line: int) -> None:
    with pytest.raises(struct.error):
        pack(b"", line=line, sentence=0, first_sample=0)
