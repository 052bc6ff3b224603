"""Numbers for Prometheus."""

from __future__ import annotations

import os
import re

from app.api.metrics import BUCKETS, Metrics

LINE = re.compile(r'[a-z_]+(\{[a-z_]+="(?:[^"\\]|\\.)*"(,[a-z_]+="(?:[^"\\]|\\.)*")*\})? [0-9.e+-]+')


def test_the_text_is_well_formed_and_adds_up() -> None:
    metrics = Metrics()
    for seconds in (0.0005, 0.02, 60.0):
        metrics.add(method="GET", route="/search", status=200, seconds=seconds)
    metrics.add(method="BREW", route='/odd"\\\n', status=405, seconds=0.1)
    lines = list(metrics.lines({"waymark_index_up": 1.0}))
    assert all(line.startswith("# ") or LINE.fullmatch(line) for line in lines), lines
    pid = os.getpid()
    assert f'waymark_requests_total{{method="GET",route="/search",status="200",pid="{pid}"}} 3' in lines
    assert any('method="other"' in line for line in lines)
    buckets = [int(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("waymark_search_seconds_bucket")]
    assert buckets == sorted(buckets)
    assert len(buckets) == len(BUCKETS) + 1
    assert buckets[-1] == 3
    assert f'waymark_index_up{{pid="{pid}"}} 1' in lines
