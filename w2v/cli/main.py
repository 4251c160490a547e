"""`w2v`: the command line. Each command lives in a file of its own that is imported when it is called."""

import importlib
import io
import os
import sys
import warnings
from typing import Any

import click

from w2v.config import foreign_name_hint
from w2v.errors import W2VError
from w2v.text_tables import printable
from w2v.version import __version__

# command -> (module:attribute, one line of help), in the order of the work
_COMMANDS = {
    "corpus": ("w2v.cli.corpus:corpus", "List the known corpora, or get one."),
    "encode": ("w2v.cli.encode:encode", "Turn text into an encoded corpus."),
    "phrases": ("w2v.cli.phrases:phrases", "Turn text into an encoded corpus in which phrases are words."),
    "train": ("w2v.cli.train:train", "Train word vectors on text or an encoded corpus."),
    "categories": ("w2v.cli.categories:categories", "Train vectors of the categories in a table."),
    "info": ("w2v.cli.info:info", "Tell what a model, a partial model, a corpus or a vector file holds."),
    "neighbors": ("w2v.cli.neighbors:neighbors", "Print the nearest neighbors of words."),
    "similarity": ("w2v.cli.word_relations:similarity", "Print the similarity of two words."),
    "analogy": ("w2v.cli.word_relations:analogy", "Answer: A is to B as C is to ?"),
    "odd-one-out": ("w2v.cli.word_relations:odd_one_out", "Print which word does not go with the others."),
    "mean-vector": ("w2v.cli.word_relations:mean_vector", "Print the mean of the vectors of words."),
    "evaluate": ("w2v.cli.evaluate:evaluate", "Measure vectors on test sets of similarity and analogy."),
    "evaluate-next": ("w2v.cli.evaluate_next:evaluate_next", "Measure how well vectors say which item comes next."),
    "tune": ("w2v.cli.tune:tune", "Search for good settings of a training."),
    "classify": ("w2v.cli.classify.commands:classify", "Learn labels of texts on top of word vectors; compare with random ones."),
    "cluster": ("w2v.cli.cluster:cluster", "Group words by k-means."),
    "plot": ("w2v.cli.plot:plot", "Draw a map of words, or the course of a training."),
    "explore": ("w2v.cli.explore:explore", "Look at the vectors in a browser."),
    "export": ("w2v.cli.export:export", "Write vectors in another format."),
    "import": ("w2v.cli.export:import_vectors", "Make a model directory of a vector file."),
    "validate": ("w2v.cli.validate:validate", "Compare quality and speed with gensim, side by side."),
    "bench": ("w2v.cli.bench:bench", "Measure reading, training and the whole pipeline."),
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):  # from the table, so that --help imports no command
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="w2v")
def cli() -> None:
    """Word vectors from text: train, query, export.

    \b
    w2v train my.txt --out my.w2v
    w2v neighbors my.w2v king queen
    w2v export my.w2v my.vec
    """


def main() -> None:
    """Run the command line: results on stdout, one line on stderr for an error, exit codes 0, 1, 2, 130."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us; bars and messages need somewhere to go
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - until the process ends
    if isinstance(sys.stdout, io.TextIOWrapper):  # words are printed in any script, also where the terminal knows ASCII only
        sys.stdout.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):  # what is typed at a prompt and is no text is an unknown word
        sys.stdin.reconfigure(errors="surrogateescape")
    warnings.showwarning = _show_warning
    sys.exit(run(sys.argv[1:]))


def _show_warning(message: Warning | str, category: Any, filename: str, lineno: int, file: Any = None, line: str | None = None) -> None:
    """A warning is for who types the command: a line, without the place in our code."""
    click.echo(printable(f"Warning: {message}"), err=True)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        result: Any = cli.main(arguments, prog_name="w2v", standalone_mode=False)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.NoSuchOption as error:
        hint = _option_hint(error, arguments)
        (error if hint is None else click.UsageError(hint, error.ctx)).show()
        return 2
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:  # the reader of our output has gone (head): nothing to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except W2VError as error:
        return _fail(str(error))
    except MemoryError:
        return _fail("out of memory: fewer words (--min-count, --max-vocabulary) or a smaller --dim need less")
    except OSError as error:
        where = f"{error.filename}: " if error.filename is not None else ""
        return _fail(f"{where}{error.strerror or error}")
    return result if isinstance(result, int) else 0


def _option_hint(error: click.NoSuchOption, arguments: list[str]) -> str | None:
    """What to write instead of an option of another tool, which may have one dash: word2vec.c's ``-size 100``."""
    written = error.option_name
    if not written.startswith("--"):  # click takes -size for -s
        written = next((argument.partition("=")[0] for argument in arguments if argument.startswith(written)), written)
        own = {option for parameter in error.ctx.command.params for option in parameter.opts} if error.ctx else set()
        if f"-{written}" in own:
            return f"{written} has two dashes here: -{written}"
    return foreign_name_hint(written)


def _fail(message: str) -> int:
    click.echo(printable(f"Error: {' '.join(message.split())}"), err=True)
    return 1


if __name__ == "__main__":
    main()
