"""Posters, backdrops and logos drawn as a printed programme sheet: spruce ink, warm paper, hairlines."""

from __future__ import annotations

import hashlib
import io
import math
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw, ImageFont

PAPERS = ("#f5f3ec", "#ece8dd", "#0e1514", "#1e2927", "#c8e05a", "#f0b551", "#86b8ff", "#e9c9b8")
INKS = {"light": "#17201e", "dark": "#eef1ea"}
ACCENTS = ("#4a5c00", "#b3261e", "#1d5aa6", "#8a5300", "#6b47b0", "#0b6b52")
LIGHT_ACCENTS = ("#c8e05a", "#ff8b7d", "#86b8ff", "#f0b551", "#c6adfa", "#56c9a5")
Ink = tuple[str, str]  # lines, accent


@lru_cache(maxsize=8)
def poster(title: str, *, year: int | None, width: int = 780) -> bytes:
    """Return a 2:3 JPEG: the title above, a drawn figure below; the same title gives the same picture."""
    return _jpeg(_sheet(_drawable(title), str(year or "in preparation")), width)


@lru_cache(maxsize=8)
def backdrop(title: str, *, width: int = 1280) -> bytes:
    """Return a 16:9 JPEG without words."""
    chance = _chance(title)
    paper, ink = _colours(chance)
    sheet = Image.new("RGB", (1280, 720), paper)
    draw = ImageDraw.Draw(sheet)
    for step in range(7):
        y = 90 + step * 90
        draw.line((0, y, 1280, y), fill=ink[0], width=1)
    chance.choice(FIGURES)(draw, (340, 60, 940, 660), ink, chance)
    return _jpeg(sheet, width)


@lru_cache(maxsize=8)
def landscape(title: str, *, width: int = 1280) -> bytes:
    """Return a 16:9 JPEG with the title in it."""
    chance = _chance(title)
    paper, ink = _colours(chance)
    sheet = Image.new("RGB", (1280, 720), paper)
    draw = ImageDraw.Draw(sheet)
    chance.choice(FIGURES)(draw, (700, 80, 1240, 620), ink, chance)
    _title(draw, _drawable(title), ink)
    return _jpeg(sheet, width)


@lru_cache(maxsize=8)
def logo(title: str, *, width: int = 500) -> bytes:
    """Return the title as a PNG on nothing."""
    font = ImageFont.load_default(72)
    words = _drawable(title)[:28]
    left, top, right, bottom = (round(side) for side in font.getbbox(words))
    sheet = Image.new("RGBA", (right - left + 40, bottom - top + 60), (0, 0, 0, 0))
    draw = ImageDraw.Draw(sheet)
    accent = _chance(title).choice(LIGHT_ACCENTS)
    draw.text((20 - left, 20 - top), words, font=font, fill="#eef1ea")
    draw.line((20, sheet.height - 14, sheet.width - 20, sheet.height - 14), fill=accent, width=6)
    out = io.BytesIO()
    sheet.resize((width, max(1, round(sheet.height * width / sheet.width)))).save(out, "PNG")
    return out.getvalue()


def _sheet(title: str, foot: str) -> Image.Image:
    chance = _chance(title + foot)
    paper, ink = _colours(chance)
    sheet = Image.new("RGB", (780, 1170), paper)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((36, 36, 743, 1133), outline=ink[0], width=2)
    below = _title(draw, title, ink)
    draw.line((60, below + 28, 720, below + 28), fill=ink[0], width=2)
    side = min(600, 1010 - below)
    left = (780 - side) // 2
    chance.choice(FIGURES)(draw, (left, below + 64, left + side, below + 64 + side), ink, chance)
    draw.line((60, 1076, 720, 1076), fill=ink[0], width=1)
    draw.text((60, 1088), foot, font=ImageFont.load_default(28), fill=ink[0])
    draw.text((720, 1088), "mediasync demo", font=ImageFont.load_default(28), fill=ink[1], anchor="ra")
    return sheet


