"""Panels, recomputed by SQL in DuckDB over the compiled Parquet and compared cell by cell.

The SQL shares nothing with the package but the files: evidence as of a day, dyads and directions by
the tables of roles, placement, flags and the zeros of the ledger are written anew from the codebook
and docs/panels.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

import crink_events as ce
from tests.compiled import data_from, invented_coverage, release_with

TABLES = ("events", "participants", "claims", "sources", "actors", "coverage", "codes")

#: Who speaks, and what of it stands, on a day.
EVIDENCE = """
create or replace temp table root as
with recursive up(actor, top) as (
  select actor_id, actor_id from actors
  union all
  select up.actor, a.parent from up join actors a on a.actor_id = up.top where a.parent is not null
)
select actor, case when top = 'SUN' then 'RUS' else top end as top
from up join actors a on a.actor_id = up.top where a.parent is null;

create or replace temp table side as
select distinct e.event_id, r.top as side
from events e join participants p using (event_id) join root r on r.actor = p.actor_id
where e.act in ('designate', 'interdict', 'disclose', 'assess', 'vote') and p.role = 'authority'
union
select distinct e.event_id, replace(p.actor_id, 'SUN', 'RUS')
from events e join participants p using (event_id)
where e.act not in ('designate', 'interdict', 'disclose', 'assess', 'vote')
  and p.actor_id in ('CHN', 'RUS', 'SUN', 'IRN', 'PRK')
  and p.role in ('host', 'participant', 'signatory', 'supplier', 'recipient', 'sender', 'initiator',
    'proposer', 'facilitator', 'mediator', 'acceding', 'guest', 'ratifier');

create or replace temp table said as
with firm as (
  select distinct p.event_id, a.actor_id as firm, a.iso3
  from participants p, unnest(p.via) as v(firm) join actors a on a.actor_id = v.firm
  where a.kind = 'firm' and a.state_owned
), spoken as (
  select c.*, a.kind, s.publisher_id,
    case when a.kind <> 'firm' then r.top else coalesce(f.iso3, c.claimant_id) end as speaker
  from claims c join actors a on a.actor_id = c.claimant_id join root r on r.actor = c.claimant_id
    join sources s using (source_id)
    left join firm f on f.event_id = c.event_id and f.firm = c.claimant_id
  where c.about = 'occurrence' and c.public_on <= $day
), named as (
  select *, case when claimant_id = 'PRESS' then 'PRESS ' || publisher_id else claimant_id end as alone
  from spoken
)
select n.event_id, n.stance, n.public_on, n.basis, n.kind, side.side is not null as is_side,
  coalesce('side ' || side.side, n.alone) as voice, coalesce(n.origin, n.alone) as origin
from named n left join side on side.event_id = n.event_id and side.side = n.speaker;

create or replace temp table voice as
select event_id, voice, bool_or(is_side) as is_side, bool_or(stance = 'asserts') as had,
  arg_max(stance, (public_on, case stance when 'asserts' then 2 when 'denies' then 1 else 0 end))
    filter (where stance in ('asserts', 'denies', 'retracts')) as now
from said group by all;

create or replace temp table known as
with v as (
  select event_id, count(*) filter (had) as had,
    count(*) filter (had and now <> 'asserts') as back,
    count(*) filter (is_side and now = 'asserts') as admit,
    count(*) filter (is_side and now = 'denies') as deny,
    count(*) filter (now = 'asserts') as stand
  from voice group by 1
), s as (
  select said.event_id, count(distinct origin) as origins,
    bool_or(not said.is_side and basis in ('document', 'imagery', 'wreckage', 'customs', 'tracking',
      'leak', 'record')) as documented,
    bool_or(not said.is_side and kind in ('state', 'organ', 'igo', 'coalition')) as assessed
  from said join voice using (event_id, voice)
  where stance = 'asserts' and now = 'asserts' group by 1
), n as (select event_id, count(*) as sides from side group by 1),
a as (select distinct event_id from said where stance = 'announces')
select v.event_id, case
  when had > 0 and had = back then 'retracted'
  when sides > 0 and admit = sides then 'acknowledged'
  when deny > 0 and stand > 0 then 'contested'
  when admit > 0 then 'partly_acknowledged'
  when documented then 'documented'
  when assessed then 'assessed'
  when origins > 1 then 'corroborated'
  when origins = 1 then 'single_source'
  when a.event_id is not null then 'announced' end as evidence
