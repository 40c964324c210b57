"""A draft, painted: worth looking at, the same for the same order, never to be taken for the real thing."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps
from PIL.PngImagePlugin import PngInfo

from app.sandbox.backdrop import made_set, place_behind
from app.sandbox.casting import Part, Role, cast
from app.sandbox.composition import Layout, Stand, chance_of, laid_out
from app.sandbox.cutout import cut_out, opened
from app.sandbox.lettering import Lettering
from app.sandbox.mood import Colour, Mood, dimmed, graded, keyed, mood_of
from app.sandbox.order import Order
from app.sandbox.ribbons import TAG_COLOURS, footer, ribbon, tag_chip

DRAFT_MARK = "tagloom:draft"
_INDOORS = ("studio", "wall", "backdrop", "indoor", "seamless", "plain", "white background")


def paint_draft(order: Order) -> bytes:
    """Exactly the pixels that were asked for, marked as a draft in pixels and in its text: a PNG, or a JPEG
    or WebP where the order's vendor gives one."""
    frame = painted(order)
    if order.form == "webp":
        out = BytesIO()
        frame.save(out, "WEBP", quality=90, exif=_marked())
        return out.getvalue()
    if order.form == "jpeg":
        out = BytesIO()
        frame.save(out, "JPEG", quality=90, comment=DRAFT_MARK)
        return out.getvalue()
    marks = PngInfo()
    marks.add_text(DRAFT_MARK, "1")
    marks.add_text("tagloom:seed", str(order.seed))
    out = BytesIO()
    frame.save(out, "PNG", compress_level=1, pnginfo=marks)
    return out.getvalue()


def _marked() -> Image.Exif:
    """The mark of a draft in a WebP, which has no text of its own."""
    exif = Image.Exif()
    exif[0x010E] = DRAFT_MARK  # ImageDescription
    return exif


def painted(order: Order) -> Image.Image:
    parts = cast(order)
    layout = laid_out(order, parts)
    mood = mood_of(order.prompt)
    letters = Lettering()
    from_left = not layout.mirrored
    frame = dimmed(_behind(order, layout, letters), mood)
    frame = keyed(frame, mood, from_left=from_left, strength=1.0)
    ambient = frame.resize((1, 1), Image.Resampling.BOX).tobytes()
    labels: list[tuple[Part, tuple[int, int]]] = []
    for stand in layout.stands:
        subject = _subject(stand, letters)
        labels.append((stand.part, _put(frame, subject, stand, layout, mood, ambient)))
    frame = graded(keyed(frame, mood, from_left=from_left, strength=0.22), mood)
    if layout.place is not None:
        labels.append((layout.place, (0, round(layout.short * 0.05))))
    for part, at in labels:
        tag_chip(frame, at, _label(part), part.number, layout, letters)
    ribbon(frame, layout, letters)
    footer(frame, order, layout, letters)
    return frame


def _label(part: Part) -> str:
    name = f"@{part.reference.tag}" if part.reference.tag else f"image {part.number}"
    return name if part.called or not part.reference.tag else f"{name}, not called"


def _behind(order: Order, layout: Layout, letters: Lettering) -> Image.Image:
    if layout.place is None:
        return made_set(order.prompt, layout, chance_of(order))
    reference = layout.place.reference
    if reference.path is None:
        picture = _placeholder(layout.place, (layout.width, layout.height), letters)
    else:
        picture = opened(reference.path, round(max(layout.width, layout.height) * 1.3))
    words = f"{reference.tag} {order.prompt}".lower()
    return place_behind(picture, layout, indoors=any(word in words for word in _INDOORS))


def _subject(stand: Stand, letters: Lettering) -> Image.Image:
    """The cut photograph in its final size, turned."""
    room = (stand.width, stand.height)
    reference = stand.part.reference
    if reference.path is None:
        picture = _placeholder(stand.part, room, letters)
    else:
        picture = opened(reference.path, round(max(room) * 1.5))
    cut = ImageOps.contain(cut_out(picture, stand.part.role), room, Image.Resampling.LANCZOS)
    if stand.turn and stand.part.role is Role.THING:
        cut = cut.rotate(stand.turn, resample=Image.Resampling.BICUBIC, expand=True)
    return cut


def _put(
    frame: Image.Image, subject: Image.Image, stand: Stand, layout: Layout, mood: Mood, ambient: bytes
) -> tuple[int, int]:
    """Shadow first, then the subject in the light of the place. Where its label goes."""
    left, top = stand.x - subject.width // 2, stand.foot - subject.height
    alpha = subject.getchannel("A")
    _cast_shadow(frame, alpha, (left, top), layout, mood)
    if stand.part.role is Role.THING:
        _contact_shadow(frame, stand, subject.width, layout)
    colour = _shaded(subject.convert("RGB"), mood, from_left=not layout.mirrored)
    air = Image.new("RGB", colour.size, (ambient[0], ambient[1], ambient[2]))
    frame.paste(Image.blend(colour, air, 0.08), (left, top), alpha)
    if stand.part.role is Role.THING:
        _rim(frame, alpha, (left, top), mood, layout)
    return _chip_place(stand, subject, top, layout)


