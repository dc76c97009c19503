package dev.graticule.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemoryTest {

    @Test
    void bitsReadsSixtyFourBitsFromAnyStartAndZerosBeyondTheEnd() {
        byte[] bytes = new byte[21];
        new Random(5).nextBytes(bytes);
        MemorySegment segment = MemorySegment.ofArray(bytes);
        for (int start = 0; start < bytes.length * 8; start++) {
            long expected = 0;
            for (int i = 0; i < 64 && start + i < bytes.length * 8; i++) {
                expected |= Memory.bit(segment, start + i) ? 1L << i : 0;
            }
            assertEquals(expected, Memory.bits(segment, start), "from bit " + start);
        }
    }

    @Test
    void countBitsCountsARange() {
        byte[] bytes = new byte[40];
        new Random(6).nextBytes(bytes);
        MemorySegment segment = MemorySegment.ofArray(bytes);
        for (int start = 0; start < 70; start += 7) {
            for (int count : new int[]{0, 1, 63, 64, 65, 130, 250}) {
                int expected = 0;
                for (int i = 0; i < count; i++) {
                    expected += Memory.bit(segment, start + i) ? 1 : 0;
                }
                assertEquals(expected, Memory.countBits(segment, start, count));
            }
        }
    }

    @Test
    void decimalsKeepTheirSignAndAllDigits() {
        MemorySegment segment = MemorySegment.ofArray(new byte[48]);
        BigInteger largest = BigInteger.TEN.pow(38).subtract(BigInteger.ONE);
        Memory.setDecimal(segment, 0, largest);
        Memory.setDecimal(segment, 1, largest.negate());
        Memory.setDecimal(segment, 2, BigInteger.valueOf(-5));
        assertEquals(new BigDecimal(largest, 4), Memory.decimal(segment, 0, 4));
        assertEquals(new BigDecimal(largest.negate(), 4), Memory.decimal(segment, 1, 4));
        assertEquals(new BigDecimal("-0.05"), Memory.decimal(segment, 2, 2));
    }
}
