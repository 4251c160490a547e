"""How the rows of a text of words and numbers are laid out, where it is not as word2vec does it."""

from dataclasses import dataclass

from w2v.formats.rows.table_fields import NUMBERS, Cells, is_like, trailing_numbers

SEPARATORS: dict[bytes | None, str] = {
    b"\t": "tabs",
    b";": "semicolons",
    b"|": "bars",
    b",": "commas",
    None: "white space",
    b":": "colons",
    b"=": "equals signs",
}


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How each row becomes a word and its numbers.

    Attributes
    ----------
    separator : between two fields; None for white space
    is_quoted : whether fields may stand in quotation marks
    is_regular : whether it is word2vec's own: one space apart, nothing else
    share : of the first rows that have it
    dim : numbers of a row
    n_front : fields before the numbers; None where they are the parts of a word
    word_column : which of them is the word
    left_out : number columns that belong to no vector, such as counts
    around : what stands before and behind every word, such as quotation marks or a colon
    has_header : whether the first line is no row
    n_rows : as the header says
    """

    separator: bytes | None
    is_quoted: bool
    is_regular: bool
    share: float
    dim: int
    n_front: int | None
    word_column: int
    left_out: int
    around: tuple[bytes, bytes]
    has_header: bool
    n_rows: int | None

    def __str__(self) -> str:
        left_out = ", without the columns of counts or ranks" if self.left_out else ""
        return f"rows of a word and {self.dim} numbers with {SEPARATORS[self.separator]} between{left_out}"

    def split(self, cells: Cells) -> tuple[bytes, Cells] | None:
        """A row's word and numbers; None where it has not as many, or no word."""
        wanted = self.dim + self.left_out
        n_cells, numbers = wanted, cells[max(1, len(cells) - wanted) :]
        if not NUMBERS.fullmatch(b"\t".join(numbers)):  # 20 times as fast as one by one
            n_cells, numbers = trailing_numbers(cells, self.separator, wanted)
        front = cells[: len(cells) - n_cells]
        if len(numbers) != wanted or len(front) != (self.n_front or len(front)) or any(is_like(cell, numbers) for cell in front[1:]):
            return None
        word = b" ".join(front) if self.n_front is None else front[self.word_column]
        word = word.removeprefix(self.around[0]).removesuffix(self.around[1]).strip()
        return (word, numbers[self.left_out :]) if word else None
