"""What says that a draft is a draft: ribbon, tags on their regions, footer with prompt and seed."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFilter

from app.sandbox.composition import Layout
from app.sandbox.lettering import Lettering
from app.sandbox.mood import Colour
from app.sandbox.order import Order

AMBER = (242, 165, 68)
INK = (24, 20, 14)
TAG_COLOURS: tuple[tuple[Colour, Colour], ...] = (
    ((196, 184, 255), (58, 47, 107)),
    ((143, 227, 230), (31, 74, 79)),
    ((255, 196, 143), (90, 58, 31)),
)
"""Text and ground of the first three tags, as on the canvas."""


def ribbon(frame: Image.Image, layout: Layout, letters: Lettering) -> None:
    """SANDBOX DRAFT across the upper right corner."""
    size = max(15, round(layout.short * 0.027))
    band = round(size * 2.0)
    text = "SANDBOX DRAFT"
    spaced = size * 0.14
    length = round(layout.short * 0.62)
    strip = Image.new("RGBA", (length, band), (0, 0, 0, 0))
    draw = ImageDraw.Draw(strip)
    draw.rectangle((0, 0, length, band), fill=(*AMBER, 242))
    line = max(1, band // 26)
    for y in (line * 2, band - line * 3):
        draw.rectangle((0, y, length, y + line - 1), fill=(*INK, 90))
    wide = sum(letters.width(one, size, "Bold") + spaced for one in text) - spaced
    x = (length - wide) / 2
    for one in text:
        letters.write(draw, (round(x), band // 2), one, size, (*INK, 255), "Bold")
        x += letters.width(one, size, "Bold") + spaced
    turned = strip.rotate(-45, resample=Image.Resampling.BICUBIC, expand=True)
    reach = round(layout.short * 0.185)
    left, top = layout.width - reach - turned.width // 2, reach - turned.height // 2
    shadow = turned.getchannel("A").point(lambda value: value * 2 // 5)
    frame.paste((0, 0, 0), (left, top + band // 8), shadow.filter(ImageFilter.GaussianBlur(band / 7)))
    frame.paste(turned, (left, top), turned)


def tag_chip(
    frame: Image.Image, at: tuple[int, int], text: str, number: int, layout: Layout, letters: Lettering
) -> None:
    """A small label whose middle is at `at`, moved inward where it would leave the frame."""
    ink, ground = TAG_COLOURS[(number - 1) % len(TAG_COLOURS)]
    size = max(13, round(layout.short * 0.0215))
    text = letters.shortened(text, size, layout.width // 2, "SemiBold")
    wide = letters.width(text, size, "SemiBold") + round(size * 2.3)
    high = round(size * 1.9)
    margin = round(size * 0.8)
    left = max(margin, min(layout.width - wide - margin, at[0] - wide // 2))
    top = max(margin, min(layout.height - layout.footer - high - margin // 2, at[1] - high // 2))
    chip = Image.new("RGBA", (wide * 2, high * 2), (0, 0, 0, 0))
    pen = ImageDraw.Draw(chip)
    pen.rounded_rectangle((1, 1, wide * 2 - 2, high * 2 - 2), radius=high, fill=(*ground, 236))
    pen.rounded_rectangle((1, 1, wide * 2 - 2, high * 2 - 2), radius=high, outline=(*ink, 110), width=2)
    dot, centre = size // 2, (round(size * 1.7), high)
    box = (
        centre[0] - dot // 2 - 1,
        centre[1] - dot // 2 - 1,
        centre[0] + dot // 2 + 1,
        centre[1] + dot // 2 + 1,
    )
    pen.ellipse(box, fill=(*ink, 255))
    chip = chip.resize((wide, high), Image.Resampling.LANCZOS)
    letters.write(ImageDraw.Draw(chip), (round(size * 1.35), high // 2), text, size, (*ink, 255), "SemiBold")
    frame.paste(chip, (left, top), chip)


def footer(frame: Image.Image, order: Order, layout: Layout, letters: Lettering) -> None:
    """A strip along the lower edge: the prompt, then the seed and the pixels."""
    top = layout.height - layout.footer
    strip = frame.crop((0, top, layout.width, layout.height)).filter(ImageFilter.GaussianBlur(12))
    strip = Image.blend(strip, Image.new("RGB", strip.size, (17, 19, 24)), 0.8)
    draw = ImageDraw.Draw(strip)
    draw.rectangle((0, 0, layout.width, max(0, layout.footer // 40)), fill=AMBER)
    size = max(12, round(layout.footer * 0.36))
    margin, middle = round(layout.footer * 0.55), layout.footer // 2
    facts = f"seed {order.seed}"
    if layout.width >= 900:
        facts += f"   {order.width} × {order.height}   {order.model}"
    wide = letters.width(facts, size, "Medium")
    letters.write(draw, (layout.width - margin - wide, middle), facts, size, (152, 160, 177), "Medium")
    room = layout.width - 3 * margin - wide
    words = letters.shortened(order.prompt, size, room)
    letters.write(draw, (margin, middle), words, size, (233, 235, 241))
    frame.paste(strip, (0, top))
