package dev.graticule.sql;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Token;

/**
 * Tells what PostgreSQL or DuckDB mean by a text that is not SQL of this dialect, so that its error is "not supported" and names
 * the feature. Asked only where parsing has failed: no word is reserved for it, and what parses is never looked at.
 */
final class ForeignSyntax {

    /** Words that a statement begins with, most telling first, by the feature's name where it is not the words themselves. */
    private static final Map<String, String> STATEMENTS = words("""
            BEGIN = transactions (BEGIN)
            START TRANSACTION = transactions (START TRANSACTION)
            COMMIT = transactions (COMMIT)
            ROLLBACK = transactions (ROLLBACK)
            ABORT = transactions (ABORT)
            END = transactions (END)
            SAVEPOINT = transactions (SAVEPOINT)
            RELEASE = transactions (RELEASE)
            LOCK
            INSERT
            UPDATE EXTENSIONS
            UPDATE
            DELETE
            MERGE
            TRUNCATE
            PIVOT
            PIVOT_WIDER = PIVOT
            UNPIVOT
            PIVOT_LONGER = UNPIVOT
            CALL
            PRAGMA
            VACUUM
            ANALYZE
            CHECKPOINT
            FORCE CHECKPOINT
            INSTALL
            FORCE INSTALL
            LOAD
            EXPORT DATABASE
            IMPORT DATABASE
            IMPORT FOREIGN SCHEMA
            COMMENT ON
            GRANT
            REVOKE
            DECLARE = cursors (DECLARE)
            FETCH = cursors (FETCH)
            MOVE = cursors (MOVE)
            CLOSE = cursors (CLOSE)
            LISTEN
            UNLISTEN
            NOTIFY
            DISCARD
            DO
            REINDEX
            CLUSTER
            REFRESH MATERIALIZED VIEW
            SECURITY LABEL
            REASSIGN OWNED
            SET VARIABLE
            RESET VARIABLE
            SET SCHEMA
            SET CONSTRAINTS
            SET ROLE
            SHOW CREATE
            COPY FROM DATABASE
            DEALLOCATE ALL
            """);

    private static final Set<String> DEFINED = Set.of("TYPE", "MACRO", "FUNCTION", "PROCEDURE", "AGGREGATE", "SCHEMA",
            "DATABASE", "INDEX", "SEQUENCE", "SECRET", "TRIGGER", "EXTENSION", "USER", "ROLE", "GROUP", "DOMAIN",
            "RULE",
            "POLICY", "COLLATION", "CAST", "OPERATOR", "SERVER", "PUBLICATION", "SUBSCRIPTION", "STATISTICS",
            "TABLESPACE", "LANGUAGE", "TABLE", "VIEW", "COLUMN", "SYSTEM", "CONSTRAINT");

    private static final Set<String> DEFINITION_MODIFIERS = Set.of("OR", "REPLACE", "TEMP", "TEMPORARY", "PERSISTENT",
            "LOCAL", "GLOBAL", "UNIQUE", "UNLOGGED", "MATERIALIZED", "RECURSIVE", "FOREIGN", "IF", "NOT", "EXISTS",
            "TRUSTED", "EVENT", "DEFAULT");

    private static final Set<String> COLUMN_CLAUSES = Set.of("CHECK", "REFERENCES", "GENERATED", "CONSTRAINT",
            "FOREIGN", "COLLATE", "AS", "PRIMARY", "UNIQUE", "USING");

    private static final Set<String> QUERY_WORDS = Set.of("SELECT", "FROM", "WITH", "VALUES", "TABLE");

    /** Operators of PostgreSQL and DuckDB that the lexer cuts into others. */
    private static final Set<String> OPERATORS = Set.of("<->", "<=>", "<#>", "#>", "#>>", "|/", "||/", "!!", "~~~",
            "@@",
            "?|", "?&", "@?", "-|-", "&<", "&>", "<<=", ">>=", "|&>", "<@>", "@-@", "##", "<^", ">^", "?#", "^@@",
            "<%");
    private static final String OPERATOR_CHARACTERS = "+-*/<>=~!@#%^&|?";
    private static final int LONGEST_OPERATOR = 3;

