"""Options: ranges, foreign names, JSON."""

import dataclasses
import json
import math

import numpy as np
import pytest

from w2v.config import CorpusConfig, TrainConfig, foreign_name_hint
from w2v.errors import ConfigError


@pytest.mark.parametrize(
    "config", [CorpusConfig(), TrainConfig(), CorpusConfig(tokenizer="items", separator=";"), TrainConfig(window="session")]
)
def test_json_and_back(config: CorpusConfig | TrainConfig) -> None:
    assert type(config).from_json(json.loads(json.dumps(config.to_json()))) == config


@pytest.mark.parametrize("cls", [CorpusConfig, TrainConfig])
def test_every_option_has_a_meaning(cls: type) -> None:
    for field in dataclasses.fields(cls):
        assert field.metadata["help"].endswith((".", "]"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dim": 0}, "dim must be an integer from 1 to 1024: received 0"),
        ({"dim": 1025}, "received 1025"),
        ({"dim": True}, "received True"),
        ({"dim": 100.0}, "received 100.0"),
        ({"window": 0}, "window must be an integer from 1 to 1000"),
        ({"window": "sentence"}, "or session: received 'sentence'"),
        ({"fixed_window": "no"}, "fixed_window must be True or False"),
        ({"negatives": 65}, "negatives"),
        ({"noise_exponent": -1.5}, "noise_exponent must be a number from -1 to 1: received -1.5"),
        ({"sample": -1e-3}, "sample"),
        ({"alpha": math.nan}, "alpha must be a number above 0 and at most 1: received nan"),
        ({"alpha": 0}, "alpha"),
        ({"alpha": 10**400}, "alpha"),
        ({"alpha": "0.1"}, "received '0.1'"),
        ({"alpha": 0.01, "min_alpha": 0.02}, r"from 0 to alpha \(0.01\)"),
        ({"held_out": 0.6}, "held_out"),
        ({"early_stop": 2}, "set held_out"),
        ({"seed": -1}, "seed"),
        ({"epochs": 0}, "epochs"),
    ],
)
def test_a_training_option_out_of_range_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        TrainConfig(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tokenizer": "bpe"}, "tokenizer must be one of words, whitespace, chinese, characters, items: received 'bpe'"),
        ({"encoding": "utf-9"}, "received 'utf-9'"),
        ({"encoding": "hex"}, "received 'hex'"),
        ({"encoding": 8}, "received 8"),
        ({"errors": "ignore"}, "errors must be one of strict, replace"),
        ({"separator": ";"}, "separator goes with the tokenizer items only"),
        ({"tokenizer": "items", "separator": "ab"}, "one character"),
        ({"tokenizer": "items", "separator": "\n"}, "not a newline"),
        ({"tokenizer": "items", "separator": 5}, "separator must be a text"),
        ({"dictionary": "d.txt"}, "dictionary goes with the tokenizer chinese only"),
        ({"text_field": ""}, "text_field must be a text that is not empty"),
        ({"text_field": "a\0b"}, "text_field must be a text that is not empty, without NUL"),
        ({"min_count": 0}, "min_count"),
        ({"max_vocabulary": 0}, "max_vocabulary"),
    ],
)
def test_a_corpus_option_out_of_range_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        CorpusConfig(**options)


def test_numbers_of_numpy_are_stored_as_numbers_of_python() -> None:
    config = TrainConfig(dim=np.int64(50), alpha=np.float32(0.5), sample=0)
    assert (type(config.dim), config.dim, type(config.alpha), config.alpha, type(config.sample)) == (int, 50, float, 0.5, float)
    json.dumps(config.to_json())


def test_encodings_have_one_name() -> None:
    assert CorpusConfig(encoding="UTF8") == CorpusConfig(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "here"),
    [("size", "dim"), ("vector_size", "dim"), ("workers", "threads"), ("iter", "epochs"), ("topn", "n"), ("negative", "negatives")],
)
def test_names_of_other_tools_are_translated(name: str, here: str) -> None:
    assert foreign_name_hint(f"--{name.replace('_', '-')}") == f"{name} is called {here} here"
    if here in TrainConfig.__dataclass_fields__:
        with pytest.raises(ConfigError, match=f"{name} is called {here} here"):
            TrainConfig(**{name: 1})


def test_options_that_have_no_counterpart_say_why() -> None:
    with pytest.raises(ConfigError, match="there is no sg here: w2v trains skip-gram only"):
        TrainConfig(sg=1)
    assert foreign_name_hint("--nonsense") is None
    with pytest.raises(ConfigError, match="TrainConfig has no option 'min_count': it belongs to CorpusConfig"):
        TrainConfig(min_count=1)
    with pytest.raises(ConfigError, match="CorpusConfig has no option 'dim': it belongs to TrainConfig"):
        CorpusConfig(dim=1)
    with pytest.raises(ConfigError, match="no option 'nonsense': its options are alpha, deterministic, dim"):
        TrainConfig(nonsense=1)


def test_remedies_that_are_other_options():
    with pytest.raises(ConfigError, match="what stands between the cells of a table is another option, such as delimiter=';'"):
        CorpusConfig(separator=",")
    with pytest.raises(ConfigError, match="received 'windows-1252x'"):
        CorpusConfig(encoding="windows-1252x")
    with pytest.raises(ConfigError, match="which may be cp1252"):
        CorpusConfig(encoding="win 1252")
