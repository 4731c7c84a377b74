"""Any bytes end in a result or a sentence: flipped, cut, swapped; `tests.fuzz` does it at length."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, seeds

SEEDS = seeds()
TOKENS = (b"", b"\0", b"<", b">", b'"', b"&", b"\xff\xfe", b"PK\x03\x04", b"9" * 20, b"-1", b"XFD1048576",
          b"--", b"=?", b"\r\n")


@st.composite
def damaged(draw: st.DrawFn, seed: bytes) -> bytes:
    data = bytearray(seed)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        data[at:at + draw(st.integers(0, 40))] = draw(st.sampled_from(TOKENS) | st.binary(max_size=8))
    return bytes(data[:draw(st.none() | st.integers(0, len(data)))])


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_bytes_make_it_crash(name: str, data: st.DataObject) -> None:
    TARGETS[name](data.draw(damaged(SEEDS[name]) | st.binary(max_size=200)))
