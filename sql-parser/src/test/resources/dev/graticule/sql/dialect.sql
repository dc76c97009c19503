-- Every form of the dialect: each statement parses, and what AstPrinter makes of it gives the same tree.
-- A line that begins with "-- #" names what follows.
-- # select lists
SELECT 1;
SELECT DISTINCT a, b FROM t;
SELECT ALL a FROM t;
SELECT DISTINCT ON (a, b) a, b, c FROM t ORDER BY a;
SELECT *, t.*, s.t.* FROM s.t;
SELECT * EXCLUDE (a, t.b) FROM t;
SELECT * EXCLUDE a FROM t;
SELECT * EXCEPT (a) FROM t;
SELECT * REPLACE (a + 1 AS a, lower(b) AS b) FROM t;
SELECT t.* EXCLUDE (x) REPLACE (y * 2 AS y) RENAME (z AS w) FROM t;
SELECT * LIKE 'sea%', t.* NOT ILIKE '%x' ESCAPE '!' FROM t;
SELECT COLUMNS('t2m.*'), COLUMNS(* EXCLUDE (a)), min(COLUMNS(*)) FROM t;
SELECT a AS x, b y, c AS "Z z", d AS 'quoted', e AS select, f AS end FROM t;
SELECT a, b, FROM t;
SELECT #1, #2 FROM t;
-- # names
SELECT time, year, month, day, hour, minute, second, level, values, first, last, date, timestamp, depth, row, rows, position, range, groups, filter, over, at, escape, replace, interval, map, name, key, lambda FROM t;
SELECT t.left, t.order, t.end, "2m_temperature", "a ""b""", größe, 温度, _x1, a$b FROM "10m_wind";
SELECT hour(time), left(s, 2), right(s, 2), replace(s, 'a', 'b'), min(x), mod(a, b), if(a, b, c), first(x), date('2020-01-01'), interval FROM t;
SELECT a AS time, b AS values, c hour, d name FROM t AS level;
WITH values (a) AS (SELECT 1) SELECT values.a, interval FROM values AS row (interval), values AS position (a), values AS values (a);
-- # literals
SELECT NULL, TRUE, false, 0, 1, 1.5, .5, 5., 1e3, 1.5E-3, 0x1F, 0b101, 0o17, 1_000_000;
SELECT '', 'it''s', E'a\tb\'c\\d\u00e9\x41', $$it's$$, $tag$a $$ b$tag$, X'00ff';
SELECT 'a'
  'b'
  'c';
