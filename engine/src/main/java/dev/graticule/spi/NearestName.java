package dev.graticule.spi;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What an unknown name was probably meant to be. */
public final class NearestName {
    private static final int MOST = 3;

    private NearestName() {
    }

    /** The known names that are near, the nearest first, at most three. */
    public static List<String> of(String written, Collection<String> known) {
        String wanted = written.toLowerCase(Locale.ROOT);
        int limit = wanted.length() < 3 ? wanted.length() - 1 : Math.max(1, wanted.length() / 3);
        record Candidate(String name, int distance) {
        }
        return known.stream().distinct()
                .map(name -> new Candidate(name, distance(wanted, name.toLowerCase(Locale.ROOT))))
                .filter(candidate -> candidate.distance <= limit)
                .sorted(Comparator.comparingInt(Candidate::distance)
                        .thenComparing(candidate -> !isPrefix(wanted, candidate.name.toLowerCase(Locale.ROOT)))
                        .thenComparing(Candidate::name))
                .limit(MOST)
                .map(Candidate::name).toList();
    }

    private static boolean isPrefix(String a, String b) {
        return a.startsWith(b) || b.startsWith(a);
    }

    /** {@code " Did you mean a or b?"}, or an empty string where nothing is near. */
    public static String question(String written, Collection<String> known) {
        List<String> near = of(written, known);
        return near.isEmpty() ? "" : " Did you mean " + String.join(" or ", near) + "?";
    }

    /** The nearest names as a question; else up to {@code most} of all known names as a list. */
    public static String questionOrList(String written, Collection<String> known, String what, int most) {
        String question = question(written, known);
        if (!question.isEmpty() || known.isEmpty()) {
            return question;
        }
        String list = known.stream().distinct().limit(most).collect(Collectors.joining(", "));
        return " " + what + ": " + list + (known.size() > most ? ", ..." : "") + ".";
    }

    /** Edits between two names; a name that begins with the other or contains it is one edit away. */
    private static int distance(String a, String b) {
        if (a.length() >= 2 && b.startsWith(a) || b.length() >= 3 && a.startsWith(b)
                || a.length() >= 3 && b.contains(a)) {
            return 1;
        }
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        int[] beforePrevious = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
                }
            }
            int[] swap = beforePrevious;
            beforePrevious = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
