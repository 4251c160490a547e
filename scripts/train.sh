#!/usr/bin/env bash
# From text to printed neighbors and a page, for `make train`: the starter corpus, or CORPUS with TOKENIZER and DIM, into MODEL.
# Arguments go to `w2v train`. Run again, it goes on where it was stopped; a finished model is only asked for neighbors.
set -euo pipefail

python=${PYTHON:-python3}
corpus=${CORPUS:-}
model=${MODEL:-}

options=(--resume)
if [[ -n ${TOKENIZER:-} ]]; then options+=(--tokenizer "$TOKENIZER"); fi
if [[ -n ${DIM:-} ]]; then options+=(--dim "$DIM"); fi

if [[ -z $corpus ]]; then
    corpus=$("$python" -m w2v corpus get starter)
    model=${model:-models/starter}
    words=(anarchism music war language computer)
else
    name=$(basename -- "$corpus")
    for suffix in .gz .bz2 .xz .zst; do name=${name%"$suffix"}; done
    name=${name%.*}
    model=${model:-models/${name:-corpus}}
    words=()
fi

"$python" -m w2v train "${options[@]}" --out "$model" "$@" -- "$corpus"

if ((${#words[@]} == 0)); then # of a corpus that we do not know: words that are frequent, but not the most frequent
    while IFS= read -r word; do words+=("$word"); done < <(
        awk -F '\t' '{word[NR] = $1} END {step = NR >= 500 ? 100 : NR / 5; for (i = 1; i <= 5; i++) {rank = int(i * step); if (rank && rank != last) print word[rank]; last = rank}}' \
            "$model/vocabulary.tsv"
    )
fi
echo
"$python" -m w2v neighbors "$model" -- "${words[@]}"
echo
echo 'a page about this training, to open in a browser:'
if [[ $model.report.html -nt $model/manifest.json ]]; then # nothing was trained since it was written
    echo "$model.report.html"
else
    "$python" -m w2v report --overwrite -- "$model" "$model.report.html" || echo 'there is no page: the model is complete nevertheless' >&2
fi
