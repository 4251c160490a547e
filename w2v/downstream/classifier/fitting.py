"""Fitting a network: which examples are kept back, in what order the others come, and when to stop."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.downstream.backend import load_keras
from w2v.errors import DivergedError

Ids = npt.NDArray[np.int32]
Indices = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]


@dataclass(frozen=True)
class FitEpoch:
    """What one pass over the examples came to.

    Attributes
    ----------
    epoch : from 1 on
    loss, accuracy : means over the steps of this epoch, while the network learned
    validation_loss, validation_accuracy : on the examples kept back, after the epoch; None where there are none
    """

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None


@dataclass(frozen=True)
class FitHooks:
    """Called while a network is fitted: `on_start` with epochs and steps of an epoch, `on_step` after each step."""

    on_start: Callable[[int, int], None] = lambda epochs, steps: None
    on_step: Callable[[], None] = lambda: None
    on_epoch: Callable[[FitEpoch], None] = lambda epoch: None


@dataclass(frozen=True, kw_only=True)
class FitPlan:
    """How to fit; the names are those of `TextClassifier`."""

    epochs: int
    batch_size: int
    learning_rate: float
    validation_fraction: float
    patience: int | None
    seed: int


def stratified_split(targets: Indices, n_second: int, seed: int) -> tuple[Indices, Indices]:
    """Divide examples into two parts in which each class has its share, as exactly as whole examples allow.

    Classes with one example stay in the first part. scikit-learn's splitter refuses those, and a part smaller than the classes are many.

    Parameters
    ----------
    targets : (n,) classes
    n_second : wanted size of the second part; it is smaller where the classes have too few examples
    seed : of the draw

    Returns
    -------
    Indices of both parts, each in random order.
    """
    random = np.random.default_rng(seed)
    classes, counts = np.unique(targets, return_counts=True)
    most = counts - 1
    wanted = n_second * counts / len(targets)
    taken = np.minimum(wanted.astype(np.int64), most)
    for place in np.argsort(taken - wanted, kind="stable"):  # the largest remainders first
        if taken.sum() < n_second and taken[place] < most[place]:
            taken[place] += 1
    second = [random.permutation(np.flatnonzero(targets == class_))[:n] for class_, n in zip(classes, taken, strict=True)]
    chosen = random.permutation(np.concatenate(second))
    rest = np.ones(len(targets), bool)
    rest[chosen] = False
    return random.permutation(np.flatnonzero(rest)), chosen


def fit_network(model: Any, ids: Ids, targets: Indices, weights: Weights | None, plan: FitPlan, hooks: FitHooks) -> list[FitEpoch]:
    """Fit a model in place by Adam; with early stopping it keeps the weights of the epoch with the lowest validation loss.

    Parameters
    ----------
    ids : (n, length)
    targets : (n,) classes from 0 on
    weights : (n,) of the examples, None for 1 each

    Raises
    ------
    DivergedError
        the loss is not finite.
    """
    keras = load_keras()
    loss = "binary_crossentropy" if model.output_shape[-1] == 1 else "sparse_categorical_crossentropy"
    # The accuracy is of the examples as they are, the loss is weighted.
    model.compile(optimizer=keras.optimizers.Adam(plan.learning_rate), loss=loss, metrics=["accuracy"])
    train, kept = np.arange(len(targets)), np.empty(0, np.int64)
    if plan.patience is not None:
        train, kept = stratified_split(targets, round(plan.validation_fraction * len(targets)), plan.seed)
    batch = min(plan.batch_size, len(train))
    steps = math.ceil(len(train) / batch)
    epochs: list[FitEpoch] = []
    hooks.on_start(plan.epochs, steps)
    model.fit(
        _batches(ids, targets, weights, train, batch, plan.seed),
        steps_per_epoch=steps,
        epochs=plan.epochs,
        validation_data=_examples(ids, targets, weights, kept) if len(kept) else None,
        validation_batch_size=batch,
        callbacks=_callbacks(plan, bool(len(kept)), epochs, hooks),
        shuffle=False,
        verbose=0,
    )
    return epochs


def _examples(ids: Ids, targets: Indices, weights: Weights | None, chosen: Indices) -> tuple[npt.NDArray[Any], ...]:
    examples = (ids[chosen], targets[chosen].astype(np.float32)[:, None])
    return examples if weights is None else (*examples, weights[chosen])


def _batches(
    ids: Ids, targets: Indices, weights: Weights | None, train: Indices, batch: int, seed: int
) -> Iterator[tuple[npt.NDArray[Any], ...]]:
    """Batches without end, from one permutation after the other; all of one size, because jax compiles again for each new shape."""
    random = np.random.default_rng([seed, 1])
    waiting = np.empty(0, np.int64)
    while True:
        if len(waiting) < batch:
            waiting = np.concatenate([waiting, random.permutation(train)])
        yield _examples(ids, targets, weights, waiting[:batch])
        waiting = waiting[batch:]


def _callbacks(plan: FitPlan, has_validation: bool, epochs: list[FitEpoch], hooks: FitHooks) -> list[Any]:
    keras = load_keras()

    def on_epoch_end(epoch: int, logs: dict[str, float]) -> None:
        if not math.isfinite(logs["loss"]):
            raise DivergedError(
                f"the loss must be finite: it is {logs['loss']} in epoch {epoch + 1}: try a learning_rate below {plan.learning_rate:g}"
            )
        validation = (float(logs["val_loss"]), float(logs["val_accuracy"])) if has_validation else (None, None)
        epochs.append(FitEpoch(epoch + 1, float(logs["loss"]), float(logs["accuracy"]), *validation))
        hooks.on_epoch(epochs[-1])

    callbacks = [keras.callbacks.LambdaCallback(on_epoch_end=on_epoch_end, on_train_batch_end=lambda batch, logs: hooks.on_step())]
    if has_validation:
        callbacks.append(keras.callbacks.EarlyStopping("val_loss", patience=plan.patience, mode="min", restore_best_weights=True))
    return callbacks
