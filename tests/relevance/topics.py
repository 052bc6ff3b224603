"""How well lay words are understood: cross-validation over the lexicon's phrases, and queries of their own.

    python -m tests.relevance.topics [--folds 10] [--methods all|linear]

Each fold's phrases are left out of everything that learns. "near" counts a parent or child of the right topic as right.
"""

import argparse
import csv
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from search_index.lexicon import load_or_train, load_phrases, load_terms
from search_index.lexicon.phrases import load_background
from search_index.lexicon.training import Rows, fit, rows_of, truths, vocabulary

HERE = Path(__file__).parent
TREE = HERE.parents[1] / "seed" / "reference" / "topics.tsv"
Scores = np.ndarray
Method = Callable[[Rows, np.ndarray, Rows, int, int], Scores]


def topic_tree() -> tuple[dict[str, str], dict[str, str | None]]:
    with TREE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {row["slug"]: row["label"] for row in rows}, {row["slug"]: row["parent"] or None for row in rows}


def queries() -> list[tuple[str, list[str]]]:
    lines = (HERE / "topic_queries.tsv").read_text("utf-8").splitlines()
    return [(query, slugs.split(",")) for query, _, slugs in (line.partition("\t") for line in lines)]


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


def summed(rows: Rows, classes: np.ndarray, width: int, count: int) -> np.ndarray:
    sums = np.zeros((width, count), np.float32)
    row_of = np.repeat(np.arange(len(classes)), np.diff(rows.ends))
    np.add.at(sums, (rows.columns, classes[row_of]), rows.values)
    return sums


def centroid(known: Rows, classes: np.ndarray, asked: Rows, width: int, count: int) -> Scores:
    sums = summed(known, classes, width, count)
    return asked.times(sums / (np.linalg.norm(sums, axis=0) + 1e-9))


def neighbours(known: Rows, classes: np.ndarray, asked: Rows, width: int, count: int) -> Scores:
    """The 15 nearest texts, weighed by the square of their likeness: on words alone, idf-weighted overlap."""
    turned = known.turned(width)
    scores = np.zeros((len(asked.ends) - 1, count), np.float32)
    for row, (start, end) in enumerate(zip(asked.ends[:-1], asked.ends[1:], strict=True)):
        like = np.zeros(len(classes), np.float32)
        for column, value in zip(asked.columns[start:end], asked.values[start:end], strict=True):
            span = slice(turned.ends[column], turned.ends[column + 1])
            like[turned.columns[span]] += value * turned.values[span]
        best = np.argpartition(-like, 15)[:15]
        np.add.at(scores[row], classes[best], like[best] ** 2)
    return scores


def bayes(known: Rows, classes: np.ndarray, asked: Rows, width: int, count: int) -> Scores:
    sums = summed(known, classes, width, count) + 0.001
    return asked.times(np.log(sums / sums.sum(axis=0)).astype(np.float32))


def linear(known: Rows, classes: np.ndarray, asked: Rows, width: int, count: int) -> Scores:
    weights = fit(known, truths([[number] for number in classes.tolist()], count), width=width)
    return asked.times(weights[:-1]) + weights[-1]


def standard(scores: Scores) -> Scores:
    return (scores - scores.mean(axis=1, keepdims=True)) / (scores.std(axis=1, keepdims=True) + 1e-9)


def fold_scores(
    texts: Sequence[str], classes: np.ndarray, asked: Sequence[str], count: int, *, every: bool
) -> dict[str, Scores]:
    """Each method's scores; the last class, "nothing", is dropped."""
    known = vocabulary(texts)
    width = len(known.numbers)
    learn, ask = rows_of(texts, known), rows_of(asked, known)
    found = {"linear: words 1-2, pieces 3-5": linear(learn, classes, ask, width, count)}
    if every:
        kind = np.array([name[0] in "wp" for name in known.numbers])
        pieces = np.array([name[0] not in "wpx" or (len(name) <= 5 and name[0] == "_") for name in known.numbers])
        single = np.array([name[0] == "w" for name in known.numbers])
        found["word overlap, 15 nearest"] = neighbours(only(learn, single), classes, only(ask, single), width, count)
        found["pieces, centroid"] = centroid(only(learn, pieces), classes, only(ask, pieces), width, count)
        found["pieces, 15 nearest"] = neighbours(only(learn, pieces), classes, only(ask, pieces), width, count)
        found["naive Bayes: all"] = bayes(learn, classes, ask, width, count)
        found["linear: words 1-2 only"] = linear(only(learn, kind), classes, only(ask, kind), width, count)
        first = found["linear: words 1-2, pieces 3-5"]
        found["linear + half naive Bayes"] = standard(first) + 0.5 * standard(found["naive Bayes: all"])
    return {name: scores[:, :-1] for name, scores in found.items()}


def cross_validated(folds: int, *, every: bool) -> Iterator[tuple[str, Scores, np.ndarray]]:
    """By method: the scores of every phrase when it was left out, and the true classes."""
    labels, _ = topic_tree()
    phrases, terms = load_phrases(), load_terms()
    order = sorted(phrases)
    left_out = [(text, i) for i, slug in enumerate(order) for text in phrases[slug]]
    always = [(text, i) for i, slug in enumerate(order) for text in (labels.get(slug, slug), *terms.get(slug, ()))]
    always += [(text, len(order)) for text in load_background()]
    places = np.random.RandomState(0).permutation(len(left_out))
    gathered: dict[str, list[Scores]] = {}
    for fold in range(folds):
        out = set(places[fold::folds].tolist())
        learn = [pair for i, pair in enumerate(left_out) if i not in out] + always
        asked = [left_out[i][0] for i in places[fold::folds]]
        scores = fold_scores([t for t, _ in learn], np.array([c for _, c in learn]), asked, len(order) + 1, every=every)
        for name, found in scores.items():
            gathered.setdefault(name, []).append(found)
    truth = np.array([left_out[i][1] for fold in range(folds) for i in places[fold::folds]])
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
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--methods", choices=["all", "linear"], default="all")
    parser.add_argument("--cache", type=Path, default=Path("search_index/data/topics.npz"))
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
