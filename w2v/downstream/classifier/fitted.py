"""A fitted classifier on disk: everything to go on predicting, on any backend.

CLASSIFIER/
├── manifest.json     kind, parameters, classes, the network's form, names of the weights; size and sha256 of each file
├── encoder.json      words and tokenizer
└── weights/00.npy …  the network's arrays, in the model's order
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from w2v.downstream.backend import load_keras
from w2v.downstream.classifier.heads import Network, build_network, keras_mask, masks_padding
from w2v.downstream.text_encoder import TextEncoder
from w2v.errors import ConfigError, FormatError
from w2v.storage import atomic_directory, existing_directory, read_manifest, verify_files, write_manifest
from w2v.version import __version__

if TYPE_CHECKING:
    from w2v.downstream.classifier.text_classifier import TextClassifier

KIND = "w2v classifier"
FORMAT_VERSION = 1
_ENCODER = "encoder.json"
_WEIGHTS = "weights"
_NOT_STORED = ("vectors", "encoder", "class_weight")  # the first two are in the other files; the last one was for fitting only
_T = TypeVar("_T", bound="TextClassifier")


def save_classifier(classifier: TextClassifier, path: Path, *, overwrite: bool = False) -> None:
    """Write a fitted classifier, whole or not at all.

    Raises
    ------
    OutputError
        `path` exists and may not be replaced (only a classifier or an empty directory ever is), or the disk is full.
    """
    arrays = _weights(classifier.model_)
    parameters = {name: _plain(value) for name, value in classifier.get_params(deep=False).items() if name not in _NOT_STORED}
    content = {
        "parameters": parameters,
        "classes": classifier.classes_.tolist(),
        "network": dataclasses.asdict(classifier.network_),
        "embedding": list(arrays[0].shape),
        "n_weights": len(arrays),
        "versions": {"w2v": __version__, "keras": load_keras().__version__, "backend": load_keras().backend.backend()},
    }
    with atomic_directory(path, overwrite=overwrite, kind=KIND) as folder:
        classifier.encoder_.save(folder / _ENCODER)
        (folder / _WEIGHTS).mkdir()
        for number, array in enumerate(arrays):
            with open(_weight_path(folder, number), "wb") as file:
                np.save(file, array, allow_pickle=False)
        write_manifest(folder, KIND, FORMAT_VERSION, content)


def load_classifier(cls: type[_T], path: Path) -> _T:
    """Read what `save_classifier` wrote; every byte is checked.

    Raises
    ------
    FormatError
        not a classifier, one of a newer version, or a damaged one: the message names the file.
    """
    folder = existing_directory(path)
    manifest = read_manifest(folder, KIND, FORMAT_VERSION)
    verify_files(folder, manifest)
    try:
        network = Network(**manifest["network"])
        masks_padding(network.head, network.mask_zero)
        classifier = cls(**manifest["parameters"])
        classes = np.array(manifest["classes"])
        rows, dim = manifest["embedding"]
        n_weights = int(manifest["n_weights"])
    except (KeyError, TypeError, ValueError, ConfigError) as error:
        raise FormatError(f"{folder} is damaged: its manifest does not describe a classifier ({error})") from None
    encoder = TextEncoder.load(folder / _ENCODER)
    if rows != encoder.input_dim or len(classes) != network.n_classes:
        found = f"{rows} rows for {encoder.input_dim} ids and {len(classes)} classes for {network.n_classes}"
        raise FormatError(f"{folder} is damaged: its embedding and classes must fit its network: found {found}")
    embedding = load_keras().layers.Embedding(
        rows, dim, embeddings_initializer="zeros", mask_zero=keras_mask(network), trainable=classifier.trainable, name="embedding"
    )
    model = build_network(embedding, network)
    _set_weights(folder, model, [_read_array(_weight_path(folder, number)) for number in range(n_weights)])
    classifier._set_fitted(model, encoder, classes, network)
    return classifier


def _weights(model: Any) -> list[npt.NDArray[np.float32]]:
    """The model's weights, those of the embedding layer first; the states of random generators are not among them."""
    to_numpy = load_keras().ops.convert_to_numpy
    return [np.asarray(to_numpy(variable), np.float32) for variable in model.weights]


def _set_weights(folder: Path, model: Any, arrays: list[npt.NDArray[Any]]) -> None:
    wanted = [tuple(variable.shape) for variable in model.weights]
    found = [array.shape for array in arrays]
    if wanted != found:
        raise FormatError(f"{folder} is damaged: its network needs weights of the shapes {wanted}: found {found}")
    model.set_weights(arrays)


def _read_array(path: Path) -> npt.NDArray[Any]:
    try:
        return np.asarray(np.load(path, allow_pickle=False))
    except (OSError, ValueError) as error:
        raise FormatError(f"{path} is damaged: {error}") from None


def _weight_path(folder: Path, number: int) -> Path:
    return folder / _WEIGHTS / f"{number:02}.npy"


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
