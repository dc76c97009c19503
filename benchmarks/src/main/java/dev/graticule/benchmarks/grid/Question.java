package dev.graticule.benchmarks.grid;

import java.util.List;
import java.util.function.Function;

/**
 * A question to a grid: its SQL, the same for the engine and DuckDB, and the loop that answers it.
 *
 * @param number its number in tables and options
 * @param asked by whom, and of which layouts
 * @param skipped how many columns of the answer are not compared, since the loop does not find them
 * @param loop gives the rows of the answer that are compared, in any order
 * @param targets what is to be reached
 */
record Question(String number, String name, String sql, Asked asked, int skipped,
        Function<Floor, double[][]> loop, Targets targets) {

    /** Who is asked. */
    enum Asked {
        /** The engine, the loops, and DuckDB. */
        ALL,
        /** The same, and of the result only the rows are counted: it has millions. */
        ALL_DRAINED,
        /** There is no loop: nothing need be read. */
        NO_LOOP,
        /** Of the layout with different chunks only, and not DuckDB, whose table has no mask. */
        MIXED
    }

    /**
     * What is to be reached.
     *
     * @param floor whether the engine may need 1.5 times the loop's time on chunks that are not compressed, 1.3 times on others
     * @param duckDb how many times as fast as DuckDB; 0 where nothing is asked
     */
    record Targets(boolean floor, double duckDb) {
        private static final Targets NONE = new Targets(false, 0);

        double factor(Layout layout) {
            return layout.codec() == Layout.Codec.NONE ? 1.5 : 1.3;
        }
    }

    /** The questions of all comparisons. Anomalies against the mean by cell, the 13th, wait for joins. */
    static final List<Question> ALL = List.of(
            new Question("1", "global mean", "SELECT avg(t2m) FROM grid", Asked.ALL, 0, Floor::globalMean,
                    new Targets(true, 1)),
            new Question("2", "mean by latitude", "SELECT latitude, avg(t2m) FROM grid GROUP BY latitude", Asked.ALL,
                    0, Floor::meanByLatitude, new Targets(true, 5)),
            new Question("3", "mean by time", "SELECT time, avg(t2m) FROM grid GROUP BY time", Asked.ALL, 0,
                    Floor::meanByTime, new Targets(true, 5)),
            new Question("4", "mean by latitude, longitude and hour of day, under an outer mean", """
                    SELECT avg(mean) FROM (SELECT latitude, longitude, hour(time) AS hour, avg(t2m) AS mean FROM grid
                    GROUP BY latitude, longitude, hour(time)) AS means""", Asked.ALL, 0,
                    Floor::meanOfMeansByCellAndHour,
                    new Targets(true, 50)),
            new Question("4b", "the same means, all of them as Arrow", """
                    SELECT latitude, longitude, hour(time) AS hour, avg(t2m) AS mean FROM grid
                    GROUP BY latitude, longitude, hour(time)""", Asked.ALL_DRAINED, 0, Floor::meansByCellAndHour,
                    new Targets(true, 50)),
            new Question("5", "mean of rh where t2m > 280", "SELECT avg(rh) FROM grid WHERE t2m > 280", Asked.ALL, 0,
                    Floor::meanWhereWarm, new Targets(true, 1)),
            new Question("6", "count, min, max, mean and stddev by latitude of one day", """
                    SELECT latitude, count(t2m), min(t2m), max(t2m), avg(t2m), stddev(t2m) FROM grid
                    WHERE time >= TIMESTAMP '2020-01-31' AND time < TIMESTAMP '2020-02-01' GROUP BY latitude""",
                    Asked.ALL,
                    0, Floor::momentsOfDayByLatitude, new Targets(true, 5)),
            new Question("7", "mean of a box of 5 x 5 cells over all time", """
                    SELECT avg(t2m) FROM grid WHERE latitude BETWEEN 40 AND 41 AND longitude BETWEEN 10 AND 11""",
                    Asked.ALL, 0, floor -> floor.meanOfBox(40, 41, 10, 11), Targets.NONE),
            new Question("8", "monthly maximum by zone of 10 degrees", """
                    SELECT month(time) AS month, floor(latitude / 10) AS zone, max(t2m) FROM grid
                    GROUP BY month(time), floor(latitude / 10)""", Asked.ALL, 0, Floor::monthlyMaximumByZone,
                    new Targets(true, 5)),
            new Question("9", "mean by time, weighted by the cosine of latitude", """
                    SELECT time, sum(t2m * cos(radians(latitude))) / sum(cos(radians(latitude))) FROM grid
                    GROUP BY time""", Asked.ALL, 0, Floor::weightedMeanByTime, new Targets(true, 5)),
            new Question("10", "the ten hottest where it is dry", """
                    SELECT time, latitude, longitude, t2m - 273.15 AS celsius FROM grid WHERE t2m > 300 AND rh < 30
                    ORDER BY celsius DESC LIMIT 10""", Asked.ALL, 3, floor -> floor.hottestOfTheDry(10), Targets.NONE),
            new Question("11", "number of cells north of 60 N", "SELECT count(*) FROM grid WHERE latitude > 60",
                    Asked.NO_LOOP, 0, floor -> new double[0][], Targets.NONE),
            new Question("12", "share of humid cells by hour and zone", """
                    SELECT hour(time) AS hour, floor(latitude / 10) AS zone, avg(CASE WHEN rh > 90 THEN 1 ELSE 0 END)
                    FROM grid GROUP BY hour(time), floor(latitude / 10)""", Asked.ALL, 0,
                    Floor::shareOfHumidByHourAndZone, new Targets(false, 5)),
            new Question("14", "means of two variables in different chunks by latitude under a mask", """
                    SELECT latitude, avg(t2m), avg(rh) FROM grid WHERE mask = 1 GROUP BY latitude""", Asked.MIXED, 0,
                    Floor::meansByLatitudeOverLand, Targets.NONE));

    /** The questions with these numbers; all where there is none. */
    static List<Question> numbered(List<String> numbers) {
        return ALL.stream().filter(question -> numbers.isEmpty() || numbers.contains(question.number())).toList();
    }

    boolean isFor(Layout layout) {
        return (asked == Asked.MIXED) == (layout == Layout.MIXED);
    }

    boolean hasLoop() {
        return asked != Asked.NO_LOOP;
    }

    boolean hasDuckDb() {
        return asked != Asked.MIXED;
    }

    boolean isDrained() {
        return asked == Asked.ALL_DRAINED;
    }
}
