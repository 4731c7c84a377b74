"""Every law of the merge over more than two thousand generated histories in all."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workbook.histories import HISTORIES, History
from tests.workbook.merge_laws import LAWS, Law

pytestmark = pytest.mark.conformance
EACH = 2_100 // len(LAWS) + 1


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@settings(max_examples=EACH, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=HISTORIES, seed=st.integers(0, 2**32))
def test_law(law: Law, history: History, seed: int) -> None:
    law(history, random.Random(seed))
