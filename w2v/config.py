"""All options with their defaults, meanings and ranges: the one source for Python, the command line and saved files.

Configs are frozen; they are saved as JSON in every encoded corpus, checkpoint and model.
"""

from __future__ import annotations

import codecs
import dataclasses
import difflib
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, TypeVar

from w2v.checks import integer, number, one_of, regular_expression, text, truth
from w2v.errors import ConfigError

TOKENIZERS = ("words", "whitespace", "chinese", "characters", "items")
ENCODING_ERRORS = ("strict", "replace")
LANGUAGES = ("tr", "az")
_WITH_WORDS = ("words", "characters", "chinese")
_WITH_TEXT = (*_WITH_WORDS, "whitespace")
# Options of text rules -> their values, the tokenizers that they go with
_TEXT_RULES = {
    "keep": (("emoji",), _WITH_WORDS),
    "language": (LANGUAGES, ("words", "characters")),
    "clean": (("html",), _WITH_TEXT),
    "fold": (("compatibility",), _WITH_TEXT),
}
SESSION = "session"
DEFAULT_SAMPLE = 1e-4
# What word2vec.c does if nothing else is said; the other defaults are its as well, but for `negative_reuse`: it draws for each window.
CLASSIC: Mapping[str, Any] = {"window": 5, "sample": 1e-3, "epochs": 5, "alpha": 0.025, "logit_bias": 0.0}
DEFAULT_REUSE = 8
DEFAULT_MIN_COUNT = 5
DEFAULT_REPLICAS = 4
TIME_DIRECTIVES = "YymdejbBhaAHIpMSfzZTDFR%"  # behind the % of a time_format
_FOREIGN_ENCODINGS = {"ansi": "cp1252", "unicode": "utf-16", "utf8mb4": "utf-8", "utf8mb3": "utf-8", "dos": "cp850"}
SESSION_GAP = re.compile(r"([0-9]{1,18}(?:\.[0-9]+)?)([smhd]?)")  # number, unit

# What other tools call our options: people bring these names along.
FOREIGN_NAMES = {
    "size": "dim",
    "vector_size": "dim",
    "layer1_size": "dim",
    "workers": "threads",
    "thread": "threads",
    "iter": "epochs",
    "epoch": "epochs",
    "negative": "negatives",
    "neg": "negatives",
    "ns_exponent": "noise_exponent",
    "max_final_vocab": "max_vocabulary",
    "lr": "alpha",
    "learning_rate": "alpha",
    "topn": "n",
    "shrink_windows": "fixed_window",
    "ws": "window",
    "mincount": "min_count",
    "output": "out",
    "start_alpha": "alpha",
    "end_alpha": "min_alpha",
    "max_vocab": "max_vocabulary",
    "max_vocab_size": "max_vocabulary",
    "n_epochs": "epochs",
    "embedding_dim": "dim",
    "window_size": "window",
    "sep": "delimiter",
    "text_column": "text_field",
    "text_col": "text_field",
    "unicode_errors": "errors",
}
_SOURCE = "what is read is the first argument, a path or token lists; strings are given as texts=[...]"
_NO_SUBWORDS = "w2v trains whole words, no subwords"
FOREIGN_WITHOUT_NAME = {
    **dict.fromkeys(("sentences", "corpus_iterable", "corpus_file", "corpus", "documents", "docs", "data", "text", "input"), _SOURCE),
    **dict.fromkeys(("minn", "maxn", "min_n", "max_n", "bucket", "word_ngrams", "wordngrams"), _NO_SUBWORDS),
    **dict.fromkeys(("batch_words", "sorted_vocab", "trim_rule", "hashfxn", "null_word"), "leave it away"),
    **dict.fromkeys(("binary", "no_header"), "formats are recognized by their contents, and written by the name of the file"),
    **dict.fromkeys(("debug", "datatype", "mmap", "fvocab"), "leave it away"),
    "sg": "w2v trains skip-gram only",
    "cbow": "w2v trains skip-gram only",
    "cbow_mean": "w2v trains skip-gram only",
    "hs": "w2v trains with negative sampling only",
    "compute_loss": "w2v always reports the loss",
    "callbacks": "in Python, hooks=w2v.Hooks(...) are called while it trains",
    "verbose": "progress is shown in a terminal, and from Python with progress=True",
}


def foreign_name_hint(name: str) -> str | None:
    """What to write instead of an option of gensim, word2vec.c or fastText; None for an unknown name."""
    plain = name.lstrip("-").replace("-", "_").lower()
    if plain in FOREIGN_NAMES:
        return f"{plain} is called {FOREIGN_NAMES[plain]} here"
    if plain in FOREIGN_WITHOUT_NAME:
        return f"there is no {plain} here: {FOREIGN_WITHOUT_NAME[plain]}"
    return None