def _chip_place(stand: Stand, subject: Image.Image, top: int, layout: Layout) -> tuple[int, int]:
    """Below a thing, on its foot; on the free side of a person, low."""
    if stand.part.role is Role.THING:
        return stand.x, stand.foot - round(layout.short * 0.01)
    side = 1 if layout.mirrored else -1
    return stand.x + side * round(subject.width * 0.3), top + round(subject.height * 0.86)


def _shaded(colour: Image.Image, mood: Mood, *, from_left: bool) -> Image.Image:
    """Darker on the side away from the light and towards the foot."""
    width, height = colour.size
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    if from_left:
        across = ImageOps.mirror(across)
    down = Image.linear_gradient("L").resize((width, height))
    amount = mood.shade
    across = across.point(lambda value: int(255 - amount * 0.8 * (255 - value) ** 2 / 255))
    down = down.point(lambda value: int(255 - amount * 0.6 * value**2 / 255))
    light = ImageChops.multiply(across, down)
    return ImageChops.multiply(colour, Image.merge("RGB", (light, light, light)))


def _cast_shadow(
    frame: Image.Image, alpha: Image.Image, at: tuple[int, int], layout: Layout, mood: Mood
) -> None:
    """The subject's own shape, thrown away from the light, soft and wide."""
    reach = round(layout.short * 0.03)
    soft = layout.short * 0.022
    shift = -reach if layout.mirrored else reach
    _dark_paste(frame, alpha, (at[0] + shift, at[1] + reach // 2), soft, 0.38 + mood.shade * 0.3)


def _contact_shadow(frame: Image.Image, stand: Stand, width: int, layout: Layout) -> None:
    """A flat, dark ellipse where the thing touches the ground."""
    high = max(8, round(width * 0.13))
    spot = Image.new("L", (round(width * 0.86), high), 0)
    ImageDraw.Draw(spot).ellipse((0, 0, spot.width - 1, high - 1), fill=255)
    at = (stand.x - spot.width // 2, stand.foot - round(high * 0.62))
    _dark_paste(frame, spot, at, layout.short * 0.011, 0.8)


def _dark_paste(
    frame: Image.Image, mask: Image.Image, at: tuple[int, int], soft: float, strength: float
) -> None:
    """Black through a blurred mask; blurred at a quarter of the size, where nobody sees the difference."""
    room = round(soft * 3)
    wide = Image.new("L", (mask.width + 2 * room, mask.height + 2 * room), 0)
    wide.paste(mask, (room, room))
    small = wide.resize((max(2, wide.width // 4), max(2, wide.height // 4)), Image.Resampling.BOX)
    small = small.filter(ImageFilter.GaussianBlur(soft / 4)).point(lambda value: int(value * strength))
    frame.paste((4, 4, 8), (at[0] - room, at[1] - room), small.resize(wide.size, Image.Resampling.BILINEAR))


def _rim(frame: Image.Image, alpha: Image.Image, at: tuple[int, int], mood: Mood, layout: Layout) -> None:
    """A thin edge of light on the lit side, which lifts a thing off what is behind it."""
    step = max(1, round(layout.short / 420))
    moved = ImageChops.offset(alpha, -step if layout.mirrored else step, step)
    edge = ImageChops.subtract(alpha, moved).point(lambda value: int(value * 0.55))
    frame.paste(mood.glow_colour, at, edge)


def _placeholder(part: Part, room: tuple[int, int], letters: Lettering) -> Image.Image:
    """A card for a photograph on the web, which a server that never leaves this machine cannot fetch."""
    ink, ground = TAG_COLOURS[(part.number - 1) % len(TAG_COLOURS)]
    width, height = max(64, room[0]), max(64, room[1])
    card = Image.new("RGBA", (width, height), (*_lighter(ground), 255))
    draw = ImageDraw.Draw(card)
    for x in range(-height, width, 28):
        draw.line((x, height, x + height, 0), fill=(*ground, 255), width=9)
    size = max(12, round(min(width, height) * 0.07))
    lines = ("on the web", letters.shortened(part.reference.label, size, round(width * 0.7), "SemiBold"))
    for at, line in enumerate(lines):
        wide = letters.width(line, size, "SemiBold")
        y = height // 2 + round((at - 0.5) * size * 1.6)
        letters.write(draw, ((width - wide) // 2, y), line, size, (*ink, 255), "SemiBold")
    return card


def _lighter(colour: Colour) -> Colour:
    red, green, blue = (min(255, band + 34) for band in colour)
    return red, green, blue
