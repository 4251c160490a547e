"""What a tuning found: a table, a picture, and the best settings as TOML."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.config import CorpusConfig, TrainConfig
from w2v.pictures.figures import COLORS, draw_grid, figure, save_figure, style
from w2v.storage import atomic_file
from w2v.text_tables import NONE, format_score, markdown_table, plain_table
from w2v.tuning.search import GIVEN_TRIAL, ROUNDS, SEARCHED, Trial

BEST, TABLE, PICTURE = "best.toml", "trials.md", "scores.png"
_ROUND_NAMES = tuple(f"{share} of epochs" if share < 1 else "all epochs" for share in ROUNDS)
_BEST_COLOR, _GIVEN_COLOR, *_FINALIST_COLORS = COLORS
_OUT_COLOR = "#cccccc"


@dataclass(frozen=True)
class TuningReport:
    """A finished tuning.

    Attributes
    ----------
    folder : where its files are
    trials : best first, as `tune` returns them
    measure : name of what was tuned for
    references : the same measure of what needs no training
    corpus_config : how the text was read; None for an encoded corpus, which knows
    """

    folder: Path
    trials: Sequence[Trial]
    measure: str
    references: dict[str, float]
    corpus_config: CorpusConfig | None

    def save(self) -> None:
        """Write best.toml, trials.md and scores.png into the folder.

        Raises
        ------
        MissingExtraError
            matplotlib is not installed; the other two are written.
        """
        best = self.trials[0]
        comment = f"{self.measure}: {format_score(best.rounds[-1]['score'])}, the best of {len(self.trials)} trials by w2v tune"
        files = {
            BEST: config_toml(best.config, self.corpus_config, f"{comment}\nw2v train INPUT --config {BEST} --out MODEL"),
            TABLE: f"{self.measure}\n\n{markdown_table(*_cells(self.trials))}\n",
        }
        for name, text in files.items():
            with atomic_file(self.folder / name) as file:
                file.write(text.encode())
        draw_scores(self.folder / PICTURE, self.trials, self.measure)

    def to_json(self) -> dict[str, Any]:
        """Everything measured."""
        best, trials = self.trials[0], sorted(self.trials, key=lambda trial: trial.number)
        return {
            "measure": self.measure,
            "best": {"trial": best.number, "score": best.rounds[-1]["score"], "config": best.config.to_json()},
            "trials": [{"trial": trial.number, "config": trial.config.to_json()} for trial in trials],
            "results": [result for trial in trials for result in trial.rounds],
            "references": self.references,
            "config_file": str(self.folder / BEST),
        }

    def text(self) -> str:
        """What people read."""
        lines = [self.measure, "", plain_table(*_cells(self.trials)), ""]
        given = next(trial for trial in self.trials if trial.number == GIVEN_TRIAL)
        for name, trial in {"best": self.trials[0], "as given": given}.items():
            details = trial.rounds[-1]["details"]
            measured = {"on the test cases, which decided nothing": details["test"]} if "test" in details else details.get("sets", {})
            for what, found in measured.items():
                value, low, high = map(format_score, (found["value"], *found["interval"]))
                rule = f", asked by {details['rule']}" if "rule" in details else ""
                lines.append(f"{name} (trial {trial.number}), {what}: {value} [{low}, {high}]{rule}")
        lines += [f"{name}: {format_score(value)}" for name, value in self.references.items()]
        return "\n".join([*lines, "", f"w2v train INPUT --config {self.folder / BEST} --out MODEL"])


def _cells(trials: Sequence[Trial]) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table; ``-`` where training diverged, nothing where the trial was out."""
    rows = []
    for trial in trials:
        scores = [NONE if result["score"] is None else format_score(result["score"]) for result in trial.rounds]
        scores += [""] * (len(ROUNDS) - len(scores))
        seconds = sum(result["seconds"] for result in trial.rounds)
        rows.append([_name(trial), *(str(getattr(trial.config, field)) for field in SEARCHED), *scores, f"{seconds:.1f}"])
    return ["trial", *(field.replace("_", " ") for field in SEARCHED), *_ROUND_NAMES, "seconds"], rows


def config_toml(config: TrainConfig, corpus_config: CorpusConfig | None, comment: str) -> str:
    """Settings as `w2v train --config` reads them.

    Parameters
    ----------
    corpus_config : how the text was read; None for an encoded corpus, which knows
    comment : lines for people, put first
    """
    values = {}
    if corpus_config is not None:
        usual = CorpusConfig(tokenizer=corpus_config.tokenizer).to_json()
        values = {name: value for name, value in corpus_config.to_json().items() if name == "tokenizer" or value != usual[name]}
    values |= config.to_json()
    lines = [f"# {line}" for line in comment.splitlines()]
    lines += [f"{name} = {_toml_value(value)}" for name, value in values.items() if value is not None]
    return "\n".join(lines) + "\n"


def _toml_value(value: Any) -> str:
    """Texts, numbers and truths: JSON's form of them is TOML's too, once DEL is escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def draw_scores(path: Path, trials: Sequence[Trial], measure: str) -> None:
    """Draw the scores of all trials by round: the best one and the given settings stand out, finalists have a legend.

    Raises
    ------
    MissingExtraError
        matplotlib is not installed.
    """
    colors = itertools.cycle(_FINALIST_COLORS)
    with style():
        picture, axes = figure((9, 5.5), 120)
        for trial in trials:
            heights = [float("nan") if result["score"] is None else result["score"] for result in trial.rounds]
            looks: dict[str, Any] = {"color": _OUT_COLOR, "zorder": 2}
            if len(trial.rounds) == len(ROUNDS):
                color = _BEST_COLOR if trial is trials[0] else _GIVEN_COLOR if trial.number == GIVEN_TRIAL else next(colors)
                settings = ", ".join(f"{field.replace('_', ' ')} {getattr(trial.config, field)}" for field in SEARCHED)
                looks = {"color": color, "zorder": 3, "label": f"trial {_name(trial)}: {settings}"}
            axes.plot(range(len(heights)), heights, "o-", markersize=5, **looks)
        axes.set_xticks(range(len(ROUNDS)), _ROUND_NAMES)
        axes.set_ylabel(measure)
        draw_grid(axes)
        axes.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.08))
        picture.tight_layout()
        save_figure(picture, path)


def _name(trial: Trial) -> str:
    return f"{trial.number} (as given)" if trial.number == GIVEN_TRIAL else str(trial.number)
