package dev.graticule.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATNConfig;
import org.antlr.v4.runtime.atn.Transition;
import org.antlr.v4.runtime.misc.IntervalSet;

/** Turns the first mismatch that the parser meets into a {@link SyntaxException} that people can read. */
final class SyntaxErrors extends DefaultErrorStrategy {

    private static final int LISTED = 5;

    private final SourceText source;
    private final List<Token> tokens;
    private IntervalSet tried = new IntervalSet();
    private int triedAt = -1;

    SyntaxErrors(SourceText source, List<Token> tokens) {
        this.source = source;
        this.tokens = tokens;
    }

    @Override
    public void reportError(Parser parser, RecognitionException failure) {
        throw exception(parser, failure.getOffendingToken(), expectedBy(parser, failure));
    }

    @Override
    public void recover(Parser parser, RecognitionException failure) {
        throw exception(parser, failure.getOffendingToken(), expectedBy(parser, failure));
    }

    @Override
    public Token recoverInline(Parser parser) {
        throw exception(parser, parser.getCurrentToken(), parser.getExpectedTokens());
    }

    /** Nothing is skipped or invented: only notes what could have come at the current token. */
    @Override
    public void sync(Parser parser) {
        int index = parser.getCurrentToken().getTokenIndex();
        if (index != triedAt) {
            tried = new IntervalSet();
            triedAt = index;
        }
        tried.addAll(parser.getATN().nextTokens(parser.getATN().states.get(parser.getState())));
    }

    private static IntervalSet expectedBy(Parser parser, RecognitionException failure) {
        if (failure instanceof NoViableAltException noneViable && noneViable.getDeadEndConfigs() != null) {
            IntervalSet expected = new IntervalSet();
            for (ATNConfig configuration : noneViable.getDeadEndConfigs()) {
                for (Transition transition : configuration.state.getTransitions()) {
                    if (transition.label() != null) {
                        expected.addAll(transition.label());
                    }
                }
            }
            return expected;
        }
        return failure.getExpectedTokens() == null ? new IntervalSet() : failure.getExpectedTokens();
    }

    private SyntaxException exception(Parser parser, Token found, IntervalSet last) {
        IntervalSet expected = new IntervalSet(last);
        if (found.getTokenIndex() == triedAt) {
            expected.addAll(tried);
        }
        expected.remove(Token.EPSILON);
        Token offending = found;
        if (offending.getText().isEmpty()) {
            // a marker: the real token follows
            offending = tokens.get(offending.getTokenIndex() + 1);
        }
        Optional<SyntaxException> foreign = new ForeignSyntax(source, tokens).at(offending);
        if (foreign.isPresent()) {
            return foreign.get();
        }
        Optional<Token> unclosed = unclosed(offending);
        List<String> names = names(parser, expected);
        String seen = found(offending);
        for (int back = 0; back <= 1; back++) {
            int index = offending.getTokenIndex() - back;
            if (index >= 0 && tokens.get(index).getType() == GraticuleParser.IDENTIFIER) {
                Token token = tokens.get(index);
                Optional<String> keyword = Keywords.nearest(token.getText());
                if (keyword.isPresent()) {
                    return new SyntaxException("'" + token.getText() + "' is not understood here.",
                            source.position(token), "Did you mean " + keyword.get() + "?", names);
                }
            }
        }
        if (offending.getType() == Token.EOF && unclosed.isPresent() && !names.contains("an expression")) {
            Token open = unclosed.get();
            return new SyntaxException("Expected '" + counterpart(open) + "', found the end of the text.",
                    source.position(offending),
                    "The '" + open.getText() + "' at " + source.position(open) + " is never closed.", names);
        }
        if (beginsStatement(offending)) {
            return new SyntaxException("Expected a statement, found " + seen + ".", source.position(offending),
                    "A query begins with SELECT, FROM, WITH or VALUES.", names);
        }
        if (names.size() > LISTED) {
            names = names(parser, last);
        }
        String message = names.isEmpty() || names.size() > LISTED ? "Unexpected " + seen.replace("the end", "end") + "."
                : "Expected " + joined(names) + ", found " + seen + ".";
        String suggestion = "";
        if (Keywords.isKeyword(offending.getType())
                && (names.contains("an expression") || names.contains("a name") || names.contains("a table"))) {
            suggestion = "If it is meant as a name, write it in quotes: \"" + offending.getText() + "\".";
        } else if (beginsMap(offending)) {
            suggestion = "What has keys other than names is written MAP {key: value}.";
        } else if (offending.getType() == GraticuleParser.OPEN_QUERY && names.contains("an expression")) {
            suggestion = "A query used as a value needs its own parentheses.";
        }
        return new SyntaxException(message, source.position(offending), suggestion, names);
    }