def _option_hint(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return foreign_name_hint(name) or (f"did you mean {close[0]}?" if close else f"its options are {', '.join(known)}")


def setting(default: Any, help: str, word: str | None = None) -> Any:
    """A dataclass field with its meaning, and the word that may be given instead of its number."""
    return dataclasses.field(default=default, metadata={"help": help, "word": word})


class _Config:
    """What all configs share: refusing foreign names, JSON, ranges."""

    def __new__(cls, *args: Any, **options: Any) -> Self:
        known = {field.name for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
        for name in options:
            if name not in known:
                owners = [f"it belongs to {other.__name__}" for other in _CONFIGS if name in other.__dataclass_fields__]
                hint = next(iter(owners), None) or _option_hint(name, sorted(known))
                raise ConfigError(f"{cls.__name__} has no option {name!r}: {hint}")
        return super().__new__(cls)

    def __repr__(self) -> str:
        """The options that are not as the class has them, as one would write them."""
        fields = [(field, getattr(self, field.name)) for field in dataclasses.fields(self)]  # type: ignore[arg-type]
        return f"{type(self).__name__}({', '.join(f'{field.name}={value!r}' for field, value in fields if value != field.default)})"

    def to_json(self) -> dict[str, Any]:
        """Field name -> JSON value."""
        return dataclasses.asdict(self)  # type: ignore[call-overload, no-any-return]

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The config that `to_json` wrote.

        Raises
        ------
        ConfigError
            an unknown name or a value out of range.
        """
        return cls(**values)

    def _set(self, check: Callable[..., Any], name: str, *arguments: Any) -> None:
        """Check a field, None where that is its default, and keep what the check returns: numpy's numbers become Python's, for JSON."""
        value = getattr(self, name)
        if value is not None or getattr(type(self), name) is not None:
            object.__setattr__(self, name, check(name, value, *arguments))


def _unescaped(name: str, value: str) -> str:
    """A character as people write it on a command line: ``tab``, ``\\t``, ``\\x01``."""
    if value in ("tab", "space"):
        return {"tab": "\t", "space": " "}[value]
    if not re.fullmatch(r"\\(?:t|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-3][0-7]{2})", value):
        return value
    return value.encode().decode("unicode_escape")


def _none_for_auto(name: str, value: Any) -> Any:
    """`auto` is how the default is said."""
    return None if value == "auto" else value


@dataclass(frozen=True, kw_only=True, repr=False)
class CorpusConfig(_Config):
    """How text becomes tokens, and tokens a vocabulary."""

    tokenizer: str = setting(
        None, "How lines become tokens: words, whitespace (verbatim), chinese, characters or items. [default: words; events: items]"
    )
    separator: str | None = setting(
        None, "With items: the character between two items, also the cells of a csv of baskets; with events the same as delimiter."
    )
    dictionary: str | None = setting(None, "With chinese: a file of further words, one a line, a frequency after a space if you like.")
    keep: str | None = setting(None, "emoji: they are tokens, each sequence one, instead of separators.")
    language: str | None = setting(None, "tr or az: the lower case of I is ı, that of İ is i; other languages need no option.")
    clean: str | None = setting(None, "html: tags and comments go, entities become characters: don&#39;t -> don't.")
    fold: str | None = setting(None, "compatibility: ligatures, full-width letters and the like become plain ones (NFKC).")
    token_pattern: str | None = setting(
        None, "Regular expression whose matches, or whose group, are the tokens: in lower case with words, as they stand with whitespace."
    )
    encoding: str = setting("utf-8", "Encoding of the text, such as utf-8, gb18030, utf-16 or latin-1.")
    errors: str = setting("strict", "What broken bytes do: strict stops, replace puts U+FFFD in their place and counts them.")
    text_field: str | None = setting(
        None,
        "Field of a csv, tsv, jsonl or parquet file that holds the text, or a list of its tokens. By number: a file without a header.",
    )
    delimiter: str | None = setting(None, "What stands between the cells of a table, such as ; or tab. [default: found by its first line]")
    group_by: str | None = setting(
        None, "Events: the column whose value says which rows make one sequence, such as user. Columns by number: a file without a header."
    )
    item_field: str | None = setting(
        None, "Events: the column of the items. Each row of a csv, tsv, jsonl, parquet or text file is one event."
    )
    order_by: str | None = setting(
        None, "Events: the column of the time, a number or ISO 8601, by which a sequence is ordered. [default: as in the file]"
    )
    time_format: str | None = setting(
        None, "Events: how the time is written, as strptime has it: %d.%m.%Y %H:%M. [default: read where it can mean one thing only]"
    )
    session_gap: str | None = setting(
        None, "Events: a longer time between two of them begins a new sequence: 90s, 30m, 2h, 1d, or a number in the unit of the column."
    )
    min_length: int | None = setting(None, "Events: shorter sequences are dropped.")
    drop_repeats: bool = setting(False, "Events: an item that follows itself counts once.")
    drop_incomplete: bool = setting(
        False, "Events: those without a group, an item or a time (empty, NULL, nan, \\N and the like) are dropped and counted."
    )
    min_count: int = setting(None, "Words that occur less often are dropped. [default: 5; items: 1]")
    max_vocabulary: int | None = setting(None, "Keep at most this many words, the most frequent ones.")
    phrases: int = setting(0, "Passes that join words which stand together far more often than chance: new york -> new_york.")

    def __post_init__(self) -> None:
        if self.tokenizer is None:
            object.__setattr__(self, "tokenizer", "words" if self.item_field is None else "items")
        if self.min_count is None:
            object.__setattr__(self, "min_count", 1 if self.tokenizer == "items" else DEFAULT_MIN_COUNT)
        one_of("tokenizer", self.tokenizer, TOKENIZERS)
        one_of("errors", self.errors, ENCODING_ERRORS)
        try:
            name = codecs.lookup(self.encoding).name
            "a".encode(name)  # refuses codecs that are not for text, such as hex
        except (LookupError, TypeError, ValueError):
            windows = re.fullmatch(r"(?:windows|win|ansi|ibm|dos)[-_ ]*([0-9]{3,4})", str(self.encoding).lower())
            meant = f"cp{windows[1]}" if windows else _FOREIGN_ENCODINGS.get(str(self.encoding).lower())
            hint = f", which may be {meant}" if meant else ""
            raise ConfigError(f"encoding must be a text encoding, such as utf-8 or gb18030: received {self.encoding!r}{hint}") from None
        object.__setattr__(self, "encoding", name)
        for option in ("separator", "dictionary", "text_field", "delimiter"):
            self._set(text, option)
        for option in ("separator", "delimiter"):
            self._set(_unescaped, option)
        self._check_text_rules()
        if self.separator is not None:
            if self.tokenizer != "items":
                rule = f"separator goes with the tokenizer items only: the tokenizer is {self.tokenizer}"
                raise ConfigError(f"{rule}; what stands between the cells of a table is another option, such as delimiter=';'")
            if len(self.separator) != 1 or self.separator == "\n":
                raise ConfigError(f"separator must be one character and not a newline: received {self.separator!r}")
        if self.dictionary is not None and self.tokenizer != "chinese":
            raise ConfigError(f"dictionary goes with the tokenizer chinese only: the tokenizer is {self.tokenizer}")
        if self.delimiter is not None and any(mark in self.delimiter for mark in '"\r\n'):
            raise ConfigError(f"delimiter must not be a quote or a line break: received {self.delimiter!r}")
        self._set(integer, "min_count", 1, 2**31 - 1)
        self._set(integer, "max_vocabulary", 1, 2**31 - 1)
        self._set(integer, "phrases", 0, 10)
        self._check_events()

    @property
    def cell_delimiter(self) -> str | None:
        """What stands between the cells of a table; None is found by its first line."""
        return self.separator if self.delimiter is None and self.item_field is not None else self.delimiter

    def _check_text_rules(self) -> None:
        """Each has its values, and goes with some tokenizers."""
        if isinstance(self.language, str) and self.language not in LANGUAGES:
            raise ConfigError(f"language must be one of {', '.join(LANGUAGES)}, for others it is left away: received {self.language!r}")
        for option, (values, tokenizers) in _TEXT_RULES.items():
            self._set(one_of, option, values)
            if getattr(self, option) is not None and self.tokenizer not in tokenizers:
                raise ConfigError(f"{option} goes with the tokenizers {', '.join(tokenizers)}: the tokenizer is {self.tokenizer}")
        if self.token_pattern is None:
            return
        if self.tokenizer not in ("words", "whitespace"):
            raise ConfigError(f"token_pattern goes with the tokenizers words and whitespace: the tokenizer is {self.tokenizer}")
        if self.keep is not None:
            raise ConfigError("token_pattern says itself what is kept: leave keep away")
        self._set(regular_expression, "token_pattern")

    def _check_events(self) -> None:
        """Options of events need each other, and none goes with text."""
        for option in ("group_by", "item_field", "order_by", "time_format", "session_gap"):
            self._set(text, option)
        self._set(integer, "min_length", 1, 2**31 - 1)
        self._set(truth, "drop_repeats")
        self._set(truth, "drop_incomplete")
        if self.item_field is None:
            for option, needed in (
                ("group_by", self.group_by), ("order_by", self.order_by), ("session_gap", self.session_gap),
                ("min_length", self.min_length), ("drop_repeats", self.drop_repeats), ("time_format", self.time_format),
                ("drop_incomplete", self.drop_incomplete),
            ):  # fmt: skip
                if needed:
                    raise ConfigError(f"{option} is for events: name the column of the items with item_field")
            return
        if self.group_by is None:
            raise ConfigError("item_field needs group_by, the column that says which events make one sequence")
        if self.tokenizer != "items":
            raise ConfigError(f"events are read with the tokenizer items: leave tokenizer {self.tokenizer} away")
        if self.text_field is not None:
            raise ConfigError("text_field is for text and item_field for events: give one of them")
        if self.separator is not None and self.delimiter is not None:
            raise ConfigError("give delimiter or separator between the cells of events, not both")
        if self.separator in ('"', "\r"):
            raise ConfigError(f"separator between cells must not be a quote or a line break: received {self.separator!r}")
        if self.phrases:
            raise ConfigError("phrases are for text: leave them away with item_field")
        if self.time_format is not None:
            self._check_time_format(self.time_format)
        if self.session_gap is not None:
            if self.order_by is None:
                raise ConfigError("session_gap needs order_by, the column of the time")
            gap = SESSION_GAP.fullmatch(self.session_gap)
            if gap is None or float(gap[1]) == 0:
                raise ConfigError(f"session_gap must be above 0, such as 90s, 30m, 2h, 1d or 1800: received {self.session_gap!r}")

    def _check_time_format(self, time_format: str) -> None:
        if self.order_by is None:
            raise ConfigError("time_format needs order_by, the column of the time")
        found = re.findall("%(.?)", time_format)
        unknown = [directive for directive in found if directive not in tuple(TIME_DIRECTIVES)]
        twice = [directive for directive in found if directive != "%" and found.count(directive) > 1]
        if unknown or twice or not found:
            fault = f"%{unknown[0]} is not known" if unknown else f"%{twice[0]} comes twice" if twice else "it has none"
            raise ConfigError(f"time_format must have directives such as %d.%m.%Y %H:%M: received {time_format!r}, {fault}")


@dataclass(frozen=True, kw_only=True, repr=False)
class TrainConfig(_Config):
    """Skip-gram with negative sampling: Mikolov et al., "Distributed Representations of Words and Phrases", 2013.

    Section 2.2 there is the source of `negatives` and `noise_exponent`, section 2.3 of `sample`; `alpha`, `window` and its random
    radius are word2vec.c's; `negative_reuse` (docs/performance.md), `logit_bias` (docs/quality.md) and `deterministic` (docs/replicas.md)
    are ours.
    """

    dim: int = setting(100, "Length of a word vector, 1 to 1024.")
    window: int | Literal["session"] | None = setting(
        None,
        "Largest distance from a center to its contexts, 1 to 1000; session: all others of the line, a sample of them beyond 1000. "
        "[default: 5; items: 10]",
        word=SESSION,
    )
    fixed_window: bool = setting(False, "Always use the whole window instead of a random radius from 1 to window.")
    negatives: int = setting(5, "Noise words drawn against each center, 1 to 64.")
    negative_reuse: int | None = setting(
        None, "How many windows, far apart, share one draw of negatives; 1 draws afresh for each. [default: 8; items: 1]"
    )
    logit_bias: float | None = setting(
        None, "Added to each dot product before the sigmoid, -20 to 20; 0 is word2vec's. [default: -log(negatives); items: 0]"
    )
    noise_exponent: float = setting(0.75, "Noise words are drawn by count to this power, -1 to 1.")
    sample: float | None = setting(
        None,
        "Subsampling threshold for frequent words; 0 keeps all. [default: 1e-4, of less than 20 million tokens 2000 / their number; "
        "walks: 1e-3; items, and texts of which it leaves under 100 words: 0]",
    )
    epochs: int = setting(None, "Passes over the corpus, or auto. [default: auto, by the number of tokens]", word="auto")
    alpha: float = setting(0.03, "Learning rate at the start.")
    min_alpha: float = setting(0.0001, "Learning rate at the end; it falls linearly with the tokens read.")
    held_out: float = setting(
        0.0,
        "Fraction of the text that is kept from training, to measure its loss after each epoch: lines at random, of those over 1,000 "
        "tokens stretches.",
    )
    early_stop: int | None = setting(None, "Stop after this many epochs without a lower held-out loss.")
    seed: int = setting(1, "Seed of all random draws.")
    deterministic: bool = setting(
        False, "The same bits with any number of threads: replicas train side by side and are combined (docs/replicas.md)."
    )
    replicas: int | None = setting(None, "With deterministic: how many replicas, 1 to 64; another number is another model. [default: 4]")

    def __post_init__(self) -> None:
        self._set(integer, "dim", 1, 1024)
        if self.window is not None and self.window != SESSION:
            if isinstance(self.window, str):
                raise ConfigError(f"window must be an integer from 1 to 1000, or session: received {self.window!r}")
            self._set(integer, "window", 1, 1000)
        self._set(truth, "fixed_window")
        self._set(integer, "negatives", 1, 64)
        self._set(integer, "negative_reuse", 1, 1024)
        self._set(number, "noise_exponent", "a number from -1 to 1", lambda x: -1 <= x <= 1)
        self._set(number, "logit_bias", "a number from -20 to 20", lambda x: -20 <= x <= 20)
        self._set(number, "sample", "a number from 0 to 1", lambda x: 0 <= x <= 1)
        self._set(_none_for_auto, "epochs")
        self._set(integer, "epochs", 1, 1_000_000)
        self._set(number, "alpha", "a number above 0 and at most 1", lambda x: 0 < x <= 1)
        self._set(number, "min_alpha", f"a number from 0 to alpha ({self.alpha})", lambda x: 0 <= x <= self.alpha)
        self._set(number, "held_out", "a number from 0 to 0.5", lambda x: 0 <= x <= 0.5)
        if self.early_stop is not None:
            self._set(integer, "early_stop", 1, 1_000_000)
            if not self.held_out:
                raise ConfigError("early_stop needs a held-out part: set held_out, such as 0.01")
        self._set(integer, "seed", 0, 2**63 - 1)
        self._set(truth, "deterministic")
        self._set(integer, "replicas", 1, 64)
        if self.replicas is not None and not self.deterministic:
            raise ConfigError("replicas are for a deterministic training: set deterministic=True, or leave replicas away")

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        return super().from_json({"logit_bias": 0.0} | values)  # models of before there was one


_C = TypeVar("_C", bound=_Config)
_ARGUMENTS = {"TrainConfig": "train takes it as config", "CorpusConfig": "train takes it as corpus_config"}
_EXAMPLES = {"TrainConfig": "dim=50", "CorpusConfig": "min_count=1"}


def with_options(kind: type[_C], name: str, config: _C | None, options: Mapping[str, Any]) -> _C | None:
    """The argument `name` with those options set that are fields of `kind`; None where neither is given.

    Raises
    ------
    ConfigError
        `config` is something else, or an option is out of range.
    """
    if config is not None and not isinstance(config, kind):
        found = type(config).__name__
        remedy = _ARGUMENTS.get(found, f"give {kind.__name__}(...), or options as keywords, such as {_EXAMPLES[kind.__name__]}")
        raise ConfigError(f"{name} must be a {kind.__name__}: received a {found}; {remedy}")
    own = {option: value for option, value in options.items() if option in kind.__dataclass_fields__}  # type: ignore[attr-defined]
    if not own:
        return config
    return kind(**own) if config is None else dataclasses.replace(config, **own)  # type: ignore[type-var]


def refuse_unknown_options(function: str, options: Mapping[str, Any], *kinds: type[_Config]) -> None:
    """Keywords of a function that are fields of none of the configs.

    Raises
    ------
    ConfigError
        what the option is called here, or all there are.
    """
    known = [field.name for kind in kinds for field in dataclasses.fields(kind)]  # type: ignore[arg-type]
    for name in options:
        if name not in known:
            hint = _option_hint(name, sorted(known))
            raise ConfigError(f"{function} has no option {name!r}: {hint}")


def _describe(config: type[_Config]) -> None:
    """Show the options in ``help()`` and in editors, which else see `_Config.__new__`."""
    constructor = inspect.signature(config.__init__)
    config.__signature__ = constructor.replace(parameters=list(constructor.parameters.values())[1:])  # type: ignore[attr-defined]
    options = [f"{field.name} : {field.metadata['help']}" for field in dataclasses.fields(config)]  # type: ignore[arg-type]
    config.__doc__ = "\n".join([f"{inspect.cleandoc(config.__doc__ or '')}\n", "Parameters", "----------", *options])


_CONFIGS = (CorpusConfig, TrainConfig)
for _config in _CONFIGS:
    _describe(_config)
