"""What all pictures share: matplotlib without global state, and a file that is whole or not there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from w2v.errors import ConfigError, import_extra
from w2v.storage import atomic_file

KINDS = ("png", "svg", "pdf")
PAGE = "html"
COLORS = ("#3366cc", "#dc3912", "#109618", "#c77700", "#990099", "#0099c6", "#dd4477", "#66aa00", "#b82e2e", "#316395")


def picture_kind(path: Path, *, or_page: bool = False) -> str:
    """png, svg or pdf, by the name of the file; with `or_page` html too.

    Raises
    ------
    ConfigError
        another one.
    """
    kind = path.suffix.lower().removeprefix(".")
    kinds = (*KINDS, PAGE) if or_page else KINDS
    if kind not in kinds:
        raise ConfigError(f"the name of this picture must end in .{', .'.join(kinds)}: received {path.name}")
    return kind


@contextmanager
def style(fonts: Sequence[str] = ()) -> Iterator[None]:
    """Settings of matplotlib while a picture is drawn and saved.

    Raises
    ------
    MissingExtraError
        matplotlib is not installed.
    """
    matplotlib: Any = import_extra("matplotlib", "plot", "pictures")
    settings: dict[str, Any] = {"svg.hashsalt": "w2v", "axes.unicode_minus": False}  # the same picture gives the same file
    if fonts:
        settings["font.family"] = list(fonts)
    with matplotlib.rc_context(settings):
        yield


def figure(inches: tuple[float, float], dpi: int) -> tuple[Any, Any]:
    """A figure and its axes, which no window knows of."""
    picture = import_extra("matplotlib.figure", "plot", "pictures").Figure(inches, dpi=dpi, facecolor="white")
    import_extra("matplotlib.backends.backend_agg", "plot", "pictures").FigureCanvasAgg(picture)
    return picture, picture.add_subplot()


def draw_grid(axes: Any) -> None:
    """Light lines behind curves instead of a frame around them."""
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)


def save_figure(picture: Any, path: Path) -> None:
    """Write a figure, whole or not at all.

    Raises
    ------
    ConfigError
        a name that does not end in a known kind.
    OSError
        the file cannot be written.
    """
    kind = picture_kind(path)
    undated: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind, {})
    with atomic_file(path) as file:
        picture.savefig(file, format=kind, metadata=undated)