    private final SourceText source;
    private final List<Token> tokens;

    /** @param tokens all of the text, markers without text among them */
    ForeignSyntax(SourceText source, List<Token> tokens) {
        this.source = source;
        this.tokens = tokens.stream().filter(token -> !token.getText().isEmpty()).toList();
    }

    private static Map<String, String> words(String lines) {
        return Arrays.stream(lines.split("\n")).map(line -> line.split(" = ")).collect(
                Collectors.toUnmodifiableMap(pair -> pair[0].trim(), pair -> pair[pair.length - 1].trim()));
    }

    /** The error that names the feature, where the text up to the token that does not fit is SQL of another engine. */
    Optional<SyntaxException> at(Token offending) {
        int failed = tokens.indexOf(offending);
        int start = failed;
        while (start > 0 && tokens.get(start - 1).getType() != GraticuleParser.SEMICOLON) {
            start--;
        }
        start = afterExplain(start);
        Optional<SyntaxException> statement = statement(start);
        if (statement.isPresent()) {
            return statement;
        }
        for (int i = Math.min(failed + 1, tokens.size() - 1); i >= start; i--) {
            Optional<SyntaxException> form = form(i, failed);
            if (form.isPresent()) {
                return form;
            }
        }
        return operator(failed);
    }

    /** The statement that EXPLAIN or PREPARE is about. */
    private int afterExplain(int start) {
        int i = start;
        if (is(i, "EXPLAIN")) {
            return explained(i);
        }
        if (is(i, "PREPARE")) {
            while (i < tokens.size() && !is(i, "AS")) {
                i++;
            }
            return i + 1;
        }
        return start;
    }

    /** What follows the words of EXPLAIN. */
    private int explained(int explain) {
        int i = explain + 1;
        while (is(i, "ANALYZE") && i + 1 < tokens.size() || is(i, "VERBOSE")) {
            i++;
        }
        return i;
    }

    /** Whether a query follows EXPLAIN and its options, in parentheses or not. */
    private boolean explainsQuery(int explain) {
        int i = explained(explain);
        if (text(i).equals("(") && !QUERY_WORDS.contains(word(i + 1))) {
            for (int depth = 0; i < tokens.size() && (depth > 0 || !text(i - 1).equals(")")); i++) {
                depth += text(i).equals("(") ? 1 : text(i).equals(")") ? -1 : 0;
            }
        } else if (text(i).equals("(")) {
            i++;
        }
        return QUERY_WORDS.contains(word(i));
    }

    private Optional<SyntaxException> statement(int start) {
        for (int words = 3; words > 0; words--) {
            String feature = STATEMENTS.get(words(start, words));
            if (feature != null) {
                return found(feature, start, start + words - 1);
            }
        }
        if (is(start, "CREATE") || is(start, "DROP") || is(start, "ALTER")) {
            return definition(start);
        }
        // A query without its parentheses is a slip.
        if (is(start, "COPY") && !QUERY_WORDS.contains(word(start + 1))) {
            return copy(start);
        }
        if (is(start, "WITH")) {
            return change(start);
        }
        return Optional.empty();
    }

    private Optional<SyntaxException> definition(int start) {
        int i = start + 1;
        boolean materialized = false;
        while (DEFINITION_MODIFIERS.contains(word(i))) {
            materialized |= is(i, "MATERIALIZED") || is(i, "RECURSIVE") || is(i, "UNLOGGED") || is(i, "FOREIGN");
            i++;
        }
        String kind = word(i);
        boolean plain = kind.equals("TABLE") || kind.equals("VIEW") || kind.equals("SCHEMA") && is(start, "DROP");
        if (!DEFINED.contains(kind) || plain && !materialized && !is(start, "ALTER")) {
            return Optional.empty();
        }
        String before = materialized ? word(i - 1) + " " : "";
        return found(word(start) + " " + before + kind, start, i);
    }

