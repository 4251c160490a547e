"""A fitted classifier: everything to go on predicting, in memory and on disk, on any backend.

CLASSIFIER/
├── manifest.json     kind, parameters, classes, the network's form, names of the weights; size and sha256 of each file
├── encoder.json      words and tokenizer
└── weights/00.npy …  the network's arrays, in the model's order
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from w2v.downstream.backend import load_keras
from w2v.downstream.classifier.examples import encode_rows
from w2v.downstream.classifier.heads import Network, build_network, keras_mask, masks_padding
from w2v.downstream.text_encoder import TextEncoder
from w2v.errors import ConfigError, FormatError
from w2v.storage import atomic_directory, existing_directory, read_manifest, verify_files, write_manifest
from w2v.version import __version__

KIND = "w2v classifier"
FORMAT_VERSION = 1
_ENCODER = "encoder.json"
_WEIGHTS = "weights"


@dataclass(frozen=True)
class FittedClassifier:
    """What predicting takes.

    Attributes
    ----------
    model : the Keras model
    network : its form
    encoder : text -> the ids of its embedding layer
    classes : (network.n_classes,) the labels, in the order of its outputs
    """

    model: Any
    network: Network
    encoder: TextEncoder
    classes: npt.NDArray[Any]

    def predict_proba(self, texts: Iterable[Any], batch_size: int) -> npt.NDArray[np.float64]:
        """(n, n_classes): the probability of each class; rows add up to 1.

        Raises
        ------
        ConfigError, IdError
            as `encode_rows`.
        """
        ids = encode_rows(self.encoder, texts).of_length(self.network.length)
        if not len(ids):
            return np.empty((0, len(self.classes)))
        # Rows that come twice fill up the last batch, so that jax compiles for one shape only.
        filled = np.concatenate([ids, np.repeat(ids[:1], -len(ids) % batch_size, axis=0)])
        found = np.asarray(self.model.predict(filled, batch_size=batch_size, verbose=0), np.float64)[: len(ids)]
        return np.hstack([1 - found, found]) if found.shape[1] == 1 else found / found.sum(axis=1, keepdims=True)

    def save(self, path: Path, parameters: Mapping[str, Any], *, overwrite: bool = False) -> None:
        """Write a directory, whole or not at all.

        Parameters
        ----------
        parameters : of the estimator, JSON values and numpy's numbers; `load` gives them back

        Raises
        ------
        OutputError
            `path` exists and may not be replaced (only a classifier or an empty directory ever is), or the disk is full.
        """
        keras = load_keras()
        # Those of the embedding layer come first; the states of random generators are not among them.
        arrays = [np.asarray(keras.ops.convert_to_numpy(variable), np.float32) for variable in self.model.weights]
        content = {
            "parameters": {name: value.item() if isinstance(value, np.generic) else value for name, value in parameters.items()},
            "classes": self.classes.tolist(),
            "network": dataclasses.asdict(self.network),
            "embedding": list(arrays[0].shape),
            "n_weights": len(arrays),
            "versions": {"w2v": __version__, "keras": keras.__version__, "backend": keras.backend.backend()},
        }
        with atomic_directory(path, overwrite=overwrite, kind=KIND) as folder:
            self.encoder.save(folder / _ENCODER)
            (folder / _WEIGHTS).mkdir()
            for number, array in enumerate(arrays):
                np.save(_weight_path(folder, number), array, allow_pickle=False)
            write_manifest(folder, KIND, FORMAT_VERSION, content)

    @classmethod
    def load(cls, path: Path) -> tuple[Self, dict[str, Any]]:
        """Read what `save` wrote, and the parameters; every byte is checked.

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
            parameters = dict(manifest["parameters"])
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
            rows, dim, embeddings_initializer="zeros", mask_zero=keras_mask(network), trainable=parameters.get("trainable", True),
            name="embedding",
        )  # fmt: skip
        model = build_network(embedding, network)
        arrays = [_read_array(_weight_path(folder, number)) for number in range(n_weights)]
        needed, shapes = [tuple(variable.shape) for variable in model.weights], [array.shape for array in arrays]
        if needed != shapes:
            raise FormatError(f"{folder} is damaged: its network needs weights of the shapes {needed}: found {shapes}")
        model.set_weights(arrays)
        return cls(model, network, encoder, classes), parameters


def _read_array(path: Path) -> npt.NDArray[Any]:
    try:
        return np.asarray(np.load(path, allow_pickle=False))
    except (OSError, ValueError) as error:
        raise FormatError(f"{path} is damaged: {error}") from None


def _weight_path(folder: Path, number: int) -> Path:
    return folder / _WEIGHTS / f"{number:02}.npy"
