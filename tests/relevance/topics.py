"""How well lay words are understood: cross-validation over the lexicon's phrases, and queries of their own.

    python -m tests.relevance.topics [--folds 5] [--methods all|linear]

Each fold's phrases are left out of everything that learns, also where a term, a situation or another topic says the
same words. "near" counts a parent or child of the right topic as right.
"""

import argparse
import csv
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from search_index.lexicon import load_or_train, load_phrases
from search_index.lexicon.listings import Listing
from search_index.lexicon.model import examples
from search_index.lexicon.text import folded_words
from search_index.lexicon.training import Rows, fit, rows_of, truths, vocabulary

HERE = Path(__file__).parent
TREE = HERE.parents[1] / "seed" / "reference" / "topics.tsv"
Scores = np.ndarray
Example = tuple[str, Sequence[int]]


def topic_tree() -> tuple[dict[str, str], dict[str, str | None]]:
    with TREE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {row["slug"]: row["label"] for row in rows}, {row["slug"]: row["parent"] or None for row in rows}


def queries() -> list[tuple[str, list[str]]]:
    lines = (HERE / "topic_queries.tsv").read_text("utf-8").splitlines()
    return [(query, slugs.split(",")) for query, _, slugs in (line.partition("\t") for line in lines)]


def filed() -> list[Listing]:
    """Listings that nothing was learned from, as an adviser would file them."""
    lines = (HERE / "listings.tsv").read_text("utf-8").splitlines()
    return [
        Listing(name, description, () if slugs == "-" else tuple(slugs.split()))
        for name, description, slugs in (line.split("\t") for line in lines)
    ]


def off_subject() -> list[str]:
    return (HERE / "off_subject.txt").read_text("utf-8").splitlines()


def only(rows: Rows, keep: np.ndarray) -> Rows:
    """The rows with some columns taken out, each at length one again."""
    inside = keep[rows.columns]
    row_of = np.repeat(np.arange(len(rows.ends) - 1), np.diff(rows.ends))[inside]
    values = rows.values[inside]
    lengths = np.sqrt(np.bincount(row_of, values**2, len(rows.ends) - 1))
    ends = np.concatenate([[0], np.cumsum(np.bincount(row_of, minlength=len(rows.ends) - 1))])
    return Rows(rows.columns[inside], (values / lengths[row_of]).astype(np.float32), ends)


def times(rows: Rows, dense: np.ndarray) -> np.ndarray:
    product = np.zeros((len(rows.ends) - 1, dense.shape[1]), np.float32)
    for row, (start, end) in enumerate(zip(rows.ends[:-1], rows.ends[1:], strict=True)):
        product[row] = rows.values[start:end] @ dense[rows.columns[start:end]]
    return product


def turned(rows: Rows, width: int) -> Rows:
    """The columns as rows."""
    row_of = np.repeat(np.arange(len(rows.ends) - 1, dtype=np.int32), np.diff(rows.ends))
    order = np.argsort(rows.columns, kind="stable")
    return Rows(row_of[order], rows.values[order], np.searchsorted(rows.columns[order], np.arange(width + 1)))


def summed(rows: Rows, truth: np.ndarray, width: int) -> np.ndarray:
    return times(turned(rows, width), truth)


def centroid(known: Rows, truth: np.ndarray, asked: Rows, width: int) -> Scores:
    sums = summed(known, truth, width)
    return times(asked, sums / (np.linalg.norm(sums, axis=0) + 1e-9))


def neighbours(known: Rows, truth: np.ndarray, asked: Rows, width: int) -> Scores:
    """The 15 nearest texts, weighed by the square of their likeness: on words alone, idf-weighted overlap."""
    columns = turned(known, width)
    scores = np.zeros((len(asked.ends) - 1, truth.shape[1]), np.float32)
    for row, (start, end) in enumerate(zip(asked.ends[:-1], asked.ends[1:], strict=True)):
        like = np.zeros(len(truth), np.float32)
        for column, value in zip(asked.columns[start:end], asked.values[start:end], strict=True):
            span = slice(columns.ends[column], columns.ends[column + 1])
            like[columns.columns[span]] += value * columns.values[span]
        best = np.argpartition(-like, 15)[:15]
        scores[row] = like[best] ** 2 @ truth[best]
    return scores


def bayes(known: Rows, truth: np.ndarray, asked: Rows, width: int) -> Scores:
    sums = summed(known, truth, width) + 0.001
    return times(asked, np.log(sums / sums.sum(axis=0)).astype(np.float32))


def linear(known: Rows, truth: np.ndarray, asked: Rows, width: int) -> Scores:
    weights = fit(known, truth, width=width)
    return times(asked, weights[:-1]) + weights[-1]


def standard(scores: Scores) -> Scores:
    return (scores - scores.mean(axis=1, keepdims=True)) / (scores.std(axis=1, keepdims=True) + 1e-9)


def fold_scores(learnt: Sequence[Example], asked: Sequence[str], count: int, *, every: bool) -> dict[str, Scores]:
    """Each method's scores; the last class, "nothing", is dropped."""
    texts, truth = [text for text, _ in learnt], truths([classes for _, classes in learnt], count)
    known = vocabulary(texts)
    width = len(known.numbers)
    learn, ask = rows_of(texts, known), rows_of(asked, known)
    found = {"linear: words 1-2, pieces 3-5": linear(learn, truth, ask, width)}
    if every:
        kind = np.array([name[0] in "wp" for name in known.numbers])
        pieces = np.array([name[0] not in "wpx" or (len(name) <= 5 and name[0] == "_") for name in known.numbers])
        single = np.array([name[0] == "w" for name in known.numbers])
        found["word overlap, 15 nearest"] = neighbours(only(learn, single), truth, only(ask, single), width)
        found["pieces, centroid"] = centroid(only(learn, pieces), truth, only(ask, pieces), width)
        found["pieces, 15 nearest"] = neighbours(only(learn, pieces), truth, only(ask, pieces), width)
        found["naive Bayes: all"] = bayes(learn, truth, ask, width)
        found["linear: words 1-2 only"] = linear(only(learn, kind), truth, only(ask, kind), width)
        first = found["linear: words 1-2, pieces 3-5"]
        found["linear + half naive Bayes"] = standard(first) + 0.5 * standard(found["naive Bayes: all"])
    return {name: scores[:, :-1] for name, scores in found.items()}


