import pytest

from w2v.cli.shared.option_spelling import as_options


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("add overwrite=True", "add --overwrite"),
        ('errors="replace": U+FFFD', "--errors replace: U+FFFD"),
        ('such as time_format="%d.%m.%Y %H:%M"', "such as --time-format '%d.%m.%Y %H:%M'"),
        ("give min_count=1, or", "give --min-count 1, or"),
        ("tokens such as field=value", "tokens such as field=value"),
        ("found 'a=b', x=1", "found 'a=b', x=1"),
        ("TrainConfig(dim=50)", "TrainConfig(dim=50)"),
    ],
)
def test_arguments_become_options(message, shown):
    assert as_options(message) == shown