SELECT DATE '2020-01-01', TIME '12:00', TIMESTAMP '2020-01-01 00:00:00', TIMESTAMPTZ '2020-01-01', TIMESTAMP WITH TIME ZONE '2020-01-01', TIMESTAMP(3) '2020-01-01', smallint '0', int '1', decimal(10, 2) '1.25', DOUBLE PRECISION '1', character varying(3) 'abc', "MyType" 'x';
SELECT INTERVAL '1 day', INTERVAL 1 DAY, INTERVAL '1' HOUR, INTERVAL -2 MONTHS, INTERVAL (a + 1) minutes, INTERVAL '1-2' YEAR TO MONTH, INTERVAL ? DAY, INTERVAL 3 centuries;
SELECT ARRAY[1, 2, 3], [1, 2], [], [[1], [2, 3],], ARRAY(SELECT a FROM t), [x * 2 FOR x IN xs], [x FOR x, i IN xs IF i > 2];
SELECT {'a': 1, b: 2, "c d": [3]}, {}, MAP {'k': 1, 'l': 2}, ROW(1, 'a'), ROW(), (1, 2), (1,);
SELECT x[1], x[-1], x[1:2], x[:2], x[1:], x[:], x[1:5:2], x[:-:2], x[1:-:], x[a:b], (x).y, (x).y.z, x[1].y, f(x).y, x.y.z[1], (x.y)[1];
SELECT ?, $1, $2, $start, :finish, ? + ?;
-- # operators
SELECT a + b - c * d / e // f % g ^ h ** i, -a, +a, - - a, a || b, a & b | c # d << 1 >> 2, ~a, @a, 2 * ~a, a -> 'x' ->> 'y', a ^@ 'x', a @> b, a <@ b, a && b FROM t;
SELECT a = b, a == b, a <> b, a != b, a < b, a <= b, a > b, a >= b FROM t;
SELECT a AND b OR NOT c, NOT NOT a, a = NOT b FROM t;
SELECT a IS NULL, a IS NOT NULL, a ISNULL, a NOTNULL, a NOT NULL, a IS TRUE, a IS NOT FALSE, a IS UNKNOWN, a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b FROM t;
SELECT a BETWEEN 1 AND 2, a NOT BETWEEN b AND c, a BETWEEN SYMMETRIC 2 AND 1 AND b FROM t;
SELECT a IN (1, 2, 3,), a NOT IN (1), a IN (SELECT b FROM u), a IN [1, 2], a IN xs, a NOT IN f(x), (a, b) IN (SELECT c, d FROM u), a IN ((SELECT 1), 2) FROM t;
SELECT a LIKE 'x%', a NOT LIKE 'x', a ILIKE 'x', a LIKE 'x!%' ESCAPE '!', a SIMILAR TO 'x', a NOT SIMILAR TO 'x', a GLOB '*', a ~ 'x', a ~* 'x', a !~ 'x', a !~* 'x', a ~~ 'x', a !~~ 'x', a ~~* 'x', a !~~* 'x' FROM t;
SELECT a = ANY (SELECT b FROM u), a <> ALL (SELECT b FROM u), a < SOME (SELECT b FROM u), a = ANY ([1, 2]) FROM t;
SELECT a COLLATE "C", a COLLATE nocase || b, a AT TIME ZONE 'UTC', a::timestamp AT TIME ZONE 'UTC' AT TIME ZONE 'CET' FROM t;
SELECT CASE WHEN a THEN b WHEN c THEN d ELSE e END, CASE a WHEN 1 THEN 'x' END FROM t;
SELECT CAST(a AS INTEGER), TRY_CAST(a AS DOUBLE), a::bigint, a::decimal(10, 2)::varchar, a::int[], a::int[3][], a::int array, CAST(a AS STRUCT(x INTEGER, "y z" VARCHAR[])), CAST(a AS MAP(VARCHAR, INTEGER)), a::timestamp(6) with time zone, a::double precision, a::int unsigned, a::character varying(10), a::interval day to second, CAST(a AS interval year), CAST(a AS interval), a::s.my_type, CAST(a AS ROW(data ROW(x INT))) FROM t;
-- # functions
SELECT EXTRACT(year FROM d), EXTRACT('month' FROM d), extract(epoch FROM d - c), SUBSTRING(a FROM 2 FOR 3), SUBSTRING(a FROM 2), SUBSTRING(a FOR 3), substring(a, 2, 3), POSITION('x' IN a), position('x', a), TRIM(a), TRIM(BOTH 'x' FROM a), TRIM(LEADING FROM a), TRIM(TRAILING 'x' FROM a), TRIM('x' FROM a), trim(a, 'x'), OVERLAY(a PLACING 'x' FROM 2), OVERLAY(a PLACING 'x' FROM 2 FOR 3) FROM t;
SELECT current_date, CURRENT_TIMESTAMP, localtime, current_user, now();
SELECT count(), count(*), count(DISTINCT a), sum(ALL a), s.f(a), s.f(DISTINCT a) FILTER (WHERE b) FROM t;
SELECT sum(a) FILTER (WHERE b > 1), sum(a) FILTER (b > 1), string_agg(a, ',' ORDER BY b DESC NULLS LAST), percentile_cont(0.5) WITHIN GROUP (ORDER BY a), first(a IGNORE NULLS), first(a) RESPECT NULLS OVER w FROM t WINDOW w AS (ORDER BY b);
SELECT f(a => 1, b := 2, 3), list_transform(xs, x -> x + 1), list_reduce(xs, (x, y) -> x + y), list_filter(xs, lambda x, i : x > i), 'abc'.upper(), x[1].f(2), f((SELECT 1)), f((SELECT 1), 2), coalesce((SELECT 1) + 1) FROM t;
SELECT row_number() OVER (), rank() OVER w, sum(a) OVER (PARTITION BY b, c ORDER BY d DESC), sum(a) OVER (w ROWS 2 PRECEDING), sum(a) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE TIES), sum(a) OVER (ORDER BY d RANGE BETWEEN INTERVAL '1 day' PRECEDING AND 1 + 1 FOLLOWING EXCLUDE CURRENT ROW), sum(a) OVER (GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING EXCLUDE GROUP), sum(a) OVER (ROWS UNBOUNDED PRECEDING EXCLUDE NO OTHERS) FROM t WINDOW w AS (PARTITION BY b), v AS (w ORDER BY c);
SELECT (SELECT max(a) FROM t), ((SELECT 1)), (SELECT 1) + 1, ((SELECT 1) UNION (SELECT 2)), EXISTS (SELECT 1), NOT EXISTS (FROM t), EXISTS ((SELECT 1));
-- # from
SELECT * FROM t, s.t, c.s.t, 'x.zarr', "x.zarr", 'x' AS y, t u, t AS u (a, b), u v(a);
FROM t;
FROM t SELECT a WHERE b > 1;
FROM 'x.zarr' SELECT avg(t2m) GROUP BY ALL;
SELECT * FROM (SELECT 1) AS t(a), (VALUES (1, 'a'), (2, 'b')) v(x, y), (FROM t) w, ((SELECT 1) UNION ALL (SELECT 2)) u;
SELECT * FROM VALUES (1), (2) AS t(a);
SELECT * FROM read_zarr('x', table => 't', variables => ['a', 'b'], decode_times = false, axes := ['time']) AS z, range(10) WITH ORDINALITY r(a, b), LATERAL f(t.a), LATERAL (SELECT 1) l, s.f(1);
SELECT * FROM a JOIN b ON a.x = b.x INNER JOIN c USING (x, y) LEFT JOIN d ON TRUE LEFT OUTER JOIN e USING (z) RIGHT JOIN f ON a RIGHT OUTER JOIN g ON a FULL JOIN h ON a FULL OUTER JOIN i ON a CROSS JOIN j NATURAL JOIN k NATURAL LEFT JOIN l SEMI JOIN m ON a ANTI JOIN n USING (x) LEFT SEMI JOIN o ON a RIGHT ANTI JOIN p ON a ASOF JOIN q ON a >= b ASOF LEFT JOIN r ON a >= b POSITIONAL JOIN s;
SELECT * FROM a JOIN b JOIN c ON b.x = c.x ON a.x = b.x, (d CROSS JOIN e) AS de, ((f));
SELECT * FROM t TABLESAMPLE 10%, u TABLESAMPLE reservoir(50 ROWS) REPEATABLE (42), v TABLESAMPLE BERNOULLI (5), w x TABLESAMPLE 10 PERCENT (bernoulli, 7);
SELECT * FROM t USING SAMPLE 5;
SELECT * FROM t WHERE a USING SAMPLE reservoir(10 PERCENT);
-- # grouping, ordering, limits
SELECT a, sum(b) FROM t GROUP BY a;
SELECT a FROM t GROUP BY 1, (a, b), a + 1, (), ROLLUP (a, (b, c)), CUBE (a, b), GROUPING SETS ((a, b), a, (), ROLLUP (c)) HAVING count(*) > 1;
SELECT grouping(a) FROM t GROUP BY ALL;
SELECT a FROM t GROUP BY a, ORDER BY a,;
SELECT a FROM t QUALIFY row_number() OVER (ORDER BY a) = 1 ORDER BY a ASC NULLS FIRST, b DESC NULLS LAST, c NULLS FIRST;
SELECT a FROM t WINDOW w AS () QUALIFY rank() OVER w < 3;
SELECT a FROM t ORDER BY ALL;
SELECT a FROM t ORDER BY ALL DESC NULLS FIRST LIMIT 5 OFFSET 10;
SELECT a FROM t OFFSET 10 ROWS FETCH FIRST 5 ROWS ONLY;
SELECT a FROM t FETCH NEXT ROW WITH TIES;
SELECT a FROM t LIMIT 10 PERCENT;
SELECT a FROM t LIMIT 10%;
SELECT a FROM t LIMIT ALL OFFSET 2;
SELECT a FROM t LIMIT (SELECT 1) OFFSET $n;
-- # queries
SELECT 1 UNION SELECT 2 UNION ALL SELECT 3 INTERSECT SELECT 4 EXCEPT DISTINCT SELECT 5 UNION ALL BY NAME SELECT 6;
(SELECT 1 ORDER BY 1 LIMIT 1) UNION (SELECT 2) ORDER BY 1;
((SELECT 1));
VALUES (1, 'a'), (2, 'b'), ORDER BY 1;
VALUES ((SELECT 1)), ((SELECT 2));
TABLE s.t;
WITH a AS (SELECT 1), b (x, y) AS MATERIALIZED (SELECT 1, 2), c AS NOT MATERIALIZED (FROM a) SELECT * FROM a, b, c;
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 10) FROM r;
WITH a AS (WITH b AS (SELECT 1) FROM b) (SELECT 1) UNION (FROM a);
WITH values AS (SELECT 1) SELECT * FROM values;
/* a comment /* inside a comment */ still */ SELECT /* here too */ 1 -- and here
;
-- # statements
CREATE TABLE t (a INTEGER, b VARCHAR NOT NULL, c DOUBLE DEFAULT 1.5, d DATE PRIMARY KEY, e TEXT UNIQUE,);
CREATE EXTERNAL TABLE era5 STORED AS ZARR LOCATION 'data/era5.zarr' OPTIONS (axes ('time', 'lat'), 'decode_times' 'false', nan_as_null => false, group = 'a/b', drop_variables := ['x'], flag, scan.batch 10);
CREATE OR REPLACE TEMP TABLE IF NOT EXISTS s.t AS SELECT 1;
CREATE TABLE t (a, b) AS VALUES (1, 2) WITH NO DATA;
CREATE OR REPLACE VIEW v (a, b) AS SELECT 1, 2;
CREATE TEMPORARY VIEW IF NOT EXISTS v AS FROM t;
DROP TABLE IF EXISTS a, s.b CASCADE;
DROP VIEW v;
SHOW TABLES; SHOW ALL TABLES; SHOW TABLES FROM s; SHOW COLUMNS FROM t; SHOW COLUMNS IN 'x.zarr'; SHOW FUNCTIONS; SHOW ALL; SHOW memory_limit; SHOW datafusion.execution.batch_size;
DESCRIBE t; DESC s.t; DESCRIBE 'x.zarr'; DESCRIBE SELECT 1; DESCRIBE TABLE t; DESCRIBE read_zarr('x');
SUMMARIZE t; SUMMARIZE 'x.zarr'; SUMMARIZE SELECT 1; SUMMARIZE FROM t;
EXPLAIN SELECT 1; EXPLAIN ANALYZE FROM t; EXPLAIN (format json) SELECT 1; EXPLAIN (SELECT 1);
ATTACH 'era5.zarr' AS era5; ATTACH IF NOT EXISTS 'x' AS y (TYPE zarr, READ_ONLY); ATTACH DATABASE 'x'; DETACH era5; DETACH DATABASE IF EXISTS era5;
COPY (SELECT 1) TO 'x.parquet' (FORMAT parquet, COMPRESSION 'zstd'); COPY s.t (a, b) TO 'x.csv' WITH (HEADER true, DELIMITER ','); COPY t TO 'x' STORED AS CSV OPTIONS (header false); COPY 'x.zarr' (a, b) TO 'x.csv'; COPY 'x.zarr' TO 'x.csv';
SET threads = 4; SET SESSION memory_limit TO '1GB'; SET GLOBAL a.b = on; SET LOCAL x = 'a', 'b'; SET TIME ZONE 'UTC'; SET x = DEFAULT; SET time = 1;
RESET threads; RESET ALL; RESET SESSION a.b;
PREPARE q AS SELECT $1 + ?; EXECUTE q(1, 'a'); EXECUTE q(x := 1); EXECUTE q; DEALLOCATE q; DEALLOCATE PREPARE q;
USE s; USE c.s;
INSERT INTO t VALUES (1); INSERT INTO t (a, b) SELECT 1, 2; INSERT INTO t (SELECT 1); INSERT INTO t DEFAULT VALUES;
UPDATE t SET a = 1, b = b + 1 WHERE c; DELETE FROM t; DELETE FROM s.t WHERE a > 1;

