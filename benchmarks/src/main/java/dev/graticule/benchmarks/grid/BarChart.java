package dev.graticule.benchmarks.grid;

import java.util.List;
import java.util.Locale;

/** Draws groups of horizontal bars on a logarithmic scale of seconds. */
final class BarChart {
    private static final List<String> COLOURS = List.of("#9aa5b1", "#1f6feb", "#e8a33d");
    private static final int LEFT = 480;
    private static final int WIDTH = 560;
    private static final int BAR = 11;
    private static final int GAP = 14;
    private static final int TOP = 64;
    private static final double LEAST = 0.001;
    private static final int DECADES = 5;

    /** A name and a value of each series; NaN where there is none. */
    record Group(String name, List<Double> values) {
    }

    private BarChart() {
    }

    /** The chart as a document. */
    static String svg(String title, List<String> series, List<Group> groups) {
        int height = TOP + groups.size() * (series.size() * BAR + GAP) + 30;
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="white"/>
                <text x="12" y="24" font-size="16">%s</text>
                """, LEFT + WIDTH + 80, height, escaped(title)));
        for (int i = 0; i < series.size(); i++) {
            int x = LEFT + i * 110;
            svg.append(String.format(Locale.ROOT, """
                    <rect x="%d" y="14" width="12" height="12" fill="%s"/><text x="%d" y="24">%s</text>
                    """, x, COLOURS.get(i), x + 18, escaped(series.get(i))));
        }
        for (int decade = 0; decade <= DECADES; decade++) {
            double seconds = LEAST * Math.pow(10, decade);
            svg.append(String.format(Locale.ROOT, """
                    <line x1="%1$.1f" y1="%2$d" x2="%1$.1f" y2="%3$d" stroke="#dddddd"/>
                    <text x="%1$.1f" y="%4$d" text-anchor="middle" fill="#666666">%5$s</text>
                    """, x(seconds), TOP - 8, height - 24, height - 8,
                    seconds < 1 ? String.format(Locale.ROOT, "%.3f", seconds).replaceAll("0+$", "")
                            : String.format(Locale.ROOT, "%.0f", seconds)));
        }
        int y = TOP;
        for (Group group : groups) {
            svg.append(String.format(Locale.ROOT, """
                    <text x="%d" y="%d" text-anchor="end">%s</text>
                    """, LEFT - 10, y + series.size() * BAR / 2 + 4, escaped(group.name())));
            for (int i = 0; i < series.size(); i++) {
                double seconds = group.values().get(i);
                if (!Double.isNaN(seconds)) {
                    svg.append(String.format(Locale.ROOT, """
                            <rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>
                            <text x="%.1f" y="%d" font-size="10" fill="#444444">%.3f</text>
                            """, LEFT, y, x(seconds) - LEFT, BAR - 1, COLOURS.get(i), x(seconds) + 4, y + BAR - 2,
                            seconds));
                }
                y += BAR;
            }
            y += GAP;
        }
        return svg.append("</svg>\n").toString();
    }

    private static double x(double seconds) {
        return LEFT + WIDTH * Math.clamp(Math.log10(seconds / LEAST) / DECADES, 0.002, 1);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
