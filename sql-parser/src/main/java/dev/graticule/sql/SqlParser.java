package dev.graticule.sql;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/** Turns SQL text into a syntax tree. All methods are safe to call from any thread. */
public final class SqlParser {

    /** Brackets nested deeper than this are parsed on a thread with a stack of its own. */
    private static final int NESTING_FOR_ANY_STACK = 60;
    private static final long DEEP_STACK_BYTES = 512L << 20;

    private SqlParser() {
    }

    /**
     * The single statement in the text; a semicolon after it is allowed.
     *
     * @throws SyntaxException if the text is not one statement
     */
    public static Statement parse(String sql) {
        List<Statement> statements = parseAll(sql);
        if (statements.isEmpty()) {
            throw new SyntaxException("There is no statement here.", new Position(1, 1, 0, 0), "", List.of());
        }
        if (statements.size() > 1) {
            throw new SyntaxException("Only one statement is expected here.", statements.get(1).position(), "",
                    List.of("the end of the text"));
        }
        return statements.getFirst();
    }

    /**
     * The statements in the text, separated by semicolons; none for a text of blanks and comments.
     *
     * @throws SyntaxException if the text is not a list of statements
     */
    public static List<Statement> parseAll(String sql) {
        TokenReader.Result read = TokenReader.read(sql);
        if (read.nesting() <= NESTING_FOR_ANY_STACK) {
            try {
                return statements(sql, read.tokens());
            } catch (StackOverflowError _) {
                // chains of prefix operators nest without brackets: once more, with room
            }
        }
        return statementsOnDeepStack(sql, read.tokens());
    }

    private static List<Statement> statements(String sql, List<Token> tokens) {
        SourceText source = new SourceText(sql, tokens);
        GraticuleParser.StatementsContext tree = tree(source, tokens);
        List<Statement> statements = new ArrayList<>();
        for (GraticuleParser.StatementContext context : tree.statement()) {
            statements.add(new StatementBuilder(source).statement(context));
        }
        return List.copyOf(statements);
    }

    private static GraticuleParser.StatementsContext tree(SourceText source, List<Token> tokens) {
        GraticuleParser parser = new GraticuleParser(new CommonTokenStream(new ListTokenSource(tokens)));
        parser.removeErrorListeners();
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        parser.setErrorHandler(new BailErrorStrategy());
        try {
            return parser.statements();
        } catch (ParseCancellationException _) {
            parser.reset();
            parser.getInterpreter().setPredictionMode(PredictionMode.LL);
            parser.setErrorHandler(new SyntaxErrors(source, tokens));
            return parser.statements();
        }
    }

    private static List<Statement> statementsOnDeepStack(String sql, List<Token> tokens) {
        List<Statement> statements = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        Thread thread = new Thread(null, () -> {
            try {
                statements.addAll(statements(sql, tokens));
            } catch (StackOverflowError _) {
                failures.add(new SyntaxException("The statement is nested too deeply.",
                        new SourceText(sql, tokens).position(tokens.getFirst()), "", List.of()));
            } catch (RuntimeException | Error failure) {
                failures.add(failure);
            }
        }, "graticule-parser", DEEP_STACK_BYTES);
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!failures.isEmpty()) {
            switch (failures.getFirst()) {
                case RuntimeException exception -> throw exception;
                case Error error -> throw error;
                case Throwable other -> throw new IllegalStateException(other);
            }
        }
        return List.copyOf(statements);
    }
}