-- looking at tables inside of queries
SELECT column_name FROM (DESCRIBE t) AS d WHERE d.column_type = 'REAL';
FROM (SUMMARIZE 'x.zarr');
WITH tables AS (SHOW ALL TABLES) SELECT name FROM tables;
SELECT count(*) FROM (SHOW FUNCTIONS) JOIN (SHOW ALL) USING (name);
DESCRIBE TABLE 'x.zarr';
SUMMARIZE TABLE 'x.zarr';
EXPLAIN VERBOSE SELECT 1;
EXPLAIN ANALYZE VERBOSE FORMAT tree SELECT 1;
SET threads = DEFAULT;
SET SESSION threads TO DEFAULT;
ATTACH OR REPLACE 'x.zarr' AS x;
PREPARE q(INTEGER, DECIMAL(10, 2), VARCHAR[]) AS SELECT $1, $2, $3;

-- recursion
WITH RECURSIVE r(n, v) USING KEY (n) AS (SELECT 1, 2 UNION SELECT n + 1, v FROM r) SELECT * FROM r;
WITH RECURSIVE r(n) AS (SELECT 1) SEARCH DEPTH FIRST BY n, m SET place SELECT * FROM r;
WITH RECURSIVE r(n) AS (SELECT 1) SEARCH BREADTH FIRST BY n SET place CYCLE n SET seen USING path SELECT * FROM r;
WITH RECURSIVE r(n) AS (SELECT 1) CYCLE n, m SET seen TO 'Y' DEFAULT 'N' USING path, s AS (SELECT 2) SELECT * FROM r;

