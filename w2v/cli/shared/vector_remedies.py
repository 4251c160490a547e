"""What would help with a file of vectors, in the options of the command that was called, or of the one that has them."""

import click

# What the library says -> the option of `w2v import` and `w2v export`.
_REMEDIES = {
    "with repair=True": "--repair",
    "with errors='replace': U+FFFD": "--errors replace",
    "with words=[...] of w2v.load": "--words FILE",
}


def with_vector_options(message: str, command: click.Command | None) -> str:
    """`message` with the arguments of `w2v.load` written as options; where the command has none such, with the command that has."""
    own = {option for parameter in command.params for option in parameter.opts} if command is not None else set()
    for said, option in _REMEDIES.items():
        where = "" if option.split()[0] in own else "w2v import FILE MODEL "
        message = message.replace(said, f"with {where}{option}{said.partition(':')[1]}{said.partition(':')[2]}")
    return message
