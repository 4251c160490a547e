"""What a tuning found: a table, a picture, and the best settings as TOML."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.config import CorpusConfig, TrainConfig
from w2v.pictures.figures import figure, save_figure, style
from w2v.storage import atomic_file
from w2v.text_tables import NONE, markdown_table, plain_table, score
from w2v.tuning.search import scores_of
from w2v.tuning.trials import AS_GIVEN, ROUNDS, SEARCHED, Trial, best_first
from w2v.tuning.tuning_folder import Result, TuningState

BEST, TABLE, PICTURE = "best.toml", "trials.md", "scores.png"
_ROUND_NAMES = tuple(f"{share} of epochs" if share < 1 else "all epochs" for share in ROUNDS)
_BEST_COLOR, _GIVEN_COLOR, _OUT_COLOR = "#3366cc", "#dc3912", "#cccccc"
_FINALIST_COLORS = ("#109618", "#c77700", "#990099", "#0099c6", "#dd4477")


@dataclass(frozen=True)
class TuningReport:
    """A finished tuning.

    Attributes
    ----------
    measure : name of what was tuned for
    references : the same measure of what needs no training
    corpus_config : how the text was read; None for an encoded corpus, which knows
    """

    trials: Sequence[Trial]
    best: Trial
    state: TuningState
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
        comment = f"{self.measure}: {score(self._last(self.best).score or 0)}, the best of {len(self.trials)} trials by w2v tune"
        files = {
            BEST: config_toml(self.best.config, self.corpus_config, f"{comment}\nw2v train INPUT --config {BEST} --out MODEL"),
            TABLE: f"{self.measure}\n\n{trial_table(self.trials, self.state, markdown=True)}\n",
        }
        for name, text in files.items():
            with atomic_file(self.state.folder / name) as file:
                file.write(text.encode())
        draw_scores(self.state.folder / PICTURE, self.trials, self.state, self.measure)

    def to_json(self) -> dict[str, Any]:
        """Everything measured."""
        return {
            "measure": self.measure,
            "best": {"trial": self.best.number, "score": self._last(self.best).score, "config": self.best.config.to_json()},
            "trials": [{"trial": trial.number, "config": trial.config.to_json()} for trial in self.trials],
            "results": [dataclasses.asdict(result) for result in self.state.results.values()],
            "references": self.references,
            "config_file": str(self.state.folder / BEST),
        }

    def text(self) -> str:
        """What people read."""
        lines = [self.measure, "", trial_table(self.trials, self.state), ""]
        shown = {"best": self.best, "as given": self.trials[AS_GIVEN]}
        for name, trial in shown.items():
            details = self._last(trial).details
            measured = {"on the test cases, which decided nothing": details["test"]} if "test" in details else details.get("sets", {})
            for what, found in measured.items():
                low, high = found["interval"]
                rule = f", asked by {details['rule']}" if "rule" in details else ""
                lines.append(f"{name} (trial {trial.number}), {what}: {score(found['value'])} [{score(low)}, {score(high)}]{rule}")
        lines += [f"{name}: {score(value)}" for name, value in self.references.items()]
        return "\n".join([*lines, "", f"w2v train INPUT --config {self.state.folder / BEST} --out MODEL"])

    def _last(self, trial: Trial) -> Result:
        return self.state.results[trial.number, len(ROUNDS) - 1]


def trial_table(trials: Sequence[Trial], state: TuningState, *, markdown: bool = False) -> str:
    """A row a trial, those that came farthest first: settings, a score for each round, seconds of training and measuring.

    A score stands under the share of the epochs; ``-`` where training diverged, nothing where the trial was out.
    """
    head = ["trial", *(name.replace("_", " ") for name in SEARCHED), *_ROUND_NAMES, "seconds"]
    rows = [_row(trial, state) for trial in farthest_first(trials, state)]
    return (markdown_table if markdown else plain_table)(head, rows)


def farthest_first(trials: Sequence[Trial], state: TuningState) -> list[Trial]:
    """The trials of the last round by their score in it, then those of the round before that were out, and so on."""
    ordered: list[Trial] = []
    for number in reversed(range(len(ROUNDS))):
        scores = scores_of(state, number)
        ordered += best_first([trial for trial in trials if trial.number in scores and trial not in ordered], scores)
    return ordered


def _row(trial: Trial, state: TuningState) -> list[str]:
    results = [state.results.get((trial.number, number)) for number in range(len(ROUNDS))]
    scores = ["" if result is None else NONE if result.score is None else score(result.score) for result in results]
    seconds = sum(result.seconds for result in results if result is not None)
    return [_name(trial), *(str(getattr(trial.config, field)) for field in SEARCHED), *scores, f"{seconds:.1f}"]


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


def draw_scores(path: Path, trials: Sequence[Trial], state: TuningState, measure: str) -> None:
    """Draw the scores of all trials by round: the best one and the given settings stand out, finalists have a legend.

    Raises
    ------
    MissingExtraError
        matplotlib is not installed.
    """
    ordered = farthest_first(trials, state)
    others = itertools.cycle(_FINALIST_COLORS)
    with style():
        picture, axes = figure((9, 5.5), 120)
        for trial in ordered:
            known = [(number, state.results.get((trial.number, number))) for number in range(len(ROUNDS))]
            points = [(number, result.score) for number, result in known if result is not None and result.score is not None]
            is_final = (trial.number, len(ROUNDS) - 1) in state.results
            color = _BEST_COLOR if trial is ordered[0] else _GIVEN_COLOR if trial.number == AS_GIVEN else next(others)
            label = f"trial {_name(trial)}: {_summary(trial)}" if is_final else None
            xs, ys = [number for number, _ in points], [value for _, value in points]
            axes.plot(xs, ys, "o-", color=color if is_final else _OUT_COLOR, label=label, markersize=5, zorder=2 + is_final)
        axes.set_xticks(range(len(ROUNDS)), _ROUND_NAMES)
        axes.set_ylabel(measure)
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.08))
        picture.tight_layout()
        save_figure(picture, path)


def _name(trial: Trial) -> str:
    return f"{trial.number} (as given)" if trial.number == AS_GIVEN else str(trial.number)


def _summary(trial: Trial) -> str:
    return ", ".join(f"{field.replace('_', ' ')} {getattr(trial.config, field)}" for field in SEARCHED)
