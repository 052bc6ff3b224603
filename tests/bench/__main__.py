"""Every benchmark, one after the other: `make bench`."""

from __future__ import annotations

from tests.bench import (
    bench_advice,
    bench_booking,
    bench_http,
    bench_outcomes,
    bench_query,
    bench_referrals,
    bench_text,
)

SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    for size in SIZES:
        bench_text.measure(size, 300)
    bench_query.main(SIZES)
    bench_http.main(10_000)
    bench_referrals.main()
    bench_booking.main()
    bench_advice.main()
    bench_outcomes.main()


if __name__ == "__main__":
    main()
