package dev.graticule.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Values;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Comparison;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Strings of all lengths about eight bytes, alike at their beginnings and ends, are equal where {@code String.equals} says so. */
final class EqualStringsTest {
    private static final String LETTERS = "aaaaaaaab";
    private static final int ROWS = 333;
    private static final int FIRST = 5;

    @ParameterizedTest
    @EnumSource(names = {"EQUAL", "NOT_EQUAL", "DISTINCT", "NOT_DISTINCT"})
    void aColumnIsComparedWithAConstantOnEitherSide(Comparison.Operator operator) {
        Random random = new Random(operator.ordinal());
        for (int length = 0; length <= 18; length++) {
            String wanted = text(random, length);
            try (RootAllocator allocator = new RootAllocator();
                    VarCharVector vector = new VarCharVector("s", allocator);
                    Scratch scratch = new Scratch(allocator)) {
                List<String> texts = new ArrayList<>();
                for (int i = 0; i < ROWS + FIRST; i++) {
                    texts.add(switch (random.nextInt(5)) {
                        case 0 -> null;
                        case 1 -> wanted;
                        case 2 -> text(random, random.nextInt(20));
                        default -> text(random, length);
                    });
                    if (texts.getLast() != null) {
                        vector.setSafe(i, texts.getLast().getBytes(StandardCharsets.UTF_8));
                    }
                }
                vector.setValueCount(ROWS + FIRST);
                scratch.mark();
                Batch batch = Batch.of(Box.rows(0, ROWS), 0,
                        List.of(Column.dense(Values.of(vector), new int[]{ROWS}, FIRST)));
                Expression column = new ColumnReference(0, "s", SqlType.VARCHAR);
                Expression constant = new Literal(wanted, SqlType.VARCHAR);
                List<Integer> expected = new ArrayList<>();
                for (int row = 0; row < ROWS; row++) {
                    String text = texts.get(FIRST + row);
                    if (holds(operator, text, wanted)) {
                        expected.add(row);
                    }
                }
                assertEquals(expected, rows(new Comparison(operator, column, constant), batch, scratch));
                assertEquals(expected, rows(new Comparison(operator, constant, column), batch, scratch));
                scratch.release();
            }
        }
    }

    private static boolean holds(Comparison.Operator operator, String text, String wanted) {
        boolean equal = Objects.equals(text, wanted);
        return switch (operator) {
            case EQUAL, NOT_DISTINCT -> equal;
            case NOT_EQUAL -> text != null && !equal;
            default -> !equal;
        };
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private static List<Integer> rows(Expression filter, Batch batch, Scratch scratch) {
        var selection = new Evaluator(scratch).filter(filter, batch);
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            if (selection.contains(row)) {
                rows.add(row);
            }
        }
        return rows;
    }
}
