package dev.graticule.file.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.junit.jupiter.api.Test;

/** A dictionary is not tried where nearly all values differ, and is in every other case. */
final class DictionaryTrialTest {
    private static final int ROWS = 60_000;

    private interface Filling<T extends FieldVector> {
        void set(T vector, int row, int value);
    }

    @Test
    void valuesThatAllDifferNeedNoDictionary() {
        IntUnaryOperator different = row -> row;
        assertFalse(numbers(different, ROWS));
        assertFalse(mayPay(new IntVector("i", allocator), IntVector::setSafe, different, 0, ROWS));
        assertFalse(mayPay(new Float8Vector("d", allocator), Float8Vector::setSafe, different, 0, ROWS));
        assertFalse(texts(different));
    }

    @Test
    void valuesThatRepeatMay() {
        assertTrue(numbers(row -> row % 1000, ROWS));
        assertTrue(numbers(row -> row / 10, ROWS));
        assertTrue(texts(row -> row % 1000));
        // Half of the rows have a value of their own.
        assertTrue(numbers(row -> row % 7 < 4 ? row : 0, ROWS));
    }

    @Test
    void oneOfFewRowsOrManyNullsTellsNothing() {
        assertTrue(numbers(row -> row, 500));
        assertTrue(numbers(row -> row % 100 == 0 ? row : -1, ROWS));
        assertTrue(numbers(row -> -1, ROWS));
        assertTrue(mayPay(new SmallIntVector("s", allocator), SmallIntVector::setSafe, row -> row, 0, ROWS));
    }

    @Test
    void onlyTheRowsOfTheRowGroupCount() {
        assertTrue(
                mayPay(new BigIntVector("n", allocator), BigIntVector::setSafe, row -> row < 30_000 ? row : 7, 30_000,
                        ROWS));
        assertFalse(mayPay(new BigIntVector("n", allocator), BigIntVector::setSafe, row -> row < 30_000 ? 7 : row,
                30_000, ROWS));
    }

    private final BufferAllocator allocator = new RootAllocator();

    private boolean numbers(IntUnaryOperator value, int rows) {
        return mayPay(new BigIntVector("n", allocator), BigIntVector::setSafe, value, 0, rows);
    }

    private boolean texts(IntUnaryOperator value) {
        return mayPay(new VarCharVector("t", allocator),
                (vector, row, number) -> vector.setSafe(row, ("station " + number).getBytes(StandardCharsets.UTF_8)),
                value, 0, ROWS);
    }

    /** A negative value is NULL. */
    private <T extends FieldVector> boolean mayPay(T vector, Filling<T> filling, IntUnaryOperator value, int from,
            int to) {
        try (vector) {
            for (int row = 0; row < to; row++) {
                if (value.applyAsInt(row) >= 0) {
                    filling.set(vector, row, value.applyAsInt(row));
                }
            }
            vector.setValueCount(to);
            return DictionaryTrial.mayPay(vector, from, to);
        } finally {
            assertEquals(0, allocator.getAllocatedMemory());
        }
    }
}
