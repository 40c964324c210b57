from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.imaging.fitting import Bounds, Limits, crop_box, fit, pad_size, shrink

sides = st.integers(1, 12_000)
sizes = st.tuples(sides, sides)
fractions = st.floats(0, 1, allow_nan=False)
focuses = st.tuples(fractions, fractions)
limits = st.builds(Limits, max_side=st.integers(1, 9000), max_pixels=st.none() | st.integers(1, 30_000_000))
GEN4 = Bounds(least=0.5, most=2.0)
ratios = st.floats(0.05, 20, allow_nan=False)


@st.composite
def bounds(draw: st.DrawFn) -> Bounds:
    least, most = sorted((draw(ratios), draw(ratios)))
    return Bounds(least=draw(st.sampled_from([least, None])), most=draw(st.sampled_from([most, None])))


def _off(size: tuple[int, int], wanted: Bounds) -> Fraction:
    """By how many pixels of width or height a size misses the bounds, whichever is less."""
    width, height = size
    misses = [Fraction(0)]
    if wanted.most is not None:
        most = Fraction(wanted.most)
        misses.append(min(width - most * height, width / most - height))
    if wanted.least is not None:
        least = Fraction(wanted.least)
        misses.append(min(least * height - width, height - width / least))
    return max(misses)


@given(sizes, focuses, limits, st.sampled_from(["none", "pad", "crop"]))
@example((8000, 1), (0.5, 0.5), Limits(max_side=2048), "pad")
@example((1, 8000), (1.0, 1.0), Limits(max_side=2048, max_pixels=1), "crop")
@example((3001, 6001), (0.5, 0.5), Limits(max_side=2048), "none")
def test_never_larger_and_always_whole(size, focus, allowed, mode) -> None:
    found = fit(size, mode=mode, focus=focus, bounds=GEN4, limits=allowed)
    left, top, right, bottom = found.box
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    assert allowed.hold(found.canvas)
    for at in (0, 1):
        assert 1 <= found.inner[at] <= found.canvas[at]
        assert 0 <= found.offset[at] <= found.canvas[at] - found.inner[at]
        assert found.inner[at] <= size[at]
    if mode != "pad":
        assert not found.padded
    if mode != "crop":
        assert found.box == (0, 0, *size)


@given(sizes, focuses, limits, st.sampled_from(["pad", "crop"]))
@example((2001, 1000), (0.5, 0.5), Limits(max_side=1001), "crop")
def test_the_ratio_of_a_fitted_picture_is_allowed(size, focus, allowed, mode) -> None:
    found = fit(size, mode=mode, focus=focus, bounds=GEN4, limits=allowed)
    assert GEN4.holds(found.canvas)


@given(sizes, focuses, limits, bounds(), st.sampled_from(["pad", "crop"]))
def test_any_bounds_are_met_to_less_than_a_pixel(size, focus, allowed, wanted, mode) -> None:
    found = fit(size, mode=mode, focus=focus, bounds=wanted, limits=allowed)
    assert _off(found.canvas, wanted) < 1 or min(found.canvas) == 1


@given(sizes, limits)
def test_a_picture_within_the_bounds_stays_within(size, allowed) -> None:
    if GEN4.holds(size):
        assert GEN4.holds(fit(size, mode="none", focus=(0.5, 0.5), bounds=GEN4, limits=allowed).canvas)


@given(sizes, focuses, bounds())
def test_a_crop_holds_its_focus_and_wastes_nothing(size, focus, wanted) -> None:
    left, top, right, bottom = crop_box(size, focus, wanted)
    assert left <= focus[0] * size[0] <= right
    assert top <= focus[1] * size[1] <= bottom
    assert right - left == size[0] or bottom - top == size[1]
    if wanted.holds(size):
        assert (left, top, right, bottom) == (0, 0, *size)


@given(sizes, bounds())
def test_padding_holds_the_picture_and_wastes_nothing(size, wanted) -> None:
    width, height = pad_size(size, wanted)
    assert width >= size[0]
    assert height >= size[1]
    assert width == size[0] or height == size[1]
    if wanted.holds(size):
        assert (width, height) == size


@given(sizes, limits)
def test_shrinking_keeps_the_ratio_and_is_as_large_as_may_be(size, allowed) -> None:
    small = shrink(size, bounds=Bounds(), limits=allowed)
    if allowed.hold(size):
        assert small == size
        return
    long = 0 if size[0] >= size[1] else 1
    exact = Fraction(size[1 - long] * small[long], size[long])
    assert abs(small[1 - long] - exact) <= Fraction(1, 2) or small[1 - long] == 1
    if small[long] < allowed.max_side and min(small) > 1:
        larger = (small[0] + 2, small[1] + 2)
        assert larger[0] * larger[1] > allowed.max_pixels


@pytest.mark.parametrize(
    ("size", "mode", "focus", "box", "canvas"),
    [
        ((300, 100), "crop", (0.5, 0.5), (50, 0, 250, 100), (200, 100)),
        ((300, 100), "crop", (0.0, 0.5), (0, 0, 200, 100), (200, 100)),
        ((300, 100), "crop", (0.9, 0.5), (100, 0, 300, 100), (200, 100)),
        ((100, 300), "crop", (0.5, 0.25), (0, 0, 100, 200), (100, 200)),
        ((300, 100), "pad", (0.5, 0.5), (0, 0, 300, 100), (300, 150)),
        ((100, 300), "pad", (0.5, 0.5), (0, 0, 100, 300), (150, 300)),
        ((300, 100), "none", (0.5, 0.5), (0, 0, 300, 100), (300, 100)),
        ((200, 100), "pad", (0.5, 0.5), (0, 0, 200, 100), (200, 100)),
        ((1, 1), "crop", (0.5, 0.5), (0, 0, 1, 1), (1, 1)),
    ],
)
def test_by_hand(size, mode, focus, box, canvas) -> None:
    found = fit(size, mode=mode, focus=focus, bounds=GEN4, limits=Limits(max_side=4096))
    assert (found.box, found.canvas) == (box, canvas)


def test_bars_are_alike_on_both_sides() -> None:
    found = fit((6000, 1000), mode="pad", focus=(0.5, 0.5), bounds=GEN4, limits=Limits(max_side=1200))
    assert (found.canvas, found.inner, found.offset) == ((1200, 600), (1200, 200), (0, 200))
