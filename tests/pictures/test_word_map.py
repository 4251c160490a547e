"""Pictures: labels hide nothing, files are what their names say, fonts are found or named, the loss curve."""

from pathlib import Path

import numpy as np
import pytest

from w2v.errors import ConfigError, FormatError
from w2v.pictures import fonts
from w2v.pictures.word_map import WordMapSummary, draw_word_map, place_labels

pytest.importorskip("matplotlib", reason="matplotlib is not installed")

from w2v.pictures.fonts import fonts_for
from w2v.pictures.training_curves import draw_loss_curve

FRAME = (0.0, 0.0, 800.0, 600.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_label_covers_a_point_or_another_label_or_leaves_the_frame(seed: int) -> None:
    random = np.random.default_rng(seed)
    points = random.uniform((0, 0), FRAME[2:], (300, 2))
    radii = random.uniform(1, 6, 300)
    chosen = random.permutation(300)[:250].tolist()
    sizes = np.column_stack((random.uniform(10, 90, 250), np.full(250, 12.0)))
    places = place_labels(points, radii, chosen, sizes, FRAME)
    boxes = [(x, y, x + w, y + h) for place, (w, h) in zip(places, sizes, strict=True) if place is not None for x, y in [place]]
    assert 100 < len(boxes) < 250
    for number, (left, bottom, right, top) in enumerate(boxes):
        assert 0 <= left < right <= 800
        assert 0 <= bottom < top <= 600
        near = np.clip(points, (left, bottom), (right, top))
        assert (np.linalg.norm(near - points, axis=1) > radii).all()
        assert all(left >= r or right <= x or bottom >= t or top <= y for x, y, r, t in boxes[:number])
    assert places[0] is not None  # the first word has all the room


def test_no_label_covers_the_name_of_a_region() -> None:
    points, sizes = np.full((1, 2), 400.0), np.array([[60.0, 12.0]])
    place = lambda covered: place_labels(points, np.array([2.0]), [0], sizes, FRAME, covered)[0]  # noqa: E731
    assert place([])[0] > 400  # at the right
    assert place([(402.0, 300.0, 500.0, 500.0)])[0] < 400
    assert place([(0.0, 0.0, 800.0, 600.0)]) is None


@pytest.mark.medium
def test_a_subtitle_and_names_of_regions(tmp_path: Path) -> None:
    words = [f"w{i}" for i in range(30)]
    points = np.random.default_rng(1).standard_normal((30, 2)) + np.array([[10 * (i % 3), 0] for i in range(30)])
    for name, regions in (("a.svg", ()), ("b.svg", ("film · music", "", "city $ area"))):
        draw_word_map(
            tmp_path / name, words, points, [i % 3 for i in range(30)], [False] * 30, "m", subtitle="30 of 99 words", regions=regions
        )
    plain, named = ((tmp_path / name).read_text(encoding="utf-8") for name in ("a.svg", "b.svg"))
    assert named.count('<g id="text_') > plain.count('<g id="text_')  # matplotlib writes texts with a halo as paths alone
    assert "<!-- 30 of 99 words -->" in plain


def pixels(path: Path) -> np.ndarray:
    from matplotlib.image import imread

    return imread(path)


def draw(path: Path, words: list[str]) -> WordMapSummary:
    n = len(words)
    points = np.random.default_rng(1).standard_normal((n, 2))
    return draw_word_map(path, words, points, [i % 3 for i in range(n)], [i == 0 for i in range(n)], "a $title")


@pytest.mark.medium
def test_a_png_that_is_not_blank_and_the_same_each_time(tmp_path: Path) -> None:
    words = ["king", "queen", "$a$ & <b>", "état", "x_1^2", "\\alpha"]
    drawn = draw(tmp_path / "a.png", words)
    assert (drawn.labelled, drawn.total, drawn.unwritable) == (6, 6, ())
    assert pixels(tmp_path / "a.png").shape == (1080, 1440, 4)
    assert (pixels(tmp_path / "a.png")[..., :3].min(axis=2) < 0.5).sum() > 1000
    draw(tmp_path / "b.png", words)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.medium
def test_an_svg_and_a_pdf(tmp_path: Path) -> None:
    for name, start in (("a.svg", b"<?xml"), ("a.pdf", b"%PDF")):
        draw(tmp_path / name, ["king", "queen"])
        draw(tmp_path / f"again-{name}", ["king", "queen"])
        assert (tmp_path / name).read_bytes().startswith(start)
        assert (tmp_path / name).read_bytes() == (tmp_path / f"again-{name}").read_bytes()
    with pytest.raises(ConfigError, match=r"must end in \.png, \.svg, \.pdf: received a\.jpeg"):
        draw(tmp_path / "a.jpeg", ["king"])


def test_characters_that_the_first_font_lacks_are_looked_for_in_others(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fonts_for(["king", "état", "Привет"]) == (["DejaVu Sans"], set())
    monkeypatch.setattr(fonts, "_FIRST", "cmr10")  # it has little but ASCII
    names, lacking = fonts_for(["king", "Привет"])
    assert names[0] == "cmr10"
    assert len(names) > 1
    assert lacking == set()


def test_fonts_that_are_gone_or_damaged_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib import font_manager

    (tmp_path / "damaged.ttf").write_bytes(b"no font")
    listed = [font_manager.FontEntry(str(tmp_path / name), name) for name in ("damaged.ttf", "gone.ttf")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [*font_manager.fontManager.ttflist, *listed])
    _, lacking = fonts_for(["\U00100000"])  # of private use: no font has it
    assert lacking == {"\U00100000"}


@pytest.mark.medium
def test_words_that_no_font_can_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = fonts._characters
    monkeypatch.setattr(fonts, "_characters", lambda path: real(path) - set(map(ord, "中国")))  # wherever fonts are installed
    drawn = draw(tmp_path / "a.png", ["king", "中国", "queen"])
    assert (drawn.labelled, drawn.total, drawn.unwritable) == (2, 3, ("中", "国"))
    with pytest.raises(FormatError, match="a picture needs a font with 中 国: none that is installed has them; install one"):
        draw(tmp_path / "b.png", ["中国", "国"])
    assert not (tmp_path / "b.png").exists()


@pytest.mark.medium
def test_the_loss_curve(tmp_path: Path) -> None:
    draw_loss_curve(tmp_path / "a.png", {"loss": [4.1, 3.2, 3.0]}, "m")
    draw_loss_curve(tmp_path / "b.png", {"loss": [4.1, 3.2, 3.0], "held_out_loss": [4.2, 3.5, 3.6]}, "m")
    draw_loss_curve(tmp_path / "c.png", {"loss": [4.1]}, "m")
    blue, red = np.array([51, 102, 204]) / 255, np.array([220, 57, 18]) / 255
    for name, has_red in (("a.png", False), ("b.png", True)):
        image = pixels(tmp_path / name)[..., :3]
        assert (np.abs(image - blue).max(axis=2) < 0.02).sum() > 200
        assert ((np.abs(image - red).max(axis=2) < 0.02).sum() > 200) == has_red
    for report in (None, {}, {"loss": []}, {"loss": ["x"]}):
        with pytest.raises(FormatError, match="m has no losses in its report"):
            draw_loss_curve(tmp_path / "d.png", report, "m")