    /** Whether a token stands where the name of a struct's field is expected, and begins a value. */
    private boolean beginsMap(Token token) {
        int before = token.getTokenIndex() - 1;
        return before >= 0 && tokens.get(before).getType() == GraticuleParser.OPEN_BRACE
                && isNoKeywordButStartsExpression(token.getType());
    }

    private boolean beginsStatement(Token token) {
        int before = token.getTokenIndex() - 1;
        while (before >= 0 && tokens.get(before).getText().isEmpty()) {
            before--;
        }
        return before < 0 || tokens.get(before).getType() == GraticuleParser.SEMICOLON;
    }

    private static String found(Token token) {
        if (token.getType() == Token.EOF) {
            return "the end of the text";
        }
        String text = token.getText();
        return "'" + (text.length() > 40 ? text.substring(0, 39) + "…" : text) + "'";
    }

    /** The innermost bracket before a token that is still open. */
    private Optional<Token> unclosed(Token until) {
        Deque<Token> open = new ArrayDeque<>();
        for (int i = 0; i < until.getTokenIndex(); i++) {
            switch (tokens.get(i).getType()) {
                case GraticuleParser.OPEN, GraticuleParser.OPEN_QUERY, GraticuleParser.OPEN_BRACKET,
                        GraticuleParser.OPEN_BRACE ->
                    open.push(tokens.get(i));
                case GraticuleParser.CLOSE, GraticuleParser.CLOSE_BRACKET, GraticuleParser.CLOSE_BRACE -> open.poll();
                default -> {
                    // no bracket
                }
            }
        }
        return Optional.ofNullable(open.peek());
    }

    private static String counterpart(Token open) {
        return switch (open.getText()) {
            case "[" -> "]";
            case "{" -> "}";
            default -> ")";
        };
    }

    /** What may stand here, the most general words first; single operators are left out after an operand. */
    private static List<String> names(Parser parser, IntervalSet expected) {
        List<String> names = new ArrayList<>();
        boolean expression = expected.contains(GraticuleParser.CASE) && expected.contains(GraticuleParser.NUMBER);
        boolean operator = expected.contains(GraticuleParser.CONCATENATION);
        boolean name = !expression && !operator && expected.contains(GraticuleParser.QUOTED_IDENTIFIER);
        if (expression) {
            names.add("an expression");
        } else if (name) {
            names.add(expected.contains(GraticuleParser.STRING) && isInFrom(parser) ? "a table" : "a name");
        }
        if (operator) {
            names.add("an operator");
        }
        for (int type : expected.toList()) {
            boolean covered = expression && (Keywords.isKeyword(type) || isNoKeywordButStartsExpression(type))
                    || (name || operator) && (Keywords.isKeyword(type) && isName(type))
                    || operator && (isOperator(type) || type == GraticuleParser.AND)
                    || name && isNoKeywordButStartsExpression(type);
            if (!covered && !isMarker(type)) {
                names.add(display(type));
            }
        }
        return names.stream().distinct().toList();
    }

    private static boolean isMarker(int type) {
        return type >= GraticuleParser.LAMBDA_AHEAD && type <= GraticuleParser.TYPE_AHEAD;
    }

    private static boolean isInFrom(Parser parser) {
        int rule = parser.getContext().getRuleIndex();
        return rule == GraticuleParser.RULE_from || rule == GraticuleParser.RULE_tableReference
                || rule == GraticuleParser.RULE_tablePrimary || rule == GraticuleParser.RULE_tableSource;
    }

