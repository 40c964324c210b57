from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imaging.orientation import turned, turned_size, unturned_box
from tests.app.imaging.pictures import CORNERS, corners, quadrants, stored_as


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turning_undoes_how_it_was_stored(orientation: int) -> None:
    upright = quadrants()
    stored = stored_as(upright, orientation)
    assert turned(stored, orientation).tobytes() == upright.tobytes()
    assert turned_size(stored.size, orientation) == upright.size
    assert corners(turned(stored, orientation)) == list(CORNERS)


@given(st.integers(1, 8), st.data())
def test_a_box_is_found_where_it_is_stored(orientation: int, data: st.DataObject) -> None:
    upright = quadrants(12, 8)
    upright.putpixel((0, 0), (1, 2, 3))
    left, top = data.draw(st.integers(0, 11)), data.draw(st.integers(0, 7))
    right, bottom = data.draw(st.integers(left + 1, 12)), data.draw(st.integers(top + 1, 8))
    found = unturned_box((left, top, right, bottom), upright.size, orientation)
    cut = stored_as(upright, orientation).crop(found)
    assert turned(cut, orientation).tobytes() == upright.crop((left, top, right, bottom)).tobytes()
