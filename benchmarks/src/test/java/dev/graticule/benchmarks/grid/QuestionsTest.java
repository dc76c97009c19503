package dev.graticule.benchmarks.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The answers of the engine are those of DuckDB and of the loops, for each question of the comparison and each layout. */
final class QuestionsTest {
    /** Days that are not whole, two months, and chunks with padding in each direction. */
    private static final GridShape SHAPE = new GridShape(30, 91, 180);

    @TempDir
    private static Path folder;
    private static Contest contest;

    @BeforeAll
    static void generate() throws Exception {
        new GenerateGrid(folder, SHAPE, List.of(Layout.values())).write();
        ParquetCopy.write(Layout.RAW.store(folder), ParquetCopy.file(folder));
        contest = new Contest(folder, SHAPE, 2);
    }

    @AfterAll
    static void close() throws Exception {
        contest.close();
    }

    static Stream<Question> questions() {
        return Question.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("questions")
    void all_give_the_same_answer(Question question) throws Exception {
        List<double[][]> expected = new ArrayList<>();
        if (question.hasDuckDb()) {
            expected.add(contest.askDuckDb(question));
            assertTrue(expected.getFirst().length > 0);
        }
        int layouts = 0;
        for (Layout layout : Layout.values()) {
            if (question.isFor(layout)) {
                contest.choose(layout);
                double[][] answer = contest.askEngine(question);
                if (question.hasLoop()) {
                    Answer.check(layout + " beside the loop", answer, question.loop().apply(contest.floor(layout)));
                }
                for (double[][] other : expected) {
                    Answer.check(layout + " beside DuckDB", answer, other);
                }
                layouts++;
            }
        }
        assertEquals(question.hasDuckDb() ? Layout.UNIFORM.size() : 1, layouts);
    }

    /** Of the answer with millions of rows, the comparison counts them only. */
    @Test
    void rows_that_are_only_counted_are_the_same_too() throws Exception {
        Question counted = Question.ALL.stream().filter(Question::isDrained).findFirst().orElseThrow();
        Question whole = new Question(counted.number(), counted.name(), counted.sql(), Question.Asked.NO_LOOP, 0,
                counted.loop(), counted.targets());
        double[][] expected = contest.askDuckDb(whole);
        for (Layout layout : List.of(Layout.RAW, Layout.BLOCKS)) {
            contest.choose(layout);
            Answer.check(layout.word(), contest.askEngine(whole), expected);
        }
    }
}