    private static boolean isNoKeywordButStartsExpression(int type) {
        return switch (type) {
            case GraticuleParser.IDENTIFIER, GraticuleParser.QUOTED_IDENTIFIER, GraticuleParser.NUMBER,
                    GraticuleParser.STRING, GraticuleParser.ESCAPE_STRING, GraticuleParser.DOLLAR_STRING,
                    GraticuleParser.BLOB, GraticuleParser.PARAMETER, GraticuleParser.QUESTION, GraticuleParser.COLON,
                    GraticuleParser.OPEN, GraticuleParser.OPEN_QUERY, GraticuleParser.OPEN_BRACKET,
                    GraticuleParser.OPEN_BRACE, GraticuleParser.PLUS, GraticuleParser.MINUS, GraticuleParser.TILDE,
                    GraticuleParser.AT_SIGN, GraticuleParser.HASH, GraticuleParser.STAR,
                    GraticuleParser.INTERVAL_UNIT, GraticuleParser.ROW_VALUE ->
                true;
            default -> false;
        };
    }

    private static boolean isOperator(int type) {
        return type >= GraticuleParser.OPEN_BRACKET && type != GraticuleParser.COMMA
                && type != GraticuleParser.SEMICOLON && type != GraticuleParser.CLOSE
                && type != GraticuleParser.CLOSE_BRACKET && type != GraticuleParser.CLOSE_BRACE
                || type == GraticuleParser.IDENTIFIER || type == GraticuleParser.QUOTED_IDENTIFIER
                || type == GraticuleParser.INTERVAL_UNIT || type == GraticuleParser.OPEN;
    }

    /** Whether a keyword can be meant as a name, and so needs no mention where names are expected. */
    private static boolean isName(int type) {
        return switch (type) {
            case GraticuleParser.FROM, GraticuleParser.WHERE, GraticuleParser.GROUP, GraticuleParser.ORDER,
                    GraticuleParser.HAVING, GraticuleParser.LIMIT, GraticuleParser.SELECT, GraticuleParser.ON,
                    GraticuleParser.USING, GraticuleParser.AS, GraticuleParser.JOIN,
                    GraticuleParser.THEN, GraticuleParser.WHEN, GraticuleParser.ELSE, GraticuleParser.END,
                    GraticuleParser.AND, GraticuleParser.TABLE ->
                false;
            default -> true;
        };
    }

    private static String display(int type) {
        if (type == Token.EOF) {
            return "the end of the text";
        }
        String literal = GraticuleParser.VOCABULARY.getLiteralName(type);
        if (literal != null) {
            return literal;
        }
        return switch (type) {
            case GraticuleParser.OPEN_QUERY -> "'('";
            case GraticuleParser.EQUAL -> "'='";
            case GraticuleParser.NOT_EQUAL -> "'<>'";
            case GraticuleParser.CARET -> "'^'";
            case GraticuleParser.NUMBER -> "a number";
            case GraticuleParser.STRING, GraticuleParser.ESCAPE_STRING, GraticuleParser.DOLLAR_STRING -> "a string";
            case GraticuleParser.BLOB -> "a blob";
            case GraticuleParser.PARAMETER, GraticuleParser.QUESTION -> "a parameter";
            case GraticuleParser.IDENTIFIER, GraticuleParser.QUOTED_IDENTIFIER -> "a name";
            case GraticuleParser.INTERVAL_UNIT -> "a unit of time";
            case GraticuleParser.TRAILING_COMMA -> "','";
            case GraticuleParser.ROW_VALUE -> "ROW";
            case GraticuleParser.WITH_ORDINALITY -> "WITH";
            case GraticuleParser.OPEN_EMPTY -> "'('";
            default -> GraticuleParser.VOCABULARY.getSymbolicName(type);
        };
    }

    private static String joined(List<String> names) {
        if (names.size() == 1) {
            return names.getFirst();
        }
        return String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
    }
}