-- quantifiers, fields, types, operators
SELECT a LIKE ANY ('a%', 'b%'), a NOT ILIKE ALL (ARRAY['a', 'b']), a SIMILAR TO SOME (SELECT p FROM patterns), a = ANY (1, 2);
SELECT a < ALL (x), a >= SOME ([1, 2]), a GLOB ANY (x);
SELECT (x).*, (s.b).c.*, (ROW(1, 2)).*, f(x).* FROM t;
SELECT 5!, a! + -b!, (a + b)! FROM t;
SELECT 'sad'::ENUM('sad', 'o''k'), CAST(1 AS UNION(number INTEGER, text VARCHAR)), x::UNION(a INT)[];
SELECT *COLUMNS(*), coalesce(*COLUMNS('t.*')), a *COLUMNS FROM t;
SELECT U&'d\0061t\+000061', U&'d!0061t!!' UESCAPE '!', U&"d\0061ta" FROM t;
SELECT a FROM t GROUP BY DISTINCT ROLLUP (a, b), CUBE (c);
SELECT a FROM t GROUP BY ALL ROLLUP (a), b;
SELECT a FROM t ORDER BY a USING >, b USING < NULLS FIRST;

-- the words of these forms are names everywhere else
SELECT format, verbose, search, depth, breadth, cycle, t.cycle, uescape, columns FROM search cycle, depth AS verbose;
SELECT * EXCLUDE (format, depth), u & 'x' FROM format WHERE verbose = cycle AND search < depth;
SELECT analyze format, explain format FROM t;
PREPARE p AS EXPLAIN ANALYZE VERBOSE FORMAT json SELECT 1;

SELECT a FROM t LIMIT (SELECT n FROM u) %;
SELECT a FROM t LIMIT (1 + 4) % 3 OFFSET 10 % 3;
SELECT * AS a, t.* AS 'b', * LIKE 'c%' ESCAPE '!' AS c FROM t;
SHOW SELECT a FROM t;
