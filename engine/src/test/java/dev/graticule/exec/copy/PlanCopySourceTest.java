package dev.graticule.exec.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.bind.Binding;
import dev.graticule.plan.LogicalPlan;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which columns of a query are the coordinates of axes. */
final class PlanCopySourceTest {
    private final Binding binding = new Binding();

    private List<String> axes(String sql) {
        LogicalPlan plan = binding.plan(sql);
        return IntStream.range(0, plan.output().size())
                .mapToObj(column -> AxisOfColumn.find(plan, column).map(found -> found.column(plan))
                        .map(found -> found.axis().name() + (found.computed() ? "*" : "")).orElse("-"))
                .toList();
    }

    @Test
    void a_selected_axis_is_known_by_any_name_and_through_filters_orders_and_limits() {
        assertEquals(List.of("latitude", "-", "time"), axes("SELECT latitude AS y, t2m, time FROM grid"));
        assertEquals(List.of("latitude", "-"),
                axes("SELECT y, v FROM (SELECT latitude AS y, t2m AS v FROM grid WHERE t2m > 0) ORDER BY v LIMIT 3"));
    }

    @Test
    void a_key_of_a_group_is_known() {
        assertEquals(List.of("-", "longitude"), axes("SELECT avg(t2m), longitude FROM grid GROUP BY longitude"));
        assertEquals(List.of("time*", "-", "latitude", "-"), axes(
                "SELECT hour(time), hour(time) + 1, latitude, count(*) FROM grid GROUP BY hour(time), latitude"));
    }

    @Test
    void only_rows_of_a_scan_come_in_the_order_of_its_first_axis() {
        for (String sql : List.of("SELECT time FROM grid WHERE t2m > 0 LIMIT 5", "SELECT time FROM grid ORDER BY time",
                "SELECT latitude FROM grid", "SELECT time FROM grid GROUP BY time")) {
            LogicalPlan plan = binding.plan(sql);
            assertEquals(sql.endsWith("5"), AxisOfColumn.find(plan, 0).orElseThrow().column(plan).ordered(), sql);
        }
    }

    @Test
    void what_is_computed_is_no_axis() {
        assertEquals(List.of("-", "-"), axes("SELECT latitude + 1, hour(time) FROM grid"));
        assertEquals(List.of("-"), axes("SELECT latitude FROM grid UNION ALL SELECT latitude FROM grid"));
        assertEquals(List.of("-"), axes("SELECT a FROM t"));
    }
}