from v left join s using (event_id) left join n using (event_id) left join a using (event_id);
"""

#: Who an act counts for: pairs by the table of roles, and which way they go.
TIES = """
create or replace temp table pair as
with four(state, cow) as (values ('RUS', 365), ('IRN', 630), ('CHN', 710), ('PRK', 731)),
mutual(role) as (values ('host'), ('participant'), ('signatory'), ('supplier'), ('recipient'),
  ('sender'), ('initiator'), ('target'), ('proposer'), ('facilitator'), ('mediator'), ('acceding'),
  ('ratifier'), ('counterparty')),
voter(role) as (values ('voted_for'), ('voted_against'), ('vetoed'), ('abstained'), ('not_voting')),
goes(one, two) as (values ('supplier', 'recipient'), ('sender', 'host'), ('initiator', 'target'),
  ('ratifier', 'counterparty'), ('voted_for', 'subject'), ('voted_against', 'subject'),
  ('vetoed', 'subject'), ('abstained', 'subject'), ('not_voting', 'subject')),
held as (
  select distinct event_id, replace(actor_id, 'SUN', 'RUS') as state, role::varchar as role
  from participants where actor_id in ('CHN', 'RUS', 'SUN', 'IRN', 'PRK')
), met as (
  select a.event_id, a.state as one, b.state as two, a.role as r1, b.role as r2, e.act,
    exists (select 1 from goes g where g.one = a.role and g.two = b.role) as there
  from held a join held b on a.event_id = b.event_id and a.state <> b.state
    join events e on e.event_id = a.event_id
), paired as (
  select distinct event_id, least(one, two) as lo, greatest(one, two) as hi from met
  where (r1 in (from mutual) and r2 in (from mutual) and act <> 'vote')
    or (r1 = 'guest' and r2 = 'host')
    or (r1 in (from voter) and r2 = 'subject')
    or (r1 = 'subject' and r2 = 'subject' and act in ('designate', 'interdict', 'disclose', 'assess'))
)
select m.event_id, lo || '-' || hi as dyad, one, two, bool_or(there) as there
from met m join paired p
  on p.event_id = m.event_id and p.lo = least(one, two) and p.hi = greatest(one, two)
group by all;

create or replace temp table tie as
select event_id, 'dyad' as unit, dyad as id, dyad from pair where one < two
union all
select a.event_id, 'directed_dyad', a.one || '>' || a.two, a.dyad
from pair a join pair b on a.event_id = b.event_id and a.one = b.two and a.two = b.one
where a.there or not b.there
union all
select distinct event_id, 'actor', one, null from pair
"""

#: One row for each unit, period and category, whatever was found there.
PANEL = """
with act as (
  select e.*, k.evidence as known_as, date_trunc($part, start_date) as period,
    status in ('proposed', 'announced', 'cancelled', 'lapsed', 'not_occurred')
      or k.evidence is not distinct from 'announced' as planned,
    end_date is null or date_trunc($part, end_date) > date_trunc($part, start_date) as crosses,
    (select count(distinct dyad) from pair p where p.event_id = e.event_id) > 1 as many
  from events e join known k using (event_id)
  where record_status = 'active' and start_date between $since and $until
    and (len($domains) = 0 or list_contains($domains, domain::varchar))
), cell as (
  select u.id, period, greatest(period, $since) as first, category,
    least(period + to_months($months) - interval 1 day, $until) as last
  from (select distinct id from tie where unit = $unit
        union select unnest($ids)) u,
    (select unnest(generate_series(date_trunc($part, $since), $until::timestamp,
      to_months($months))) as period),
    (select unnest($categories) as category)
), found as (
  select id, period, {category} as category,
    count(*) filter (not planned and known_as in ('acknowledged', 'documented')) as n_strict,
    count(*) filter (not planned and known_as in ('acknowledged', 'documented',
      'partly_acknowledged', 'assessed', 'corroborated')) as n_standard,
    count(*) filter (not planned) as n_broad,
    count(*) filter (not planned and date_precision <> 'day') as n_imprecise,
    count(*) filter (not planned and known_as = 'contested') as n_contested,
    count(*) filter (not planned and known_as = 'retracted') as n_retracted,
    count(*) filter (not planned and crosses) as n_crossing,
    count(*) filter (not planned and many) as n_multilateral,
    count(*) filter (planned) as n_proposed
  from act join tie using (event_id) where unit = $unit group by all
), domain as (
  select code as domain from codes
  where vocabulary = 'domain' and (len($domains) = 0 or list_contains($domains, code))
), dyad as (select code as dyad from codes where vocabulary = 'dyad'),
-- Domains and dyads that a row of the panel sums over; each of their days must have been searched.
demand as (
  select distinct id, category, domain, dyad from cell, domain, dyad
  where (dyad = id or (id[4:4] = '>' and id[1:3] in (dyad[1:3], dyad[5:7])
      and id[5:7] in (dyad[1:3], dyad[5:7]))
      or (len(id) = 3 and id in (dyad[1:3], dyad[5:7])))
    and ($by <> 'domain' or domain = category)
), day as (
  select unnest(generate_series($since::timestamp, $until::timestamp, interval 1 day)) as day
), looked as (
  select domain::varchar as domain, dyad::varchar as dyad, day from coverage, day
  where tier in ('systematic', 'targeted') and day between period_start and period_end
), full_days as (
  select domain, dyad, date_trunc($part, day) as period, count(distinct day) as n from looked
  group by all
), covered as (
  select id, period, category, first, last, bool_and(coalesce(n, 0) = last::date - first::date + 1)
    as covered
  from cell join demand using (id, category) left join full_days using (domain, dyad, period)
  group by all
)
select id, period, category, covered, {columns}
from covered left join found using (id, period, category)
order by all
"""
FLAGS = ("n_imprecise", "n_contested", "n_retracted", "n_crossing", "n_multilateral")
OWN = ("n_strict", "n_standard", "n_broad", "n_proposed")
COUNTS = ("n_strict", "n_standard", "n_broad", *FLAGS, "n_proposed")
MONTHS = {"Y": ("year", 12), "Q": ("quarter", 3), "M": ("month", 1)}
UNITS = {
    "dyad": ["CHN-IRN", "CHN-PRK", "CHN-RUS", "IRN-PRK", "IRN-RUS", "PRK-RUS"],
    "actor": ["CHN", "IRN", "PRK", "RUS"],
    "directed_dyad": [f"{a}>{b}" for a in ("CHN", "IRN", "PRK", "RUS")
                      for b in ("CHN", "IRN", "PRK", "RUS") if a != b],
}  # fmt: skip


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give this dataset with a ledger in which some cells are zeros."""
    folder = release_with(tmp_path_factory.mktemp("panels"), "coverage", invented_coverage)
    with data_from(folder):
        yield folder


