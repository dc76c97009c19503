package dev.graticule.sql;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Vocabulary;

/** The keywords of the grammar: the lexer's token names that no rule of it makes. */
final class Keywords {

    /** Keywords that begin a statement or a clause: what a misspelt word is compared with. */
    private static final List<String> CLAUSES = List.of("SELECT", "FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT",
            "OFFSET", "JOIN", "INNER", "OUTER", "CROSS", "NATURAL", "UNION", "INTERSECT", "EXCEPT", "WITH", "VALUES",
            "DISTINCT", "BETWEEN", "QUALIFY", "WINDOW", "PARTITION", "USING", "CREATE", "EXTERNAL", "TABLE", "VIEW",
            "DROP", "SHOW", "DESCRIBE", "EXPLAIN", "ANALYZE", "SUMMARIZE", "ATTACH", "DETACH", "COPY", "RESET",
            "PREPARE", "EXECUTE", "DEALLOCATE", "INSERT", "UPDATE", "DELETE", "LOCATION", "STORED", "OPTIONS", "LEFT",
            "RIGHT", "FULL", "LIKE", "ILIKE", "WHEN", "THEN", "ELSE", "CASE", "CAST", "FETCH", "NULLS", "COLUMNS");

    private static final Map<String, Integer> TYPES = types();

    private static final BitSet KEYWORD_TYPES = keywordTypes();

    private Keywords() {
    }

    private static Map<String, Integer> types() {
        Set<String> rules = Arrays.stream(GraticuleLexer.ruleNames).collect(Collectors.toSet());
        Vocabulary vocabulary = GraticuleLexer.VOCABULARY;
        Map<String, Integer> types = new HashMap<>();
        for (int type = 1; type <= vocabulary.getMaxTokenType(); type++) {
            String name = vocabulary.getSymbolicName(type);
            boolean made = type >= GraticuleLexer.INTERVAL_UNIT && type <= GraticuleLexer.TYPE_AHEAD;
            if (name != null && !rules.contains(name) && !made) {
                types.put(name, type);
            }
        }
        for (IntervalUnit unit : IntervalUnit.values()) {
            types.put(unit.name(), GraticuleLexer.INTERVAL_UNIT);
            types.put(unit.plural(), GraticuleLexer.INTERVAL_UNIT);
        }
        return Map.copyOf(types);
    }

    private static BitSet keywordTypes() {
        BitSet types = new BitSet();
        TYPES.values().forEach(types::set);
        types.clear(GraticuleLexer.INTERVAL_UNIT);
        return types;
    }

    /** The token type of a word, if it is a keyword in some spelling. */
    static OptionalInt type(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) > 'z') {
                return OptionalInt.empty();
            }
        }
        Integer type = TYPES.get(word.toUpperCase(Locale.ROOT));
        return type == null ? OptionalInt.empty() : OptionalInt.of(type);
    }

    static boolean isKeyword(int tokenType) {
        return tokenType >= 0 && KEYWORD_TYPES.get(tokenType);
    }

    /** The clause keyword that a word was probably meant to be. */
    static Optional<String> nearest(String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        if (upper.length() < 3) {
            return Optional.empty();
        }
        String best = "";
        int bestDistance = upper.length() <= 4 ? 2 : 3;
        for (String clause : CLAUSES) {
            int distance = distance(upper, clause);
            if (distance > 0 && distance < bestDistance) {
                best = clause;
                bestDistance = distance;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
    private static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], 1 + cost[i - 2][j - 2]);
                }
            }
        }
        return cost[from.length()][to.length()];
    }
}