    /** COPY that reads, or writes to what is no file. */
    private Optional<SyntaxException> copy(int start) {
        int depth = 0;
        for (int i = start + 1; i < tokens.size(); i++) {
            switch (tokens.get(i).getText()) {
                case "(" -> depth++;
                case ")" -> depth--;
                case ";" -> {
                    return Optional.empty();
                }
                default -> {
                    boolean reads = is(i, "FROM") && depth == 0;
                    if (reads) {
                        return found("COPY ... FROM", start, i);
                    }
                    if (depth == 0 && is(i, "TO") && (is(i + 1, "STDOUT") || is(i + 1, "PROGRAM"))) {
                        return found("COPY ... TO " + word(i + 1), start, i + 1);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** A change of rows after WITH. */
    private Optional<SyntaxException> change(int start) {
        for (int i = start + 1; i < tokens.size(); i++) {
            if (tokens.get(i - 1).getText().equals(")") && (is(i, "INSERT") && is(i + 1, "INTO")
                    || is(i, "MERGE") && is(i + 1, "INTO") || is(i, "DELETE") && is(i + 1, "FROM")
                    || is(i, "UPDATE") && !word(i + 1).isEmpty())) {
                return found(word(i), i, i);
            }
        }
        return Optional.empty();
    }

    /** What begins at a token and made the parser fail at it or after it. */
    private Optional<SyntaxException> form(int i, int failed) {
        boolean near = failed - i <= 3;
        boolean opens = text(i + 1).equals("(");
        if (i == failed && text(i).equals(":") && !word(i - 1).isEmpty()) {
            return found("aliases before a colon", i - 1, i);
        }
        return switch (word(i)) {
            case "PIVOT", "UNPIVOT", "PIVOT_WIDER", "PIVOT_LONGER" -> {
                boolean statement = i > 0 && text(i - 1).equals("(");
                boolean table = opens || is(i + 2, "NULLS");
                yield statement || table
                        ? found(word(i).startsWith("UN") || word(i).endsWith("LONGER") ? "UNPIVOT" : "PIVOT", i, i)
                        : Optional.empty();
            }
            case "INSERT", "UPDATE", "DELETE", "MERGE" -> i > 0 && text(i - 1).equals("(") && near
                    ? found(word(i) + " inside a query", i, i)
                    : Optional.empty();
            case "EXPLAIN" -> i > 0 && text(i - 1).equals("(") && explainsQuery(i)
                    ? found("EXPLAIN inside a query", i, i)
                    : Optional.empty();
            case "MATCH_RECOGNIZE" -> opens ? found("MATCH_RECOGNIZE", i, i) : Optional.empty();
            case "AT" -> {
                boolean version = opens && (is(i + 2, "VERSION") || is(i + 2, "TIMESTAMP"));
                yield version ? found("AT (" + word(i + 2) + " => ...)", i, i + 2)
                        : is(i + 1, "LOCAL") && near ? found("AT LOCAL", i, i + 1) : Optional.empty();
            }
            case "FOR" -> {
                boolean lock = is(i + 1, "UPDATE") || is(i + 1, "SHARE") || is(i + 1, "NO") && is(i + 2, "KEY")
                        || is(i + 1, "KEY") && is(i + 2, "SHARE");
                boolean version = is(i + 2, "AS") && is(i + 3, "OF");
                yield lock && near
                        ? found("row locks (FOR " + (is(i + 1, "NO") ? "UPDATE" : lockWord(i)) + ")", i, i + 1)
                        : version ? found("FOR " + word(i + 1) + " AS OF", i, i + 3) : Optional.empty();
            }
            case "INTO" -> i == failed ? found("SELECT ... INTO", i, i) : Optional.empty();
            case "IS" -> {
                int at = is(i + 1, "NOT") ? i + 2 : i + 1;
                boolean known = is(at, "JSON") || is(at, "NORMALIZED") || is(at + 1, "NORMALIZED") || is(at, "DOCUMENT")
                        || is(at, "OF");
                yield known && near ? found("IS " + (is(at + 1, "NORMALIZED") ? "NORMALIZED" : word(at)), i, at)
                        : Optional.empty();
            }
            case "OVERLAPS" -> i > 0 && text(i - 1).equals(")") && opens && near ? found("OVERLAPS", i, i)
                    : Optional.empty();
            case "OPERATOR" -> opens && failed - i <= 5 ? found("OPERATOR(...)", i, i) : Optional.empty();
            case "EXPORT_STATE" -> near ? found("EXPORT_STATE", i, i) : Optional.empty();
            case "VARIADIC" -> near ? found("VARIADIC", i, i) : Optional.empty();
            case "ROWS" -> is(i + 1, "FROM") && near ? found("ROWS FROM", i, i + 1) : Optional.empty();
            case "JSON_OBJECT", "JSON_OBJECTAGG", "JSON_ARRAY", "JSON_ARRAYAGG", "JSON_TABLE", "JSON_VALUE",
                    "JSON_QUERY", "JSON_EXISTS", "JSON_SCALAR", "XMLELEMENT", "XMLFOREST", "XMLPARSE", "XMLTABLE",
                    "XMLEXISTS", "XMLSERIALIZE", "XMLPI", "XMLROOT", "TREAT" ->
                opens ? found(word(i) + " with a syntax of its own", i, i) : Optional.empty();
            case String word -> i == failed && COLUMN_CLAUSES.contains(word) && inTable(i)
                    ? found(word + " in CREATE TABLE", i, i)
                    : Optional.empty();
        };
    }

    private String lockWord(int index) {
        return is(index + 1, "KEY") ? "KEY SHARE" : word(index + 1);
    }

    /** Whether a token stands among the columns of CREATE TABLE. */
    private boolean inTable(int index) {
        for (int i = index - 1; i >= 0 && tokens.get(i).getType() != GraticuleParser.SEMICOLON; i--) {
            if (is(i, "TABLE")) {
                return i > 0 && !is(i - 1, "DROP");
            }
        }
        return false;
    }

    /** The operator that the failing token is part of. */
    private Optional<SyntaxException> operator(int failed) {
        for (int first = Math.max(0, failed - 2); first <= failed; first++) {
            StringBuilder symbol = new StringBuilder();
            for (int last = first; last < tokens.size() && isOperator(last)
                    && symbol.length() <= LONGEST_OPERATOR; last++) {
                boolean apart = last > first
                        && tokens.get(last).getStartIndex() != tokens.get(last - 1).getStopIndex() + 1;
                if (apart) {
                    break;
                }
                symbol.append(tokens.get(last).getText());
                if (last >= failed && OPERATORS.contains(symbol.toString())) {
                    return found("the operator " + symbol, first, last);
                }
            }
        }
        return Optional.empty();
    }

    private boolean isOperator(int index) {
        return text(index).chars().allMatch(c -> OPERATOR_CHARACTERS.indexOf(c) >= 0);
    }

    // ---- words

    private Optional<SyntaxException> found(String feature, int first, int last) {
        return Optional.of(SyntaxException.foreign(feature,
                source.position(tokens.get(first), tokens.get(Math.min(last, tokens.size() - 1)))));
    }

    private String text(int index) {
        return index >= 0 && index < tokens.size() && tokens.get(index).getType() != Token.EOF
                ? tokens.get(index).getText() : "";
    }

    /** The word at an index in capitals; empty where no unquoted word stands. */
    private String word(int index) {
        String text = text(index);
        return !text.isEmpty() && Character.isLetter(text.charAt(0)) && !text.endsWith("'")
                ? text.toUpperCase(Locale.ROOT)
                : "";
    }

    private boolean is(int index, String word) {
        return word(index).equals(word);
    }

    private String words(int start, int count) {
        StringBuilder words = new StringBuilder(word(start));
        for (int i = start + 1; i < start + count; i++) {
            words.append(' ').append(word(i));
        }
        return words.toString();
    }
}