@pytest.fixture(scope="module")
def sql(build: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for name in TABLES:
            path = build / f"{name}.parquet"
            connection.execute(f"create view {name} as from read_parquet('{path}')")
        connection.execute(TIES)
        yield connection


def by_sql(
    sql: duckdb.DuckDBPyConnection,
    freq: str,
    unit: str,
    by: str | None,
    since: str,
    until: str,
    as_of: str | None,
    domains: list[str],
) -> pd.DataFrame:
    for statement in sql.extract_statements(EVIDENCE):
        day = {"day": pd.Timestamp(as_of or "9999-12-31").date()}
        sql.execute(statement, day if "$day" in statement.query else None)
    part, months = MONTHS[freq]
    categories = [""]
    if by is not None:
        codes = sql.execute("select code from codes where vocabulary = $1", [by]).fetchall()
        categories = [code for (code,) in codes]
        categories = domains if by == "domain" and domains else categories
    columns = [
        f"case when coalesce({name}, 0) > 0 or covered then coalesce({name}, 0) end as {name}"
        for name in OWN
    ] + [
        f"case when coalesce(n_broad, 0) > 0 or covered then coalesce({name}, 0) end as {name}"
        for name in FLAGS
    ]
    query = PANEL.format(category=f"{by}::varchar" if by else "''", columns=", ".join(columns))
    given: dict[str, Any] = {
        "part": part,
        "months": months,
        "unit": unit,
        "ids": UNITS[unit],
        "by": by or "",
        "categories": categories,
        "domains": domains,
        "since": pd.Timestamp(since).date(),
        "until": pd.Timestamp(until).date(),
    }
    used = {name: value for name, value in given.items() if f"${name}" in query}
    frame: pd.DataFrame = sql.execute(query, used).df()
    return frame


def by_library(frame: pd.DataFrame, unit: str, by: str | None) -> pd.DataFrame:
    if unit == "actor":
        ids = frame["iso3"]
    elif unit == "dyad":
        ids = frame["dyad"].astype("str")
    else:
        ids = frame["iso3_1"] + ">" + frame["iso3_2"]
    out = frame[["period_start", "covered", *COUNTS]].rename(columns={"period_start": "period"})
    return out.assign(id=ids, category=frame[by].astype("str") if by else "")


CASES = [
    ("Y", "dyad", None, "2000-01-01", "2026-06-30", None, []),
    ("Q", "dyad", None, "2018-01-01", "2026-06-30", None, []),
    ("M", "dyad", None, "2022-02-24", "2026-03-15", None, []),
    ("Y", "directed_dyad", None, "2000-01-01", "2026-06-30", None, []),
    ("M", "directed_dyad", None, "2021-01-01", "2025-12-31", None, []),
    ("Y", "actor", None, "2000-01-01", "2026-06-30", None, []),
    ("Q", "actor", "valence", "2012-01-01", "2026-06-30", None, []),
    ("Y", "dyad", "act", "2000-01-01", "2026-06-30", None, []),
    ("Y", "directed_dyad", "act", "2000-01-01", "2026-06-30", None, []),
    ("Y", "dyad", "domain", "2000-01-01", "2026-06-30", None, []),
    ("Q", "directed_dyad", "domain", "2015-01-01", "2026-06-30", None, []),
    ("M", "actor", "domain", "2019-05-02", "2022-04-30", None, []),
    ("M", "dyad", "valence", "2022-01-01", "2025-12-31", None, ["defence"]),
    ("Y", "actor", None, "2000-01-01", "2026-06-30", None, ["defence", "arms"]),
    ("Y", "dyad", "domain", "2010-07-01", "2024-10-31", "2024-10-31", ["defence", "arms"]),
    ("Y", "dyad", None, "2000-01-01", "2026-06-30", "2024-10-20", []),
    ("M", "directed_dyad", None, "2022-01-01", "2024-12-31", "2024-10-31", []),
    ("Q", "actor", "act", "2022-01-01", "2023-09-01", "2023-09-01", []),
    ("Y", "dyad", "valence", "1961-01-01", "2023-01-01", "2023-01-01", []),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))