def key(text: str) -> str:
    """What two texts have in common that say the same words."""
    return " ".join(folded_words(text))


def cross_validated(folds: int, *, every: bool) -> Iterator[tuple[str, Scores, np.ndarray]]:
    """By method: the scores of every phrase when it was left out, and the true classes."""
    labels, _ = topic_tree()
    phrases = load_phrases()
    order = sorted(phrases)
    written = [(text, i) for i, slug in enumerate(order) for text in phrases[slug]]
    known = [(key(text), text, classes) for text, classes, _ in examples(order, phrases, labels)]
    places = np.random.RandomState(0).permutation(len(written))
    gathered: dict[str, list[Scores]] = {}
    for fold in range(folds):
        asked = [written[i][0] for i in places[fold::folds]]
        out = {key(text) for text in asked}
        learn = [(text, classes) for said, text, classes in known if said not in out]
        for name, found in fold_scores(learn, asked, len(order) + 1, every=every).items():
            gathered.setdefault(name, []).append(found)
    truth = np.array([written[i][1] for fold in range(folds) for i in places[fold::folds]])
    for name, found in gathered.items():
        yield name, np.vstack(found), truth


def figures(scores: Scores, truth: np.ndarray, order: Sequence[str]) -> dict[str, float]:
    _, parents = topic_tree()
    best = np.argsort(-scores, axis=1, kind="stable")[:, :3]

    def near(guess: int, right: int) -> bool:
        one, other = order[guess], order[right]
        return one == other or parents.get(one) == other or parents.get(other) == one

    right = best[:, 0] == truth
    return {
        "top-1": float(right.mean()),
        "top-3": float((best == truth[:, None]).any(axis=1).mean()),
        "macro": float(np.mean([right[truth == c].mean() for c in np.unique(truth)])),
        "near-1": float(np.mean([near(row[0], t) for row, t in zip(best, truth, strict=True)])),
        "near-3": float(np.mean([any(near(g, t) for g in row) for row, t in zip(best, truth, strict=True)])),
    }


def held_out(cache: Path) -> dict[str, float]:
    """The shipped model on the queries written without sight of the phrases, and on what is off the subject."""
    model = load_or_train(cache, *topic_tree())
    asked = queries()
    times, first, three, weights = [], 0, 0, []
    for query, slugs in asked:
        start = time.perf_counter()
        guesses = [guess.slug for guess in model.topics(query)]
        times.append(time.perf_counter() - start)
        first += guesses[:1] != [] and guesses[0] in slugs
        three += not set(guesses[:3]).isdisjoint(slugs)
    for query in off_subject():
        guesses = model.topics(query)
        weights.append(guesses[0].weight if guesses else 0.0)
    return {
        "queries": len(asked),
        "top-1": first / len(asked),
        "top-3": three / len(asked),
        "off subject above 0.3": float(np.mean(np.array(weights) > 0.3)),
        "p50 ms": 1e3 * float(np.percentile(times, 50)),
        "p95 ms": 1e3 * float(np.percentile(times, 95)),
        "model MB": model.memory / 1e6,
    }


def calibration(scores: Scores, truth: np.ndarray) -> Iterator[tuple[str, float, float, int]]:
    """By how sure the model was: the mean weight beside the share that was right."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares = powers / powers.sum(axis=1, keepdims=True)
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == truth
    for low in np.arange(0, 1, 0.2):
        inside = (sure >= low) & (sure < low + 0.2)
        if inside.any():
            yield (
                f"{low:.1f}-{low + 0.2:.1f}",
                float(sure[inside].mean()),
                float(right[inside].mean()),
                int(inside.sum()),
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--methods", choices=["all", "linear"], default="all")
    parser.add_argument("--cache", type=Path, default=Path("search_index/data/topic-model.npz"))
    parser.add_argument("--worst", type=int, default=0, help="also name the worst topics")
    options = parser.parse_args()
    print("held out:", {name: round(value, 3) for name, value in held_out(options.cache).items()}, flush=True)
    order = sorted(load_phrases())
    for name, scores, truth in cross_validated(options.folds, every=options.methods == "all"):
        print(f"{name:32s}", "  ".join(f"{k} {v:.3f}" for k, v in figures(scores, truth, order).items()), flush=True)
        if name.startswith("linear: words 1-2, p"):
            for band, sure, right, count in calibration(scores, truth):
                print(f"    weight {band}: mean {sure:.2f}, right {right:.2f} ({count})")
            if options.worst:
                _print_worst(scores, truth, order, options.worst)


def _print_worst(scores: Scores, truth: np.ndarray, order: Sequence[str], count: int) -> None:
    best = scores.argmax(axis=1)
    by_topic = sorted((float((best[truth == c] == c).mean()), slug) for c, slug in enumerate(order))
    print("    worst:", ", ".join(f"{slug} {share:.2f}" for share, slug in by_topic[:count]))


if __name__ == "__main__":
    main()