def _title(draw: ImageDraw.ImageDraw, title: str, ink: Ink) -> int:
    """Set the title in as many lines as it needs and return where it ends."""
    size = 84 if len(title) < 24 else 68
    font = ImageFont.load_default(size)
    lines, y = [""], 66
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(longer, font=font) > 650:
            lines.append(word)
        else:
            lines[-1] = longer
    for line in lines:
        draw.text((60, y), line, font=font, fill=ink[0])
        y += int(size * 1.1)
    return y


def _sun(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], ink: Ink, chance: Random) -> None:
    left, top, right, bottom = box
    rise = chance.uniform(0.2, 0.5) * (bottom - top)
    draw.ellipse((left + 60, top + 60, right - 60, bottom - 60), fill=ink[1])
    for y in range(int(top + rise), bottom, 14):
        draw.line((left, y, right, y), fill=ink[0], width=3)


def _waves(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], ink: Ink, chance: Random) -> None:
    left, top, right, bottom = box
    length, height = chance.uniform(30, 80), chance.uniform(10, 30)
    for row, y in enumerate(range(top + 40, bottom - 20, 36)):
        points = [(x, y + height * math.sin(x / length + row)) for x in range(left, right, 6)]
        draw.line(points, fill=ink[1] if row == chance.randrange(4, 9) else ink[0], width=4, joint="curve")


def _windows(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], ink: Ink, chance: Random) -> None:
    left, top, right, _ = box
    cell = (right - left) // 6
    lit = chance.sample(range(36), 5)
    for place in range(36):
        x, y = left + place % 6 * cell, top + place // 6 * cell
        draw.rectangle(
            (x + 10, y + 10, x + cell - 10, y + cell - 10),
            outline=ink[0], width=3, fill=ink[1] if place in lit else None,
        )  # fmt: skip


def _rings(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], ink: Ink, chance: Random) -> None:
    left, top, right, bottom = box
    x, y = (left + right) / 2, (top + bottom) / 2
    for radius in range(20, (right - left) // 2, 22):
        x, y = x + chance.uniform(-2, 2), y + chance.uniform(-2, 2)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=ink[0], width=3)
    draw.ellipse((x - 30, y - 30, x + 30, y + 30), fill=ink[1])


def _hills(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], ink: Ink, chance: Random) -> None:
    left, top, right, bottom = box
    moon = chance.randint(left + 60, right - 180)
    draw.ellipse((moon, top + 20, moon + 120, top + 140), fill=ink[1])
    for row in range(5):
        base, peak = top + (bottom - top) * (0.45 + row * 0.12), chance.uniform(40, 110)
        points = [
            (x, base - peak * math.sin((x - left) / (right - left) * math.pi * (1 + row % 3)))
            for x in range(left, right, 8)
        ]
        draw.line(points, fill=ink[0], width=4, joint="curve")


FIGURES: tuple[Callable[[ImageDraw.ImageDraw, tuple[int, int, int, int], Ink, Random], None], ...] = (
    _sun,
    _waves,
    _windows,
    _rings,
    _hills,
)


def _colours(chance: Random) -> tuple[str, Ink]:
    paper = chance.choice(PAPERS)
    if paper in PAPERS[2:4]:
        return paper, (INKS["dark"], chance.choice(LIGHT_ACCENTS))
    return paper, (INKS["light"], chance.choice(ACCENTS))


def _drawable(title: str) -> str:
    """Pillow's own font has ASCII only; a letter without its dots reads better than a box."""
    return unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()


def _chance(title: str) -> Random:
    return Random(hashlib.sha256(title.encode()).digest())  # noqa: S311  drawing, not secrets


def _jpeg(sheet: Image.Image, width: int) -> bytes:
    resized = sheet.resize((width, round(sheet.height * width / sheet.width)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    resized.save(out, "JPEG", quality=86)
    return out.getvalue()
