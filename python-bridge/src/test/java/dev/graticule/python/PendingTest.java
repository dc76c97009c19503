package dev.graticule.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class PendingTest {
    private static final long LONG = 60_000;

    @Test
    void it_begins_when_it_is_first_waited_for_and_only_once() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        Pending pending = new Pending(begun::incrementAndGet);
        assertEquals(0, begun.get());
        assertTrue(pending.within(LONG));
        assertTrue(pending.within(LONG));
        assertEquals(1, pending.result());
    }

    @Test
    void what_is_given_up_before_it_began_never_begins_and_has_ended() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        Pending pending = new Pending(begun::incrementAndGet);
        pending.giveUp();
        assertTrue(pending.within(LONG));
        assertEquals(0, begun.get());
    }

    @Test
    void what_has_begun_is_not_given_up() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Pending pending = new Pending(() -> {
            go.await();
            return "done";
        });
        assertFalse(pending.within(1));
        pending.giveUp();
        assertFalse(pending.within(1));
        go.countDown();
        assertTrue(pending.within(LONG));
        assertEquals("done", pending.result());
    }

    @Test
    void an_interruption_ends_the_waiting_early_and_not_the_work() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Pending pending = new Pending(() -> {
            go.await();
            return "done";
        });
        pending.begin();
        Thread.currentThread().interrupt();
        assertFalse(pending.isEndedWithin(LONG));
        assertFalse(Thread.currentThread().isInterrupted());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> pending.within(LONG));
        go.countDown();
        assertTrue(pending.isEndedWithin(LONG));
        assertEquals("done", pending.result());
    }

    @Test
    void a_failure_of_the_engine_is_thrown_as_it_is_and_any_other_as_a_defect() throws Exception {
        GraticuleException mine = GraticuleException.of(ErrorKind.DATA, null, "mine", null);
        Pending known = new Pending(() -> {
            throw mine;
        });
        assertTrue(known.within(LONG));
        assertSame(mine, assertThrows(GraticuleException.class, known::result));
        IllegalStateException other = new IllegalStateException("other");
        Pending unknown = new Pending(() -> {
            throw other;
        });
        assertTrue(unknown.within(LONG));
        GraticuleException told = assertThrows(GraticuleException.class, unknown::result);
        assertEquals(ErrorKind.INTERNAL, told.kind());
        assertSame(other, told.getCause());
    }
}