def test_every_cell_is_what_sql_says(
    sql: duckdb.DuckDBPyConnection,
    case: tuple[str, str, str | None, str, str, str | None, list[str]],
) -> None:
    freq, unit, by, since, until, as_of, domains = case
    frame = ce.panel(
        freq, unit, by=by, since=since, until=until, as_of=as_of, domain=domains or None
    )
    expected = by_sql(sql, freq, unit, by, since, until, as_of, domains)
    names = ["id", "period", "category", "covered", *COUNTS]
    found = by_library(frame, unit, by)[names].sort_values(names[:3], ignore_index=True)
    dtypes = {"period": "datetime64[ms]", **dict.fromkeys(COUNTS, "Int64")}
    expected = expected[names].astype(dtypes).sort_values(names[:3], ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, check_flags=False, check_dtype=False)
    assert (frame["n_broad"] > 0).any()


@pytest.mark.usefixtures("build")
def test_the_cases_hold_zeros_missing_values_and_every_flag() -> None:
    """Were a kind of cell absent from the data, comparing it would say nothing."""
    frames = [
        ce.panel(freq, unit, by=by, since=since, until=until, as_of=as_of, domain=domains or None)
        for freq, unit, by, since, until, as_of, domains in CASES
    ]
    for name in COUNTS:
        columns = [frame[name] for frame in frames]
        assert any((column > 0).any() for column in columns), name
        assert any((column == 0).any() for column in columns), name
        assert any(column.isna().any() for column in columns), name
    assert any((~frame["covered"] & (frame["n_broad"] > 0)).any() for frame in frames)
    assert any((frame["covered"] & (frame["n_broad"] == 0)).any() for frame in frames)


def test_evidence_of_the_release_is_what_sql_says(sql: duckdb.DuckDBPyConnection) -> None:
    for statement in sql.extract_statements(EVIDENCE):
        day = {"day": pd.Timestamp("9999-12-31").date()}
        sql.execute(statement, day if "$day" in statement.query else None)
    known = dict(sql.execute("select event_id, evidence from known").fetchall())
    events = ce.load_events(inactive=True)
    told = {
        event: code if isinstance(code, str) else None
        for event, code in zip(events["event_id"], events["evidence"], strict=True)
    }
    assert told == known


def test_dyads_of_the_release_are_what_sql_says(sql: duckdb.DuckDBPyConnection) -> None:
    rows = sql.execute(
        "select event_id, list_sort(list(dyad)) from tie where unit = 'dyad' group by 1"
    )
    known = dict(rows.fetchall())
    events = ce.load_events(inactive=True)
    told = {
        event: pairs
        for event, pairs in zip(events["event_id"], events["dyads"], strict=True)
        if pairs
    }
    assert told == known
