"""The exception tree: what callers may catch, and what messages say."""

import pytest

from w2v import errors


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (errors.ConfigError, ValueError),
        (errors.CorpusError, ValueError),
        (errors.UnknownWordError, KeyError),
        (errors.IdError, ValueError),
        (errors.FormatError, ValueError),
        (errors.CheckpointError, ValueError),
        (errors.DivergedError, ArithmeticError),
        (errors.OutputError, OSError),
        (errors.DownloadError, OSError),
        (errors.MissingExtraError, ImportError),
    ],
)
def test_each_error_is_ours_and_a_builtin(error: type[Exception], builtin: type[Exception]) -> None:
    assert issubclass(error, errors.W2VError)
    assert issubclass(error, builtin)


def test_every_error_is_drawn_in_the_tree() -> None:
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, errors.W2VError):
            assert name in errors.__doc__


def test_every_error_says_in_one_line_when_it_is_raised() -> None:
    classes = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, errors.W2VError)]
    assert errors.ConfigError in classes
    for error in set(classes) - {errors.W2VError}:
        assert error.__doc__.split("\n")[0].startswith("Raised when ")
        assert error.__doc__.split("\n")[0].endswith(".")


def test_an_unknown_word_is_said_without_the_quotes_of_a_key_error() -> None:
    error = errors.UnknownWordError("kign", ["king", "kin"])
    assert str(error) == "'kign' is not in the vocabulary; close matches: king, kin"
    assert (error.word, error.close_matches) == ("kign", ("king", "kin"))
    assert str(errors.UnknownWordError("x")) == "'x' is not in the vocabulary"


def test_a_missing_extra_names_the_pip_command() -> None:
    with pytest.raises(errors.MissingExtraError, match=r"nosuch is needed for pictures: pip install 'w2v\[plots\]'"):
        errors.import_extra("nosuch.module", "plots", "pictures")


def test_an_installed_extra_is_imported() -> None:
    assert errors.import_extra("json.decoder", "x", "y").__name__ == "json.decoder"
